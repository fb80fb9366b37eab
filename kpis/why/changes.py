"""Why revenue changed between two periods, read from the mirror by source with the measures' own declarations."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _

from crmsync.models import Portal, Source
from kpis.breakdown import sum_slices
from kpis.completeness import find_slowest, read_live_watermarks
from kpis.measures import BY_KEY
from kpis.periods import Period
from kpis.why.decompose import NOTHING, Flow, Parts, add_up, decompose, sum_flows

LEADS, WON, REVENUE = (BY_KEY[key] for key in ("leads_received", "deals_won", "revenue"))
MEASURED = [measure.key for measure in (LEADS, WON, REVENUE)]
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
    slices = sum_slices(portal, MEASURED, period, ["source"], employees=employees)
    flows = {
        key: Flow(int(sums[LEADS.key]), int(sums[WON.key]), Decimal(sums[REVENUE.key]))
        for (key,), sums in slices.items()
    }
    return {key: flow for key, flow in flows.items() if flow.leads or flow.won}


def name_source(key: str, names: dict[str, str]) -> str:
    """Name a source for people; one that the dictionary lacks by its id."""
    return names.get(key) or key or _("without a source")


def read_through(portal: Portal) -> datetime | None:
    """Say through when the mirror holds all that is read here. Empty: None while a stream was never read to its end."""
    return find_slowest(read_live_watermarks(portal), STREAMS, now=timezone.now())
