"""Filling the facts from the mirror: whole, or just the days that changed; both give the same rows.

A planned fill of everything comes first, range by range (`ranges.py`), then what is derived around touched records
(`derived/batches.py`), then touched days, portion by portion (`cells.py`); why they lose nothing:
docs/algorithms/facts.md.
"""

from collections.abc import Iterator
from datetime import timedelta
from time import monotonic, sleep

from django.db import connection

from crmsync.models import Portal
from kpis.derived.batches import derive_batch
from kpis.fills.cells import BATCH, refill_batch
from kpis.fills.ranges import fill_range, finish_plan, plan, plan_touched
from kpis.fills.state import Filled, add_up
from kpis.spend.writing import revalue_spends

# SQLite's other writers look every tenth of a second whether they may write.
PAUSE_SECONDS = 0.11


def refill(portal: Portal, *, batch: int = BATCH) -> Filled:
    """Compute the touched cells anew, some thousand a transaction; everything when a whole portal was touched."""
    return add_up(fill(portal, batch=batch))


def rebuild(portal: Portal) -> Filled:
    """Compute every fact of the portal anew."""
    revalue_spends(portal)
    plan(portal)
    filled = add_up([Filled(rebuilt=True), *fill_ranges(portal)])
    finish_plan(portal)
    return filled


def fill_slice(portal: Portal, *, budget: timedelta) -> None:
    """Fill for at most this long, leaving alone what others fill; the rows say what is left to do."""
    end = monotonic() + budget.total_seconds()
    for _ in fill(portal, wait=False):
        if monotonic() >= end:
            return


def fill(portal: Portal, *, batch: int = BATCH, wait: bool = True) -> Iterator[Filled]:
    """Do what is to be done, a transaction a step; everything is planned at most once, whatever comes meanwhile."""
    # What administrators enter follows the mirror's rates before the days that this touches are filled.
    revalue_spends(portal)
    # What an older plan has left comes first: a new one waits for its end.
    yield from fill_ranges(portal, wait=wait)
    plan_touched(portal, wait=wait)
    yield from fill_ranges(portal, wait=wait)
    # Records first: what is derived around them touches days.
    while filled := derive_batch(portal, wait=wait):
        yield filled
    while filled := refill_batch(portal, batch=batch, wait=wait):
        yield filled


def fill_ranges(portal: Portal, *, wait: bool = True) -> Iterator[Filled]:
    """Fill planned ranges until none is left, or none that nobody fills yet."""
    while filled := fill_range(portal, wait=wait):
        yield filled
        give_way()


def give_way() -> None:
    """Let other writers in: between two of our transactions, SQLite's would hardly ever find the gap."""
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        sleep(PAUSE_SECONDS)
