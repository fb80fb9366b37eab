"""Imports of costs: first what a file would change, then, if that still holds, the change; all of it or nothing."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from crmsync.models import Portal
from crmsync.rates import load_rates
from kpis.models import MarketingSpend
from kpis.spend.columns import Format
from kpis.spend.costs import Choices, Cost, Key, add_totals, gather_costs
from kpis.spend.files import read_tables
from kpis.spend.lines import Reading, Refusal, read_costs
from kpis.spend.writing import write_spends


class SpendImportError(ValueError):
    """An import that cannot be written; the text says what to do."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A cost as it would be written, unsaved, and what is stored now: "" and None for a new one."""

    lines: tuple[int, ...]
    spend: MarketingSpend
    old_amount: Decimal | None = None
    old_currency: str = ""
    old_note: str = ""


@dataclass(slots=True)
class Preview:
    """What a file would change. *Shape*: new and changed by day, source, campaign, kind; refused by line."""

    format: Format
    new: list[Difference] = field(default_factory=list)
    changed: list[Difference] = field(default_factory=list)
    equal: int = 0
    refused: list[Refusal] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    totals: dict[str, Decimal] = field(default_factory=dict)

    @property
    def can_apply(self) -> bool:
        """Tell whether there is something to write and nothing to correct."""
        return bool(self.new or self.changed) and not self.refused

    @property
    def fingerprint(self) -> str:
        """A text that differs when anything of the change does."""
        rows = [describe(row) for row in (*self.new, *self.changed)]
        return hashlib.sha256(repr((rows, self.equal)).encode()).hexdigest()


def preview_import(portal: Portal, content: bytes, *, choices: Choices | None = None) -> Preview:
    """Tell what a file would change, without writing. *Raises* SpendFileError when it cannot be read at all."""
    return compare(portal, content, choices or Choices(), lock=False)


def apply_import(
    portal: Portal, content: bytes, *, choices: Choices | None = None, fingerprint: str | None = None
) -> Preview:
    """Write what a file changes, and touch its days, in one transaction. Returns what was changed.

    With a `fingerprint`, only exactly the change that it stands for.
    *Raises* SpendImportError when lines are refused or the costs have changed since, and SpendFileError; then
    nothing is written.
    """
    try:
        with transaction.atomic():
            preview = compare(portal, content, choices or Choices(), lock=True)
            if preview.refused:
                raise SpendImportError(_("Correct the refused lines and import the file again: nothing was written."))
            if fingerprint is not None and fingerprint != preview.fingerprint:
                raise SpendImportError(tell_stale())
            new, changed = ([row.spend for row in rows] for rows in (preview.new, preview.changed))
            write_spends(portal, new=new, changed=changed)
            return preview
    except IntegrityError as error:
        # Somebody has written one of the new costs between our look and our write.
        raise SpendImportError(tell_stale()) from error


def tell_stale() -> str:
    """Say that the differences are not those that were shown."""
    return _("The costs have changed meanwhile and nothing was written: look at the differences again.")


def compare(portal: Portal, content: bytes, choices: Choices, *, lock: bool) -> Preview:
    """Read a file and compare it with the stored costs, which stay locked on demand."""
    reading = read_costs(read_tables(content), campaign_by=choices.campaign_by)
    costs = gather_costs(portal, reading, choices=choices)
    preview = Preview(reading.format, refused=sorted(reading.refusals, key=lambda row: row.lines))
    stored = read_stored(portal, costs, lock=lock)
    for key, cost in sorted(costs.items()):
        compare_cost(preview, portal, key, cost, stored.get(key))
    preview.totals = add_totals(costs.values())
    preview.notices = [*reading.notices, *tell_costs(portal, reading, costs, choices=choices)]
    return preview


def read_stored(portal: Portal, keys: Iterable[Key], *, lock: bool) -> dict[Key, MarketingSpend]:
    """Read the stored costs of these days, always in the same order, so that two imports never wait for each other."""
    days = {key[0] for key in keys}
    rows = MarketingSpend.objects.filter(portal=portal, day__in=sorted(days)).order_by("pk") if days else ()
    if lock and days:
        rows = rows.select_for_update()  # type: ignore[union-attr]
    return {(row.day, row.source_external_id, row.campaign, row.kind): row for row in rows}


def compare_cost(preview: Preview, portal: Portal, key: Key, cost: Cost, stored: MarketingSpend | None) -> None:
    """Add one cost to what is new, changed or equal."""
    day, source, campaign, kind = key
    if stored is None:
        known = {"day": day, "source_external_id": source, "campaign": campaign, "kind": kind}
        values = {"amount": cost.amount, "currency": cost.currency, "note": cost.note or ""}
        preview.new.append(Difference(cost.lines, MarketingSpend(portal=portal, **known, **values)))
        return
    old = (stored.amount, stored.currency or portal.base_currency, stored.note)
    new = (cost.amount, cost.currency, stored.note if cost.note is None else cost.note)
    if old == new:
        preview.equal += 1
        return
    stored.amount, stored.currency, stored.note = new
    preview.changed.append(Difference(cost.lines, stored, *old))


def describe(row: Difference) -> tuple[str, ...]:
    """Write everything of a difference that a person was shown."""
    spend = row.spend
    key = (spend.day, spend.source_external_id, spend.campaign, spend.kind)
    # None of a new cost, 1.5 and 1.5000 of a stored one: amounts are compared as numbers with four decimals.
    old = "" if row.old_amount is None else f"{row.old_amount:.4f}"
    values = (f"{spend.amount:.4f}", spend.currency, spend.note, old, row.old_currency, row.old_note)
    return (*map(str, key), *values)


def tell_costs(portal: Portal, reading: Reading, costs: Mapping[Key, Cost], *, choices: Choices) -> Iterable[str]:
    """Say what was assumed, and what the costs will not be counted in."""
    if any(len(cost.lines) > 1 for cost in costs.values()):
        yield _("Several lines of one day and campaign are added up: such a file has a line for every ad.")
    if any(not entry.currency for entry in reading.entries):
        told = {"currency": choices.currency or portal.base_currency}
        yield _("Amounts without a currency are taken as %(currency)s.") % told
    if any(not source for _day, source, _campaign, _kind in costs):
        yield _("Costs without a source count for the whole team, but in no source's cost of a customer and ROI.")
    rates = load_rates(portal)
    lacking = sorted({cost.currency for (day, *_), cost in costs.items() if rates.find(cost.currency, day) is None})
    if lacking:
        message = _("No rate of %(currencies)s is known: these costs stay out of all sums until there is one.")
        yield message % {"currencies": ", ".join(lacking)}
