"""The admin of what stands above the mirror; importing the modules registers their pages."""

from kpis.admin import deletions

__all__ = ["deletions"]
