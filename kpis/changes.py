"""Why revenue changed between two periods, read from the mirror by source with the measures' own declarations."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from crmsync.models import Portal, Source
from kpis.completeness import read_live_watermarks
from kpis.decompose import NOTHING, Flow, Parts, add_up, decompose, sum_flows
from kpis.measures import BY_KEY, Measure
from kpis.periods import Period
from kpis.scans import PREFIX, in_days

LEADS, WON, REVENUE = (BY_KEY[key] for key in ("leads_received", "deals_won", "revenue"))
STREAMS = {stream for measure in (LEADS, WON, REVENUE) for stream in measure.streams}


@dataclass(frozen=True, slots=True)
class SourceChange:
    """What one source brought in both periods, and the causes of the difference; `key` is empty where none is named."""

    key: str
    name: str
    before: Flow
    after: Flow
    parts: Parts


@dataclass(frozen=True, slots=True)
class Change:
    """A change of revenue from the earlier period to the period, with its causes by source."""

    period: Period
    earlier: Period
    sources: list[SourceChange]
    complete_through: datetime | None

    @property
    def before(self) -> Flow:
        """What all sources brought in the earlier period."""
        return sum_flows(source.before for source in self.sources)

    @property
    def after(self) -> Flow:
        """What all sources brought in the period."""
        return sum_flows(source.after for source in self.sources)

    @property
    def parts(self) -> Parts:
        """The causes for all sources together; they add up to the difference of revenue."""
        return add_up(source.parts for source in self.sources)


def explain_change(
    portal: Portal, period: Period, earlier: Period, *, employees: Collection[int] | None = None
) -> Change:
    """Explain why revenue differs from that of an earlier period, for a group of employees or the whole team.

    Shape: the sources that brought anything in either period, the greatest change first.
    Units: the portal's base currency, exact.
    Time: the portal's days, half-open; both periods are taken as they are, a running one is not cut here.
    Empty: employees are primary keys; None is the whole team with what nobody is responsible for.
    """
    # Before the records: what comes meanwhile must not be called read.
    through = read_through(portal)
    before, after = (read_flows(portal, span, employees=employees) for span in (earlier, period))
    names = dict(Source.objects.filter(portal=portal).values_list("external_id", "name"))
    sources = [
        SourceChange(key, name_source(key, names), before.get(key, NOTHING), after.get(key, NOTHING), parts)
        for key, parts in decompose(before, after).items()
    ]
    sources.sort(key=lambda source: (-abs(source.parts.total), source.name.casefold(), source.key))
    return Change(period, earlier, sources, through)


def read_flows(portal: Portal, period: Period, *, employees: Collection[int] | None) -> dict[str, Flow]:
    """Read leads, won deals and revenue of a period by source."""
    received = read_by_source(portal, [LEADS], period, employees=employees)
    closed = read_by_source(portal, [WON, REVENUE], period, employees=employees)
    flows = {}
    for key in received.keys() | closed.keys():
        (leads,), (won, revenue) = received.get(key, (0,)), closed.get(key, (0, None))
        if leads or won:
            flows[key] = Flow(leads, won, revenue or Decimal(0))
    return flows


def read_by_source(
    portal: Portal, measures: list[Measure], period: Period, *, employees: Collection[int] | None
) -> dict[str, tuple[Any, ...]]:
    """Read measures that share their records, day and employee, by the records' source.

    Shape: the source's id in the CRM, then a value per measure; what the portal does not have any more is left out.
    """
    first = measures[0]
    narrowed = in_days(first.dated_by, (period.start, period.end))
    if employees is not None:
        narrowed &= Q(**{f"{first.credited_to}__in": employees})
    mirrored: Any = first.source._default_manager
    values = {PREFIX + measure.key: measure.value for measure in measures}
    rows = mirrored.live().filter(narrowed, portal=portal).values("source_external_id").annotate(**values)
    return {key: tuple(sums) for key, *sums in rows.values_list("source_external_id", *values)}


def name_source(key: str, names: dict[str, str]) -> str:
    """Name a source for people; one that the dictionary lacks by its id."""
    return names.get(key) or key or _("without a source")


def read_through(portal: Portal) -> datetime | None:
    """Say through when the mirror holds all that is read here. Empty: None while a stream was never read to its end."""
    known = read_live_watermarks(portal)
    marks = [known.get(stream) for stream in STREAMS]
    return min((mark for mark in marks if mark), default=None) if all(marks) else None
