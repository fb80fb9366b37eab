"""One run of the synchronisation: what its walks share, and the row that people watch."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta

import structlog
from django.db import transaction

from crmsync.bitrix24.errors import BlockedError, ConfigurationError, PortalError, ScopeError
from crmsync.bitrix24.source import Bitrix24Source
from crmsync.bitrix24.stream import Stream
from crmsync.lease import Lease
from crmsync.models import Portal, Slot, StreamState, SyncRun
from crmsync.people import People
from crmsync.rates import load_rates
from crmsync.rows import Surroundings, survey_portal
from crmsync.slots import close_slots, keep_slots

log = structlog.get_logger(__name__)


class BudgetSpentError(Exception):
    """The time given to this run is over; the next one goes on from the cursor."""


@dataclass
class Tally:
    """What a run read of one stream so far."""

    read: int = 0
    changed: int = 0
    rejected: int = 0
    expected: int = 0
    error: str = ""
    error_text: str = ""
    missing: int = 0
    buried: int = 0
    is_braked: bool = False


@dataclass
class Session:
    """What all walks of one run share."""

    portal: Portal
    source: Bitrix24Source
    lease: Lease
    run: SyncRun
    around: Surroundings
    clock: Callable[[], datetime]
    report: Callable[[SyncRun], None]
    ends_at: datetime | None = None
    slots: Sequence[Slot] = ()
    tallies: dict[str, Tally] = field(default_factory=dict)


def open_session(
    portal: Portal,
    source: Bitrix24Source,
    lease: Lease,
    *,
    clock: Callable[[], datetime],
    report: Callable[[SyncRun], None],
    budget: timedelta | None,
    slots: Sequence[Slot] = (),
) -> Session:
    """Begin a run; runs whose process died without a word are marked as abandoned."""
    now = clock()
    dead = SyncRun.objects.filter(portal=portal, outcome=SyncRun.Outcome.RUNNING)
    dead.update(outcome=SyncRun.Outcome.ABANDONED, finished_at=now)
    return Session(
        portal=portal,
        source=source,
        lease=lease,
        run=SyncRun.objects.create(portal=portal, started_at=now, seen_at=now, slot=next(iter(slots), None)),
        around=survey_portal(portal, people=People(portal), rates=load_rates(portal)),
        clock=clock,
        report=report,
        ends_at=now + budget if budget else None,
        slots=slots,
    )


def count_page(session: Session, stream: str, *, read: int, changed: int, rejected: int) -> None:
    """Add a page to the run's row."""
    tally, run = session.tallies[stream], session.run
    tally.read, tally.changed, tally.rejected = tally.read + read, tally.changed + changed, tally.rejected + rejected
    run.done, run.changed, run.quarantined = run.done + read, run.changed + changed, run.quarantined + rejected
    run.expected = sum(max(known.expected, known.read) for known in session.tallies.values())
    save_run(session)


def save_run(session: Session) -> None:
    """Save the run's row with the state of each stream and a sign of life."""
    run = session.run
    run.requests, run.seen_at = session.source.client.requests, session.clock()
    run.streams = {key: asdict(tally) for key, tally in session.tallies.items()}
    run.save()


def check_budget(session: Session) -> None:
    """Stop between two pages when the run's time is over."""
    if session.ends_at and session.clock() >= session.ends_at:
        raise BudgetSpentError


def note_failure(session: Session, state: StreamState, error: PortalError) -> None:
    """Write a stream's trouble into its state, where people look for it, and into the run."""
    keep_error(session, state, error, name=type(error).__name__)
    note_trouble(session, state.stream, error)


def keep_error(session: Session, state: StreamState, error: PortalError, *, name: str) -> None:
    """Keep an error in a stream's state, and nothing else of it: its walk has not moved."""
    state.error_class, state.error, state.checked_at = name, str(error)[:500], session.clock()
    StreamState.objects.update_or_create(
        portal=session.portal,
        stream=state.stream,
        defaults={name: getattr(state, name) for name in ("error_class", "error", "checked_at")},
    )


def is_spared(stream: Stream, state: StreamState, error: PortalError) -> bool:
    """Tell whether a portal may do without this stream: an optional one, never read, that it does not offer us."""
    refused = isinstance(error, ScopeError) or error.code == "ERROR_METHOD_NOT_FOUND"
    return stream.optional and state.watermark_at is None and refused


def note_trouble(session: Session, stream: str, error: PortalError) -> None:
    """Write trouble into the run's own row, beside what it read of that stream."""
    tally = session.tallies.setdefault(stream, Tally())
    tally.error, tally.error_text = type(error).__name__, str(error)[:500]
    log.warning("sync.stream_failed", portal=session.portal.pk, stream=stream, error_class=tally.error)


def is_fatal(error: PortalError) -> bool:
    """Tell whether no other stream can succeed either."""
    return isinstance(error, ConfigurationError) and not isinstance(error, ScopeError)


def note_missing_fields(session: Session) -> None:
    """Keep on the portal which configured custom fields it does not have (any more)."""
    missing = sorted(session.source.missing_fields)
    if session.portal.missing_fields != missing:
        session.portal.missing_fields = missing
        session.portal.save(update_fields=["missing_fields"])


def note_connection(portal: Portal, error: PortalError | None) -> None:
    """Say on the portal whether its connection works, and what to do where it does not."""
    broken = error is not None and (is_fatal(error) or isinstance(error, BlockedError))
    state, note = (Portal.Connection.BROKEN, str(error)[:300]) if broken else (Portal.Connection.WORKING, "")
    if (portal.connection, portal.connection_note) != (state, note):
        portal.connection, portal.connection_note = state, note
        portal.save(update_fields=["connection", "connection_note"])


def close_run(session: Session, outcome: str, error: PortalError | None = None) -> None:
    """End the run's row and the slots that it fulfils; one that has more to do leaves them open."""
    run = session.run
    run.outcome, run.finished_at = outcome, session.clock()
    # What was expected was an estimate; now the number is known.
    run.expected = run.done if outcome == SyncRun.Outcome.COMPLETE else run.expected
    if error is not None:
        run.error_class, run.error = type(error).__name__, str(error)[:500]
    with transaction.atomic():
        save_run(session)
        if outcome == SyncRun.Outcome.UNFINISHED:
            keep_slots(session.slots)
        else:
            close_slots(session.slots, session.clock())
    log.info("sync.ended", portal=session.portal.pk, outcome=run.outcome, read=run.done, changed=run.changed)


def refuse_run(portal: Portal, error: PortalError, *, now: datetime, slots: Sequence[Slot] = ()) -> SyncRun:
    """Record a run that could not even begin."""
    note_connection(portal, error)
    close_slots(slots, now)
    return SyncRun.objects.create(
        portal=portal,
        started_at=now,
        seen_at=now,
        finished_at=now,
        slot=next(iter(slots), None),
        outcome=SyncRun.Outcome.FAILED,
        error_class=type(error).__name__,
        error=str(error)[:500],
    )


def quiet(_run: SyncRun) -> None:
    """Report nothing."""
