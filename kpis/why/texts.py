"""Why revenue changed, as people and scripts read it: the sentence, and the document for JSON."""

from collections.abc import Iterable
from dataclasses import astuple
from datetime import UTC
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crmsync.models import Employee, Portal
from kpis.periods import Period
from kpis.render.formats import format_number, format_period
from kpis.render.numbers import to_json
from kpis.why.changes import Change
from kpis.why.decompose import CAUSES, Flow, Parts, round_half_up, round_together

# In the order of the parts.
CAUSE_NAMES = dict(
    zip(
        CAUSES,
        (
            gettext_lazy("number of leads"),
            gettext_lazy("mix of sources"),
            gettext_lazy("conversion"),
            gettext_lazy("average value of a deal"),
            gettext_lazy("deals without leads"),
        ),
        strict=True,
    )
)
# Money is stored in millionths, so to this place the parts of a difference add up to it exactly.
EXACT_PLACES = 6


def write_sentence(change: Change, *, currency: str) -> str:
    """Say in one sentence how revenue changed and what each cause did; whole units of money that add up."""
    parts = round_parts(change.before, change.after, change.parts)
    causes = [f"{CAUSE_NAMES[cause]} {write_signed(part)}" for cause, part in zip(CAUSES, parts, strict=True) if part]
    if not causes:
        return _("Revenue has not changed.")
    told = {"change": write_signed(sum_up(parts)), "currency": currency, "causes": ", ".join(causes)}
    return _("Revenue %(change)s %(currency)s: %(causes)s.") % told


def write_revenues(change: Change, *, currency: str) -> list[str]:
    """Write the revenue of both periods with their days, a line each, the earlier first."""
    pairs = ((change.earlier, change.before), (change.period, change.after))
    return [f"{format_period(period)}: {format_number(flow.revenue)} {currency}" for period, flow in pairs]


def round_parts(before: Flow, after: Flow, parts: Parts, *, places: int = 0) -> list[Decimal]:
    """Round the parts of a change, in the causes' order, so that they lead from one shown revenue to the other."""
    was, now = (round_half_up(Fraction(flow.revenue), places=places) for flow in (before, after))
    return round_together(astuple(parts), total=now - was, places=places)


def sum_up(parts: Iterable[Decimal]) -> Decimal:
    """Add rounded parts up."""
    return sum(parts, Decimal(0))


def write_signed(amount: Decimal) -> str:
    """Write a whole amount with its sign; nothing has none."""
    sign = "+" if amount > 0 else "−" if amount < 0 else ""
    return f"{sign}{format_number(abs(amount))}"


def build_document(portal: Portal, change: Change, *, employee: Employee | None) -> dict[str, Any]:
    """Build what JSON holds. Shape: both periods, the totals, then every source in the shape of the totals.

    Units: the base currency; the causes add up to the difference to its last place. Time: `end` is the first day after.
    """
    through = change.complete_through
    return {
        "period": build_period(change.period),
        "earlier": build_period(change.earlier),
        "employee": employee and employee.external_id,
        "currency": portal.base_currency,
        **build_figures(change.before, change.after, change.parts),
        "sources": [
            {"source": source.key, "name": source.name, **build_figures(source.before, source.after, source.parts)}
            for source in change.sources
        ],
        "complete_through": through.astimezone(UTC).isoformat() if through else None,
    }


def build_period(period: Period) -> dict[str, str]:
    """Build a period as JSON knows it."""
    return {"key": period.key, "start": period.start.isoformat(), "end": period.end.isoformat()}


def build_figures(before: Flow, after: Flow, parts: Parts) -> dict[str, Any]:
    """Build the figures of both periods, their difference and its causes."""
    causes = round_parts(before, after, parts, places=EXACT_PLACES)
    return {
        "leads": after.leads,
        "leads_earlier": before.leads,
        "deals_won": after.won,
        "deals_won_earlier": before.won,
        "revenue": to_json(after.revenue),
        "revenue_earlier": to_json(before.revenue),
        "difference": to_json(sum_up(causes)),
        "causes": {cause: to_json(part) for cause, part in zip(CAUSES, causes, strict=True)},
    }
