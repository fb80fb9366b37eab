"""The admin of plans; importing the modules registers their pages."""

from targets.admin import plans, schemes, scorecards, seasons

__all__ = ["plans", "schemes", "scorecards", "seasons"]
