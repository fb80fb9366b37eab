"""The admin of plans; importing the modules registers their pages."""

from targets.admin import plans, schemes

__all__ = ["plans", "schemes"]
