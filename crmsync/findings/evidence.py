"""What findings are told from: one portal's state as it stands in the database, gathered by a fixed set of queries."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from crmsync.bitrix24.streams import BY_KEY
from crmsync.heartbeat import SILENCE, find_last_beat
from crmsync.models import Portal, Proof, Slot, StreamState, SyncRun
from crmsync.selectors import (
    NIGHTLY,
    UnknownProvider,
    count_quarantine,
    count_unknown_providers,
    count_waiting_days,
    read_freshness,
    read_newest_runs,
    select_records,
)

# Three syncs may fail by accident; the rest is for a portal's clock that differs and for a sync under way.
MISSED_SYNCS = 3
GRACE = timedelta(minutes=15)
# Two nights: one may fall out for a restart.
CHECKED_WITHIN = timedelta(days=2)


@dataclass(frozen=True)
class Evidence:
    """A portal's state at one moment.

    `run` is the newest one, `proof` the newest that has ended; `mirrored` counts the live rows of braked
    streams; `waiting` counts days whose figures are stale, None when all are.
    """

    portal: Portal
    now: datetime
    last_beat: datetime | None = None
    states: Sequence[StreamState] = ()
    run: SyncRun | None = None
    proof: Proof | None = None
    slots: Sequence[Slot] = ()
    quarantined: Mapping[str, int] = field(default_factory=dict)
    providers: Sequence[UnknownProvider] = ()
    waiting: int | None = 0
    mirrored: Mapping[str, int] = field(default_factory=dict)

    @property
    def is_silent(self) -> bool:
        """Tell whether no worker takes tasks."""
        return self.last_beat is None or self.now - self.last_beat > SILENCE

    @property
    def unknown(self) -> int:
        """How many activities no rule of the activity map knows."""
        return sum(row.count for row in self.providers)

    @property
    def is_broken(self) -> bool:
        """Tell whether the connection cannot work until somebody mends it."""
        return self.portal.connection == Portal.Connection.BROKEN

    @property
    def is_busy(self) -> bool:
        """Tell whether a run is under way, or goes on as soon as a worker is free."""
        goes_on = (SyncRun.Outcome.RUNNING, SyncRun.Outcome.UNFINISHED)
        return self.run is not None and self.run.outcome in goes_on and self.now - self.run.seen_at <= GRACE

    @property
    def is_held(self) -> bool:
        """Tell whether somebody is at work on the portal right now."""
        return self.portal.lease_until is not None and self.portal.lease_until > self.now

    def find_patience(self, stream: str) -> timedelta:
        """Say how old a stream's watermark may grow before it counts as stale."""
        return (
            CHECKED_WITHIN if stream in NIGHTLY else MISSED_SYNCS * timedelta(seconds=self.portal.sync_seconds) + GRACE
        )


def gather_evidence(portal: Portal, now: datetime) -> Evidence:
    """Read a portal's state. The number of queries depends on nothing but the number of braked streams."""
    states = read_freshness(portal)
    ended = Proof.objects.filter(portal=portal).exclude(outcome=Proof.Outcome.RUNNING)
    return Evidence(
        portal=portal,
        now=now,
        last_beat=find_last_beat(),
        states=states,
        run=read_newest_runs(portal, limit=1).first(),
        proof=ended.order_by("-started_at").first(),
        slots=list(Slot.objects.filter(portal=portal, done_at=None).order_by("due_at", "pk")),
        quarantined={row["stream"]: row["count"] for row in count_quarantine(portal)},
        providers=count_unknown_providers(portal),
        waiting=count_waiting_days(portal),
        mirrored={state.stream: count_mirrored(portal, state.stream) for state in states if state.is_braked},
    )


def count_mirrored(portal: Portal, key: str) -> int:
    """Count the live rows of a stream."""
    if key not in BY_KEY:
        return 0
    return select_records(BY_KEY[key], portal).filter(deleted_at=None).count()
