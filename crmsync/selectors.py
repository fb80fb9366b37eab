"""Questions about the mirror and its state that pages ask: freshness, unknown providers, data-quality signals."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Count, F, Q, QuerySet
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from crmsync.bitrix24.stream import Stream
from crmsync.bitrix24.streams import BY_KEY
from crmsync.models import (
    Activity,
    Deal,
    Employee,
    Portal,
    Quarantine,
    Semantics,
    SemanticsSource,
    StreamState,
    SyncRun,
    TouchedDay,
)

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

# Streams whose table alone does not say what they bring.
STREAM_NAMES = {"lead_history": _("stage changes of leads"), "deal_history": _("stage changes of deals")}
CLOSED = (Semantics.SUCCESS, Semantics.FAILURE)
# Read whole once a night: they say nothing about how fresh a portal's figures are.
NIGHTLY = frozenset(stream.key for stream in BY_KEY.values() if stream.nightly)
STREAM_ORDER = {key: place for place, key in enumerate(BY_KEY)}
MOST_DAYS = 1000


@dataclass(frozen=True)
class Signal:
    """Something about a record that a person should look at."""

    key: str
    name: "StrPromise"
    condition: Q


@dataclass(frozen=True)
class UnknownProvider:
    """Activities that no rule of the activity map knows, counted by what they call themselves."""

    type_id: int | None
    provider: str
    count: int


NOBODY = Signal("nobody", _("nobody is responsible"), Q(responsible=None))
MEANINGLESS = Signal("meaning", _("meaning of the stage unknown"), Q(semantics_source=SemanticsSource.UNKNOWN))
LEAD_SIGNALS: tuple[Signal, ...] = (MEANINGLESS, NOBODY)
DEAL_SIGNALS: tuple[Signal, ...] = (
    Signal(
        "day",
        _("won or lost on another day than planned"),
        Q(semantics__in=CLOSED, closed_on__isnull=False, planned_close_on__isnull=False)
        & ~Q(closed_on=F("planned_close_on")),
    ),
    Signal(
        "rate",
        _("no rate for its currency: left out of money"),
        Q(semantics__in=CLOSED, amount__isnull=False, amount_base=None),
    ),
    Signal(
        "duration",
        _("won before it was created: left out of cycle time"),
        Q(semantics=Semantics.SUCCESS, is_recurring=False, cycle_seconds=None),
    ),
    MEANINGLESS,
    Signal("template", _("template of recurring deals: not counted"), Q(is_recurring=True)),
    NOBODY,
)


def title_stream(key: str) -> str:
    """Name a stream for people; an unknown one by its key."""
    if key not in BY_KEY:
        return key
    return capfirst(str(STREAM_NAMES.get(key) or BY_KEY[key].model._meta.verbose_name_plural))


def select_records(stream: Stream, portal: Portal) -> "QuerySet[Any]":
    """Select the mirror's rows of a stream that are, or were, records of the portal: stubs never were."""
    manager: Any = stream.model._default_manager
    # Several streams may fill one table; what is constant in one's key tells its rows from the others'.
    mine = {name: stream.constants[name] for name in stream.unique if name in stream.constants}
    rows: QuerySet[Any] = manager.filter(portal=portal, **mine)
    return rows.filter(is_stub=False) if stream.model is Employee else rows


def select_live(stream: Stream, portal: Portal) -> "QuerySet[Any]":
    """Select the rows of a stream that must be on the portal now."""
    return select_records(stream, portal).filter(deleted_at=None)


def name_stream(key: str) -> str:
    """Name a stream for people, with the key that commands know it by."""
    return f"{title_stream(key)} ({key})" if key in BY_KEY else key


def find_signals(deal: Deal) -> list[Signal]:
    """List the signals that one deal raises, asked of the database in one query."""
    raised = {signal.key: Count("pk", filter=signal.condition) for signal in DEAL_SIGNALS}
    counts = Deal.objects.filter(pk=deal.pk).aggregate(**raised)
    return [signal for signal in DEAL_SIGNALS if counts[signal.key]]


def read_freshness(portal: Portal) -> list[StreamState]:
    """List how far each stream is, in the order in which streams are read."""
    states = StreamState.objects.filter(portal=portal)
    return sorted(states, key=lambda state: (STREAM_ORDER.get(state.stream, len(STREAM_ORDER)), state.stream))


def read_newest_runs(portal: Portal, *, limit: int = 5) -> QuerySet[SyncRun]:
    """List the last runs, the newest first."""
    return SyncRun.objects.filter(portal=portal).order_by("-started_at")[:limit]


def count_unknown_providers(portal: Portal) -> list[UnknownProvider]:
    """Count activities of unknown providers, the most frequent first."""
    unknown = Activity.objects.live().filter(portal=portal, kind=Activity.Kind.UNKNOWN)
    groups = unknown.values("type_id", "provider").annotate(count=Count("*"))
    return [UnknownProvider(**group) for group in groups.order_by("-count", "provider", "type_id")]


def count_quarantine(portal: Portal) -> list[dict[str, Any]]:
    """Count quarantined records by stream. Shape: one {stream, count} per stream that has any."""
    rows = Quarantine.objects.filter(portal=portal).values("stream").annotate(count=Count("*")).order_by("stream")
    return [dict(row) for row in rows]


def count_waiting_days(portal: Portal) -> int | None:
    """Count the days whose figures are stale, up to MOST_DAYS; None when all of them are."""
    touched = TouchedDay.objects.filter(portal=portal)
    if touched.filter(day=None).exists():
        return None
    return touched.order_by().values("day").distinct()[:MOST_DAYS].count()


def find_people(portal: Portal, text: str) -> list[int]:
    """Find employees whose name or e-mail holds every word of a text; returns keys.

    SQLite compares Cyrillic by case, so the few thousand names of a portal are compared here.
    """
    words = text.casefold().split()
    people = Employee.objects.filter(portal=portal).values_list("pk", "last_name", "first_name", "middle_name", "email")
    return [pk for pk, *names in people if has_words(names, words)]


def has_words(names: Iterable[str], words: Iterable[str]) -> bool:
    """Tell whether every word occurs in the names taken together."""
    whole = " ".join(names).casefold()
    return all(word in whole for word in words)
