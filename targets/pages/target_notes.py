"""A target as a page shows it: the prorated one with the full one and the reason, and what was published first."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from kpis.models import Absence
from targets.models import ScorecardLine
from targets.pages.amounts import find_unit, write_percent, write_value


def describe_target(line: ScorecardLine, *, currency: str) -> str:
    """Write the target that a line is judged by. Empty: says that there is none."""
    if line.target is None:
        return _("no target")
    return write_value(line.target, find_unit(line.kpi), currency=currency)


def list_target_notes(line: ScorecardLine, proration: Mapping[str, Any], *, currency: str) -> tuple[str, ...]:
    """List what is to be known of a target."""
    return (*write_proration(line, proration, currency=currency), *write_published(line, currency=currency))


def write_proration(line: ScorecardLine, proration: Mapping[str, Any], *, currency: str) -> Iterator[str]:
    """Say what the target of the whole period is, and why less is asked."""
    if line.full_target is None or line.full_target == line.target:
        return
    full = write_value(line.full_target, find_unit(line.kpi), currency=currency)
    told = {"full": full, "worked": proration.get("worked", ""), "days": proration.get("days", "")}
    yield _("of %(full)s: %(worked)s of %(days)s working days") % told
    yield from map(write_absence, proration.get("away", ()))


def write_absence(away: Mapping[str, Any]) -> str:
    """Write an absence as it was stored."""
    kind = Absence.Kind(away["kind"]).label if away["kind"] in Absence.Kind.values else away["kind"]
    first, last = (date_format(date.fromisoformat(away[name]), "d.m") for name in ("first_on", "last_on"))
    return f"{kind} {first}–{last}" if first != last else f"{kind} {first}"


def write_published(line: ScorecardLine, *, currency: str) -> Iterator[str]:
    """Say what was published first, and how much of that is attained."""
    if line.published_target is None or line.published_target == line.full_target:
        return
    first = write_value(line.published_target, find_unit(line.kpi), currency=currency)
    yield _("published as %(first)s: %(percent)s of it") % {
        "first": first,
        "percent": write_percent(line.published_attainment),
    }
