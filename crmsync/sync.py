"""Bring a portal's mirror up to date: claim the portal, look at every stream's window, walk those that have news.

Any stream may fail without holding up the others; what has landed stays, and the next run goes on from there.
"""

import time
from collections.abc import Callable, Sequence, Set
from contextlib import closing
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.utils import timezone

from crmsync.bitrix24.errors import BlockedError, LimitedError, PortalError, TransientError
from crmsync.bitrix24.source import Bitrix24Source
from crmsync.bitrix24.stream import SPARED, Stream
from crmsync.bitrix24.streams import STREAMS
from crmsync.connect import open_source
from crmsync.lease import Lease, LeaseLostError, hold
from crmsync.models import Portal, Slot, StreamState, SyncRun
from crmsync.session import (
    BudgetSpentError,
    Session,
    close_run,
    is_fatal,
    is_spared,
    keep_error,
    note_connection,
    note_failure,
    note_missing_fields,
    open_session,
    quiet,
    refuse_run,
)
from crmsync.sweep import Sweep, sweep_streams
from crmsync.walks import PRODUCTS, begin_walk, find_window, is_due, list_states, walk_products, walk_stream
from crmsync.windows import Glance, Window

log = structlog.get_logger(__name__)
NAP = timedelta(seconds=10)


def sync_portal(portal: Portal, *, clock: Callable[[], datetime] = timezone.now, **options: Any) -> SyncRun:
    """Claim the portal and run one synchronisation with the options of `sync_held`. *Raises* AlreadyRunningError."""
    with hold(portal, clock) as lease:
        return sync_held(portal, lease, clock=clock, **options)


def sync_held(
    portal: Portal,
    lease: Lease,
    *,
    open_source: Callable[..., Bitrix24Source] = open_source,
    streams: Sequence[Stream] = STREAMS,
    full: bool = False,
    sweep: Sweep | None = None,
    clock: Callable[[], datetime] = timezone.now,
    report: Callable[[SyncRun], None] = quiet,
    patience: timedelta = timedelta(0),
    budget: timedelta | None = None,
    sleep: Callable[[float], None] = time.sleep,
    slots: Sequence[Slot] = (),
) -> SyncRun:
    """Run one synchronisation and record it; every trouble is told by the returned run.

    `full` reads everything again; `sweep` looks for deleted records afterwards; `patience` is how long to
    wait for methods that the portal has paused; `budget` is how long to work before leaving the rest to
    the next run; `slots` are what the run fulfils.
    """
    try:
        with closing(open_source(portal, on_request=lambda: lease.renew(clock()))) as source:
            session = open_session(portal, source, lease, clock=clock, report=report, budget=budget, slots=slots)
            return run_session(session, streams, full=full, sweep=sweep, patience=patience, sleep=sleep)
    except PortalError as error:
        return refuse_run(portal, error, now=clock(), slots=slots)


def run_session(
    session: Session,
    streams: Sequence[Stream],
    *,
    full: bool,
    sweep: Sweep | None,
    patience: timedelta,
    sleep: Callable[[float], None],
) -> SyncRun:
    """Do the work of a run and record how it ended."""
    try:
        due = choose_due(session.portal, streams, since=sweep.since if sweep else None, full=full)
        run_passes(session, due, full=full, patience=patience, sleep=sleep)
        note_missing_fields(session)
        if sweep:
            sweep_streams(session, streams, sweep)
        failed = any(tally.error for tally in session.tallies.values())
        close_run(session, SyncRun.Outcome.INCOMPLETE if failed else SyncRun.Outcome.COMPLETE)
    except BudgetSpentError:
        close_run(session, SyncRun.Outcome.UNFINISHED)
    except PortalError as error:
        note_connection(session.portal, error)
        close_run(session, SyncRun.Outcome.FAILED, error)
    except LeaseLostError:
        log.warning("sync.lease_lost", portal=session.portal.pk)
        session.run.outcome = SyncRun.Outcome.ABANDONED
        session.run.save()
    return session.run


def choose_due(portal: Portal, streams: Sequence[Stream], *, since: datetime | None, full: bool) -> list[Stream]:
    """Choose the streams that this run reads; who asks for some by name gets them."""
    if len(streams) < len(STREAMS):
        return list(streams)
    states = list_states(portal, [stream.key for stream in streams])
    return [stream for stream in streams if is_due(stream, states[stream.key], since=since, full=full)]


def run_passes(
    session: Session, streams: Sequence[Stream], *, full: bool, patience: timedelta, sleep: Callable[[float], None]
) -> None:
    """Walk all streams, then again those that only finished an older walk or had to wait for the portal."""
    give_up_at = session.clock() + patience
    waiting = list(streams)
    # A stream that had to wait before its first page landed still owes its full walk.
    anew = {stream.key for stream in streams} if full else set()
    while waiting:
        resumed, limited = run_pass(session, waiting, anew=anew)
        anew = {key for key in anew & limited.keys() if not session.tallies[key].read}
        if limited and not rest_until(session, min(limited.values()), give_up_at=give_up_at, sleep=sleep):
            limited = {}
        waiting = [stream for stream in streams if stream.key in resumed or stream.key in limited]


def run_pass(session: Session, streams: Sequence[Stream], *, anew: Set[str]) -> tuple[set[str], dict[str, datetime]]:
    """Walk each stream once. Returns those that resumed an older walk, and those that must wait and until when."""
    states = list_states(session.portal, [stream.key for stream in streams])
    windows = {key: find_window(state, session.portal, full=key in anew) for key, state in states.items()}
    # What is read whole at night is not asked for twice; product lines have no window.
    once = {PRODUCTS, *(stream.key for stream in streams if stream.nightly)}
    resumed = {key for key, state in states.items() if state.walk_until and key not in anew} - once
    now, glances = session.source.open(windows)
    note_connection(session.portal, None)
    limited: dict[str, datetime] = {}
    failures = 0
    for stream in streams:
        try:
            read_stream(session, stream, states[stream.key], windows[stream.key], glances.get(stream.key), now=now)
            failures = 0
        except PortalError as error:
            if is_spared(stream, states[stream.key], error):
                keep_error(session, states[stream.key], error, name=SPARED)
                continue
            note_failure(session, states[stream.key], error)
            resumed.discard(stream.key)
            if isinstance(error, LimitedError):
                limited[stream.key] = error.until or session.clock() + timedelta(minutes=10)
            failures = failures + 1 if isinstance(error, TransientError) else failures
            # One stream may be ill; two in a row are the portal or the way to it.
            if failures > 1 or isinstance(error, BlockedError) or is_fatal(error):
                raise
    return resumed, limited


def read_stream(
    session: Session,
    stream: Stream,
    state: StreamState,
    window: Window,
    glance: Glance | PortalError | None,
    *,
    now: datetime,
) -> None:
    """Walk one stream, or raise what the first look at it met."""
    if isinstance(glance, PortalError):
        raise glance
    if glance is None:
        walk_products(session, stream, state, until=now)
        return
    begin_walk(state, window, until=now)
    walk_stream(session, stream, state, window, glance)


def rest_until(session: Session, until: datetime, *, give_up_at: datetime, sleep: Callable[[float], None]) -> bool:
    """Wait for a paused method while keeping hold of the portal; False where that would take too long."""
    if until > give_up_at or (session.ends_at and until > session.ends_at):
        return False
    while (rest := until - session.clock()) > timedelta(0):
        session.lease.renew(session.clock())
        sleep(min(rest, NAP).total_seconds())
    return True
