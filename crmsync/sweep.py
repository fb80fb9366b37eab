"""The search for records that the portal does not have any more, and for those that a sync has missed.

Two sweeps in a row must miss a record before it is taken for deleted, and when too many vanish at
once nothing is removed until an operator says so. Algorithm and guarantees: docs/algorithms/sweep.md.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from django.db import transaction

from crmsync.bitrix24.errors import BlockedError, PortalError
from crmsync.bitrix24.normalize import MalformedError
from crmsync.bitrix24.stream import Stream
from crmsync.doubts import reread_doubted
from crmsync.models import StageChange, StreamState
from crmsync.rows import find_key, read_row
from crmsync.selectors import select_live
from crmsync.session import Session, Tally, is_fatal, note_trouble, save_run
from crmsync.sweep_pages import sweep_pages
from crmsync.sweep_products import sweep_products
from crmsync.tombstones import bury, count_missing, forget_candidates, list_confirmed, mark_missing
from crmsync.walks import PRODUCTS
from crmsync.windows import Glance, Window

log = structlog.get_logger(__name__)
MOST_SHARE, MOST_RECORDS = 0.05, 100
FRESH = timedelta(hours=6)
AT_ONCE = 1000


@dataclass(frozen=True)
class Sweep:
    """What was ordered: streams swept since `since` are done; `accepts_deletions` lifts the brake."""

    since: datetime
    accepts_deletions: bool = False


def sweep_streams(session: Session, streams: Sequence[Stream], order: Sweep) -> None:
    """Sweep each stream once that has been read whole; one that fails does not hold up the others."""
    _now, glances = session.source.open({stream.key: Window() for stream in streams if not stream.by_keyset})
    states = {state.stream: state for state in StreamState.objects.filter(portal=session.portal)}
    for stream in streams:
        state = states.get(stream.key)
        if state is None or state.watermark_at is None or (state.swept_at and state.swept_at >= order.since):
            # A stream never read whole has nothing to miss.
            continue
        try:
            reread_doubted(session, stream)
            # The portal forgets history; what we have of it stays.
            if stream.model is not StageChange:
                sweep_stream(session, stream, state, order, glances)
        except PortalError as error:
            note_trouble(session, stream.key, error)
            if isinstance(error, BlockedError) or is_fatal(error):
                raise


def sweep_stream(
    session: Session, stream: Stream, state: StreamState, order: Sweep, glances: Mapping[str, Glance | PortalError]
) -> None:
    """Compare one stream's ids with the portal's and draw the conclusion."""
    at = state.sweep_at
    if at is None or session.clock() - at > FRESH:
        # Another machine's clock may have given the order a little in the future.
        at = state.sweep_at = max(session.clock(), order.since)
        state.sweep_cursor = 0
    if stream.key == PRODUCTS:
        sweep_products(session, stream, state)
    elif stream.by_keyset:
        sweep_pages(session, stream, state, at=at)
    else:
        sweep_list(session, stream, state, glances[stream.key], at=at)
    conclude(session, stream, state, order, at=at)


def sweep_list(
    session: Session, stream: Stream, state: StreamState, glance: Glance | PortalError, *, at: datetime
) -> None:
    """Compare a list that is read whole. A record in it that cannot be read may be any of ours: then none is missed."""
    if isinstance(glance, PortalError):
        raise glance
    raws = [raw for page in session.source.pages(stream, Window(), glance) for raw in page]
    try:
        theirs = {find_key(stream, read_row(stream, raw)) for raw in raws}
    except MalformedError:
        return
    gone = [
        row
        for row in select_live(stream, session.portal)
        if tuple(getattr(row, n) for n in stream.unique) not in theirs
    ]
    with transaction.atomic():
        session.lease.renew(session.clock())
        mark_missing(stream, gone, portal=session.portal, at=at)
        state.save()


def conclude(session: Session, stream: Stream, state: StreamState, order: Sweep, *, at: datetime) -> None:
    """Take for deleted what was missed twice, unless so much is missing that somebody must look first."""
    tally = session.tallies.setdefault(stream.key, Tally())
    forget_candidates(stream, portal=session.portal, at=at)
    missing = count_missing(stream, portal=session.portal, at=at)
    excessive = missing > MOST_RECORDS and missing > MOST_SHARE * select_live(stream, session.portal).count()
    tally.is_braked = excessive and not order.accepts_deletions
    confirmed = [] if tally.is_braked else list_confirmed(stream, portal=session.portal, at=at)
    for start in range(0, len(confirmed), AT_ONCE):
        with transaction.atomic():
            session.lease.renew(session.clock())
            chunk = confirmed[start : start + AT_ONCE]
            tally.buried += bury(stream, chunk, portal=session.portal, now=session.clock())
    tally.missing = missing - tally.buried
    with transaction.atomic():
        session.lease.renew(session.clock())
        state.swept_at, state.sweep_at, state.sweep_cursor = at, None, 0
        state.missing, state.is_braked = tally.missing, tally.is_braked
        state.save()
        save_run(session)
    if tally.missing or tally.buried:
        log.warning("sync.swept", portal=session.portal.pk, stream=stream.key, buried=tally.buried, missing=missing)
