"""Selector: by how much plans count otherwise than the facts: corrections move whole deals, shares divide them.

Each affected deal is taken out of the sums where the CRM has it and put in where it counts. A team's sum is that of
its members, so it counts the deal once.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Q

from crmsync.models import Deal, Portal
from kpis.kpi import Number
from kpis.measures import BY_KEY, Measure
from kpis.models import Sale
from kpis.periods import Period
from targets.models import DealCorrection, DealShare

WHOLE = Decimal(100)
# By source: its way to the deal.
TO_DEAL = {Deal: "pk", Sale: "deal"}
AMOUNTS = ("amount_base", "revenue")


@dataclass(frozen=True, slots=True)
class Part:
    """What a deal adds to a measure: how much, on which day, for whom."""

    deal: int
    external_id: int
    measure: str
    employee: int | None
    day: date
    amount: Number


@dataclass(frozen=True, slots=True)
class Credit:
    """What a deal adds to, or takes from, an employee's measure beside the facts. Units: the measure's."""

    external_id: int
    why: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Credits:
    """Credits by employee and measure."""

    found: Mapping[tuple[int | None, str], list[Credit]] = field(default_factory=dict)

    def total(self, employee: int | None, measure: str) -> Decimal:
        """Add up what an employee's measure gains or loses."""
        return sum((each.amount for each in self.found.get((employee, measure), ())), Decimal(0))


@dataclass(frozen=True, slots=True)
class Rules:
    """The corrections and shares of a portal's deals, by the deals' keys."""

    corrections: Mapping[int, DealCorrection]
    shares: Mapping[int, Mapping[int, Decimal]]

    @property
    def deals(self) -> set[int]:
        """The deals that count otherwise than the CRM says."""
        return {*self.corrections, *self.shares}


def read_rules(portal: Portal) -> Rules:
    """Read all corrections and shares of a portal."""
    shares: dict[int, dict[int, Decimal]] = defaultdict(dict)
    for row in DealShare.objects.filter(deal__portal=portal).order_by("pk"):
        shares[row.deal_id][row.employee_id] = row.percent
    corrections = DealCorrection.objects.filter(deal__portal=portal)
    return Rules({row.deal_id: row for row in corrections}, shares)


def read_credits(portal: Portal, period: Period, *, measures: Iterable[str], rules: Rules) -> Credits:
    """Read what corrections and shares change in the sums of a period."""
    if not rules.deals:
        return Credits()
    found: dict[tuple[int | None, str], list[Credit]] = defaultdict(list)
    for part in list_parts(portal, [BY_KEY[key] for key in measures if key in BY_KEY], deals=rules.deals):
        why = "correction" if part.deal in rules.corrections else "share"
        before = [part] if part.day in period else []
        after = [each for each in divide(part, rules) if each.day in period]
        if before == after:
            continue
        for sign, each in [*((-1, each) for each in before), *((1, each) for each in after)]:
            credit = Credit(part.external_id, why, Decimal(sign * each.amount))
            found[each.employee, each.measure].append(credit)
    return Credits(found)


def list_parts(portal: Portal, measures: Iterable[Measure], *, deals: Collection[int]) -> Iterator[Part]:
    """List what deals add to measures by the CRM, whenever that was."""
    for measure in measures:
        if measure.source not in TO_DEAL or measure.dated_by not in ("closed_on", "won_on"):
            continue
        path = TO_DEAL[measure.source]
        mirrored: Any = measure.source._default_manager
        known = Q(**{f"{path}__in": deals, f"{measure.dated_by}__isnull": False})
        rows = mirrored.live().filter(known & measure.where, portal=portal)
        to_id = "external_id" if measure.source is Deal else "deal__external_id"
        columns = (path, to_id, f"{measure.credited_to}_id", measure.dated_by, *filter(None, [measure.total]))
        for key, external_id, employee, day, *amount in rows.order_by("pk").values_list(*columns):
            if not amount or amount[0] is not None:
                yield Part(key, external_id, measure.key, employee, day, amount[0] if amount else 1)


def divide(part: Part, rules: Rules) -> list[Part]:
    """Tell where a deal counts: corrected, then divided among those who share it. Empty: where it does not count."""
    corrected = correct(part, rules.corrections.get(part.deal))
    return [] if corrected is None else share(corrected, rules.shares.get(part.deal))


def share(part: Part, shares: Mapping[int, Decimal] | None) -> list[Part]:
    """Divide what a deal adds among those who share it; without shares it is one's alone."""
    if not shares:
        return [part]
    return [replace(part, employee=who, amount=part.amount * percent / WHOLE) for who, percent in shares.items()]


def correct(part: Part, correction: DealCorrection | None) -> Part | None:
    """Correct what a deal adds. Empty: None where it is not to count; as it was where the correction has expired."""
    day = (correction.closed_on if correction else None) or part.day
    if correction is None or day >= correction.expires_on:
        return part
    if correction.is_excluded:
        return None
    moved = replace(part, day=day, employee=correction.employee_id or part.employee)
    if correction.amount_base is None or BY_KEY[part.measure].total not in AMOUNTS:
        return moved
    return replace(moved, amount=correction.amount_base)
