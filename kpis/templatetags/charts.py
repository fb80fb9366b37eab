"""Charts that the server draws: `sparkline values label`, `bullet percent pace tone label`, `curve values label`.

They stand in `kpis`, the lowest app whose numbers are drawn, so that pages of every app above may load them. A label
says in words what is seen; the numbers themselves belong into a table beside.
"""

from collections.abc import Sequence
from typing import Any

from django import template

from kpis.render.charts import Value, draw_bullet, draw_curve, draw_spark

register = template.Library()


@register.inclusion_tag("charts/sparkline.html")
def sparkline(values: Sequence[Value | None], label: str) -> dict[str, Any]:
    """Draw values at equal steps, with a dot at the last one."""
    return {"spark": draw_spark(values), "label": label}


@register.inclusion_tag("charts/bullet.html")
def bullet(percent: Value | None, pace: Value | None, tone: str, label: str) -> dict[str, Any]:
    """Draw an attainment: the solid mark is the target, the dashed one the pace. The tone is good, behind or none."""
    return {"bullet": draw_bullet(percent, pace=pace), "tone": tone, "label": label}


@register.inclusion_tag("charts/curve.html")
def curve(values: Sequence[Value], label: str) -> dict[str, Any]:
    """Draw a line from zero up, with a dot at each value."""
    return {"curve": draw_curve(values), "label": label}
