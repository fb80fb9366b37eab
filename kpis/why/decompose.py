"""Why revenue changed: the difference between two periods split exactly, source by source, into its causes.

Pure; the rules and worked numbers are in docs/algorithms/why.md.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass, fields, replace
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from math import floor, prod


@dataclass(frozen=True, slots=True)
class Flow:
    """What one source brought in one period: leads received, deals won, and the revenue of those deals.

    Raises: ValueError for fewer than no leads or deals, and for revenue without a deal.
    """

    leads: int = 0
    won: int = 0
    revenue: Decimal = Decimal(0)

    def __post_init__(self) -> None:
        if min(self.leads, self.won) < 0 or (self.revenue and not self.won):
            raise ValueError(self)


@dataclass(frozen=True, slots=True)
class Parts:
    """A change of revenue by cause, in the order in which the causes are let in; exact."""

    leads: Fraction = Fraction(0)
    mix: Fraction = Fraction(0)
    conversion: Fraction = Fraction(0)
    average: Fraction = Fraction(0)
    without_leads: Fraction = Fraction(0)

    @property
    def total(self) -> Fraction:
        """The whole change."""
        return sum(astuple(self), Fraction(0))


CAUSES = tuple(field.name for field in fields(Parts))
NOTHING = Flow()
Ratios = tuple[Fraction | None, Fraction | None, Fraction | None]


def decompose(earlier: Mapping[str, Flow], later: Mapping[str, Flow]) -> dict[str, Parts]:
    """Split the change of revenue between two periods by source and cause.

    Shape: the sources of either period, sorted; the parts of one add up to the change of its revenue.
    """
    received = (sum(flow.leads for flow in earlier.values()), sum(flow.leads for flow in later.values()))
    return {
        source: split_change(earlier.get(source, NOTHING), later.get(source, NOTHING), received=received)
        for source in sorted(earlier.keys() | later.keys())
    }


def split_change(before: Flow, after: Flow, *, received: tuple[int, int]) -> Parts:
    """Split the change of one source, given the leads that all sources received in each period."""
    ratios = find_ratios(before, received=received[0]), find_ratios(after, received=received[1])
    old = [Fraction(received[0]), *borrow(*ratios)]
    new = [Fraction(received[1]), *borrow(*reversed(ratios))]
    # One factor after the other takes its new value, so the steps add up to the whole way.
    way = [prod(new[:place] + old[place:], start=Fraction(1)) for place in range(len(old) + 1)]
    steps = [following - preceding for preceding, following in pairwise(way)]
    return replace(Parts(*steps), without_leads=revenue_without_leads(after) - revenue_without_leads(before))


def find_ratios(flow: Flow, *, received: int) -> Ratios:
    """Compute a source's share of all leads, its conversion and its average deal. Empty: None where undefined."""
    if not flow.leads:
        # Deals without leads say nothing about what a lead of the source is worth.
        return Fraction(0) if received else None, None, None
    average = Fraction(flow.revenue) / flow.won if flow.won else None
    return Fraction(flow.leads, received), Fraction(flow.won, flow.leads), average


def borrow(own: Ratios, other: Ratios) -> list[Fraction]:
    """Take a ratio that is undefined in one period from the other, so that it does not change."""
    return [next((ratio for ratio in pair if ratio is not None), Fraction(0)) for pair in zip(own, other, strict=True)]


def revenue_without_leads(flow: Flow) -> Fraction:
    """Return the revenue of a source that received no lead in the period."""
    return Fraction(0) if flow.leads else Fraction(flow.revenue)


def add_up(parts: Iterable[Parts]) -> Parts:
    """Add up parts cause by cause."""
    columns = zip(*(astuple(part) for part in parts), strict=True)
    return Parts(*(sum(column, Fraction(0)) for column in columns))


def sum_flows(flows: Iterable[Flow]) -> Flow:
    """Add up what several sources brought."""
    columns = zip(*(astuple(flow) for flow in flows), strict=True)
    return Flow(*(sum(column) for column in columns))


def round_together(values: Sequence[Fraction], *, total: Decimal, places: int) -> list[Decimal]:
    """Round values, half away from zero, so that they add up to a total that was rounded by itself.

    The greatest value takes what is left over, so that what is nothing stays nothing.
    """
    rounded = [round_half_up(value, places=places) for value in values]
    greatest = max(range(len(values)), key=lambda place: abs(values[place]))
    rounded[greatest] += total - sum(rounded)
    return rounded


def round_half_up(value: Fraction, *, places: int) -> Decimal:
    """Round an exact value, half away from zero."""
    units = floor(abs(value) * 10**places + Fraction(1, 2))
    return Decimal(units if value > 0 else -units).scaleb(-places)
