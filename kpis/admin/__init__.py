"""The admin of what stands above the mirror; importing the modules registers their pages."""

from kpis.admin import calendar, deletions, explain, options, spend

__all__ = ["calendar", "deletions", "explain", "options", "spend"]
