"""One stream's walk: what window it reads, and how each page moves the cursor and the last one the watermark."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from crmsync.bitrix24.source import find_id
from crmsync.bitrix24.stream import Stream
from crmsync.followups import FOLLOW_UPS
from crmsync.landing import land, land_products
from crmsync.models import Deal, Portal, StreamState
from crmsync.quarantine import settle_quarantine
from crmsync.rows import read_rows
from crmsync.session import Session, Tally, check_budget, count_page
from crmsync.windows import Glance, Window

PRODUCTS = "product_rows"
DEALS_A_PAGE = 1000


def find_window(state: StreamState, portal: Portal, *, full: bool) -> Window:
    """Give the window of the walk under way, or of a new one that overlaps the last."""
    if state.walk_until and not full:
        return Window(since=state.walk_since, after=state.cursor)
    if full or state.watermark_at is None:
        return Window()
    return Window(since=state.watermark_at - timedelta(hours=portal.overlap_hours))


def is_due(stream: Stream, state: StreamState, *, since: datetime | None, full: bool) -> bool:
    """Tell whether a run reads a stream: a nightly one until it is whole, then once for a sweep ordered `since`."""
    if not stream.nightly or full or state.watermark_at is None or state.walk_until:
        return True
    return since is not None and state.watermark_at < since


def begin_walk(state: StreamState, window: Window, *, until: datetime) -> None:
    """Note the walk in the state; it is saved with its first page."""
    if not window.after:
        state.walk_since, state.walk_until, state.cursor = window.since, until, 0
    state.error_class = state.error = ""
    state.checked_at = until


def walk_stream(session: Session, stream: Stream, state: StreamState, window: Window, glance: Glance) -> None:
    """Read a window to its end and move the watermark. *Raises* PortalError, LeaseLostError, BudgetSpentError."""
    tally = session.tallies.setdefault(stream.key, Tally())
    tally.expected = tally.read + (glance.expected or 0)
    for raws in session.source.pages(stream, window, glance):
        land_page(session, stream, state, raws)
        estimate_rest(tally, state, window, glance)
        check_budget(session)
    finish_walk(session, state)


def land_page(session: Session, stream: Stream, state: StreamState, raws: list[Any]) -> None:
    """Land one page in one transaction, with the cursor behind it."""
    with transaction.atomic():
        session.lease.renew(session.clock())
        land_records(session, stream, raws, first=state.watermark_at is None)
        ids = [found for raw in raws if isinstance(raw, dict) and (found := find_id(raw.get(stream.id_field)))]
        state.cursor = max(ids, default=state.cursor) if stream.by_keyset else 0
        state.rows += len(raws)
        state.save()
    session.report(session.run)


def land_records(session: Session, stream: Stream, raws: list[Any], *, first: bool = False) -> None:
    """Write records, and what they bring with them, to the mirror; the caller owns the transaction."""
    rows, rejected = read_rows(stream, raws, session.around)
    landed = land(stream, rows, session.around, first=first)
    if landed.changed and stream.key in FOLLOW_UPS:
        FOLLOW_UPS[stream.key](session, landed)
    settle_quarantine(session.portal, stream, raws, rejected, now=session.clock())
    count_page(session, stream.key, read=len(raws), changed=len(landed.changed), rejected=len(rejected))


def walk_products(session: Session, stream: Stream, state: StreamState, *, until: datetime) -> None:
    """Read the product lines of the deals that wait for theirs; each page takes its deals off the list."""
    begin_walk(state, Window(), until=until)
    due = Deal.objects.live().filter(portal=session.portal, products_due=True).order_by("external_id")
    tally = session.tallies.setdefault(stream.key, Tally())
    tally.expected = total = due.count()
    done = 0
    while deal_ids := list(due.values_list("external_id", flat=True)[:DEALS_A_PAGE]):
        raws = session.source.product_rows(deal_ids)
        rows, rejected = read_rows(stream, raws, session.around)
        with transaction.atomic():
            session.lease.renew(session.clock())
            first = state.watermark_at is None
            land_products(deal_ids, rows, session.around, now=session.clock(), first=first)
            settle_quarantine(session.portal, stream, raws, rejected, now=session.clock())
            state.rows += len(rows)
            state.save()
            count_page(session, stream.key, read=len(rows), changed=len(rows), rejected=len(rejected))
        done += len(deal_ids)
        tally.expected = round(tally.read * max(total, done) / done)
        session.report(session.run)
        check_budget(session)
    finish_walk(session, state)


def finish_walk(session: Session, state: StreamState) -> None:
    """Move the watermark to where the portal's clock stood when the walk began."""
    tally = session.tallies[state.stream]
    tally.error = tally.error_text = ""
    with transaction.atomic():
        session.lease.renew(session.clock())
        state.watermark_at, state.walk_since, state.walk_until, state.cursor = state.walk_until, None, None, 0
        state.save()


def estimate_rest(tally: Tally, state: StreamState, window: Window, glance: Glance) -> None:
    """Estimate what is left from how densely ids were used so far."""
    if glance.last and state.cursor > window.after:
        density = tally.read / (state.cursor - window.after)
        tally.expected = tally.read + round(max(0, glance.last - state.cursor) * density)


def list_states(portal: Portal, keys: Iterable[str]) -> dict[str, StreamState]:
    """Read the state of each stream, a new one where there is none."""
    known = {state.stream: state for state in StreamState.objects.filter(portal=portal)}
    return {key: known.get(key) or StreamState(portal=portal, stream=key) for key in keys}
