"""Quarantine: records that could not be read, each once, until they can be."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from crmsync.bitrix24.stream import Stream
from crmsync.models import Portal, Quarantine
from crmsync.rows import Rejected, name_record


def settle_quarantine(
    portal: Portal, stream: Stream, raws: Iterable[Any], rejected: Sequence[Rejected], *, now: datetime
) -> None:
    """Take the unreadable records of a page in, and let those out that the page shows readable."""
    keep_rejected(portal, stream.key, rejected, now=now)
    release_quarantine(portal, stream, raws, rejected)


def keep_rejected(portal: Portal, stream: str, rejected: Sequence[Rejected], *, now: datetime) -> None:
    """Put unreadable records into quarantine, each once, with the newest reason."""
    for bad in rejected:
        Quarantine.objects.update_or_create(
            portal=portal,
            stream=stream,
            external_id=bad.external_id,
            defaults={"reason": bad.reason, "payload": bad.payload, "last_seen_at": now},
            create_defaults={"reason": bad.reason, "payload": bad.payload, "last_seen_at": now, "first_seen_at": now},
        )


def release_quarantine(portal: Portal, stream: Stream, raws: Iterable[Any], rejected: Iterable[Rejected]) -> None:
    """Let records out of quarantine that have become readable."""
    kept = Quarantine.objects.filter(portal=portal, stream=stream.key)
    held = set(kept.values_list("external_id", flat=True))
    if held:
        good = held.intersection(name_record(stream, raw) for raw in raws)
        kept.filter(external_id__in=good.difference(bad.external_id for bad in rejected)).delete()
