"""The part of a sweep that goes by id, page by page: what we lack is read, what the portal lacks is noted."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from crmsync.bitrix24.errors import TransientError
from crmsync.bitrix24.normalize import MalformedError, read_instant
from crmsync.bitrix24.source import find_id
from crmsync.bitrix24.stream import Stream
from crmsync.models import StreamState
from crmsync.selectors import select_live
from crmsync.session import Session, check_budget
from crmsync.tombstones import mark_missing
from crmsync.walks import land_records

Found = Mapping[int, datetime | None]


def sweep_pages(session: Session, stream: Stream, state: StreamState, *, at: datetime) -> None:
    """Compare page by page, each in its transaction with the cursor behind it; then all that lies behind the last."""
    expected = select_live(stream, session.portal).filter(external_id__gt=state.sweep_cursor).count()
    for raws in session.source.headings(stream, after=state.sweep_cursor, expected=expected):
        theirs = read_headings(stream, raws)
        compare_range(session, stream, state, theirs, up_to=max(theirs, default=state.sweep_cursor), at=at)
        check_budget(session)
    compare_range(session, stream, state, {}, up_to=None, at=at)


def compare_range(
    session: Session, stream: Stream, state: StreamState, theirs: Found, *, up_to: int | None, at: datetime
) -> None:
    """Compare the ids after the cursor up to one (None: all); read what we lack, note what the portal lacks."""
    ours = select_live(stream, session.portal).filter(external_id__gt=state.sweep_cursor)
    ours = ours if up_to is None else ours.filter(external_id__lte=up_to)
    known = dict(ours.values_list("external_id", "modified_at" if stream.changed_field else "deleted_at"))
    wanted = sorted(
        key
        for key, changed_at in theirs.items()
        if stream.changed_field and (key not in known or changed_at not in (None, known[key]))
    )
    raws = session.source.fetch(stream, wanted) if wanted else []
    gone = known.keys() - theirs.keys()
    with transaction.atomic():
        session.lease.renew(session.clock())
        if raws:
            land_records(session, stream, raws)
        rows = list(ours.filter(external_id__in=gone)) if gone else []
        mark_missing(stream, rows, portal=session.portal, at=at)
        state.sweep_cursor = up_to or state.sweep_cursor
        state.save()


def read_headings(stream: Stream, raws: Sequence[Any]) -> dict[int, datetime | None]:
    """Read ids with their dates of change. *Empty*: None where there is no readable date.

    *Raises* TransientError for a record without a readable id: it may be any of ours.
    """
    found: dict[int, datetime | None] = {}
    for raw in raws:
        key = find_id(raw.get(stream.id_field))
        if key is None:
            raise TransientError("UNEXPECTED_ANSWER", method=stream.method)
        found[key] = read_date(raw.get(stream.changed_field)) if stream.changed_field else None
    return found


def read_date(raw: Any) -> datetime | None:
    """Read a date of change; what cannot be read tells nothing about a change."""
    try:
        return read_instant(raw)
    except MalformedError:
        return None
