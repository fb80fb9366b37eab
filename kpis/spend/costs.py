"""From lines to costs: sources and kinds are looked up, lines of one key become one cost where the format allows it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from crmsync.models import Portal
from kpis.models import MarketingSpend
from kpis.spend.cells import CellError, round_amount
from kpis.spend.lines import Entry, Reading, Refusal
from kpis.spend.sources import SourceBook

# Day, source, campaign, kind.
Key = tuple[date, str, str, str]
KINDS: Mapping[str, str] = {
    **dict.fromkeys(("marketing", "маркетинг", "реклама"), MarketingSpend.Kind.MARKETING.value),
    **dict.fromkeys(("sales", "продажи", "сбыт"), MarketingSpend.Kind.SALES.value),
}


@dataclass(frozen=True, slots=True)
class Choices:
    """What holds for lines that do not say it themselves; `campaign_by` is "name" or "number"."""

    source: str = ""
    kind: str = MarketingSpend.Kind.MARKETING.value
    currency: str = ""
    campaign_by: str = "name"


@dataclass(frozen=True, slots=True)
class Cost:
    """What a file says about one key; `note` is None where the file has no notes."""

    lines: tuple[int, ...]
    amount: Decimal
    currency: str
    note: str | None


def gather_costs(portal: Portal, reading: Reading, *, choices: Choices) -> dict[Key, Cost]:
    """Gather the lines of each key into one cost; lines that make none are added to the reading's refusals."""
    costs = {}
    for key, entries in group_entries(portal, reading, choices=choices).items():
        if trouble := find_trouble(entries, sums=reading.format.sums):
            reading.refusals.append(Refusal(tuple(entry.line for entry in entries), trouble))
        else:
            costs[key] = add_up(entries)
    return costs


def group_entries(portal: Portal, reading: Reading, *, choices: Choices) -> dict[Key, list[Entry]]:
    """Group the lines by key, with a currency each; what is not known is added to the reading's refusals."""
    book = SourceBook(portal)
    currency = choices.currency or portal.base_currency
    groups: dict[Key, list[Entry]] = defaultdict(list)
    for entry in reading.entries:
        try:
            key = (entry.day, book.find(entry.source or choices.source), entry.campaign, find_kind(entry, choices))
            groups[key].append(replace(entry, currency=entry.currency or currency))
        except CellError as error:
            reading.refusals.append(Refusal((entry.line,), str(error)))
    return groups


def find_kind(entry: Entry, choices: Choices) -> str:
    """Find a line's kind of costs. *Raises* CellError."""
    kind = KINDS.get((entry.kind or choices.kind).casefold())
    if kind is None:
        raise CellError(_("“%(text)s” is no kind of costs: write marketing or sales.") % {"text": entry.kind})
    return kind


def find_trouble(entries: Iterable[Entry], *, sums: bool) -> str:
    """Say why the lines of one key make no cost. *Empty*: "" when they do."""
    entries = list(entries)
    if len(entries) > 1 and not sums:
        return _("These lines have the same day, source, campaign and kind: leave one of them, or add them up.")
    if len({entry.currency for entry in entries}) > 1:
        return _("These lines of one day and campaign are in different currencies: write them in one.")
    if sum(entry.amount for entry in entries) < 0:
        return _("The cost is negative: correct the amount, or leave the line out.")
    return ""


def add_up(entries: list[Entry]) -> Cost:
    """Make one cost of the lines of one key."""
    amount = round_amount(sum((entry.amount for entry in entries), Decimal(0)))
    return Cost(tuple(entry.line for entry in entries), amount, entries[0].currency, entries[0].note)


def add_totals(costs: Iterable[Cost]) -> dict[str, Decimal]:
    """Add the costs up by currency, for whoever compares them with the ad system's own total."""
    totals: dict[str, Decimal] = defaultdict(Decimal)
    for cost in costs:
        totals[cost.currency] += cost.amount
    return dict(sorted(totals.items()))
