"""Through when the numbers are complete: as far as the slowest stream was when the facts last followed the mirror."""

from collections.abc import Collection, Mapping
from datetime import datetime

from django.db.models import Exists, OuterRef
from django.utils import timezone

from crmsync.models import Portal, StreamState, TouchedDay, TouchedRecord
from kpis.models import DeriveRange, Filling, FillRange


def complete_through(portal: Portal, streams: Collection[str]) -> datetime | None:
    """Say through when the numbers made from all these streams are complete.

    Empty: None while one of them has never been read to its end.
    """
    return find_slowest(read_watermarks(portal), streams, now=timezone.now())


def find_slowest(marks: Mapping[str, datetime], streams: Collection[str], *, now: datetime) -> datetime | None:
    """Find how far the slowest of some streams is; what needs none is complete now.

    Empty: None while one of them has never been read to its end.
    """
    known = [marks.get(stream) for stream in streams]
    return min((mark for mark in known if mark), default=now) if all(known) else None


def read_watermarks(portal: Portal) -> dict[str, datetime]:
    """Read how far the facts are, by stream: as far as the mirror once nothing waits to be filled."""
    # One statement sees watermarks, touched days and records, and planned ranges of one moment.
    waiting = (TouchedDay, TouchedRecord, FillRange, DeriveRange)
    stale = [Exists(model._default_manager.filter(portal=OuterRef("portal"))) for model in waiting]
    states = list(StreamState.objects.filter(portal=portal).values_list("stream", "watermark_at", *stale))
    if any(any(waits) for _, _, *waits in states):
        return read_filled_watermarks(portal)
    return {stream: mark for stream, mark, *_ in states if mark}


def read_live_watermarks(portal: Portal) -> dict[str, datetime]:
    """Read how far the mirror is, by stream."""
    states = StreamState.objects.filter(portal=portal).values_list("stream", "watermark_at")
    return {stream: mark for stream, mark in states if mark}


def read_filled_watermarks(portal: Portal) -> dict[str, datetime]:
    """Read how far the mirror was when the facts last caught up with it, by stream."""
    kept = Filling.objects.filter(portal=portal).values_list("watermarks", flat=True).first() or {}
    return {stream: datetime.fromisoformat(mark) for stream, mark in kept.items()}
