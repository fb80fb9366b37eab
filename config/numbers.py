"""Numbers as the home page shows them; pages below import the same from `kpis.render.measured`."""

from kpis.render.measured import format_measured

__all__ = ["format_measured"]
