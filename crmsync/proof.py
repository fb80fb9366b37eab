"""Proof that the mirror equals the portal: every record of every stream read again and compared field by field.

It writes nothing but its own rows, holds the portal's lease so that nothing moves underneath, and
goes on from its cursors when it was cut short. What it guarantees: docs/algorithms/proof.md.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from crmsync.bitrix24.errors import PortalError
from crmsync.bitrix24.source import Bitrix24Source, find_id
from crmsync.bitrix24.stream import Stream
from crmsync.bitrix24.streams import STREAMS
from crmsync.comparison import Compared, Ground, compare_rows, read_stored, survey_ground
from crmsync.connect import open_source
from crmsync.lease import Lease, LeaseLostError, hold
from crmsync.models import Difference, Portal, Proof, Slot, StreamState
from crmsync.people import People
from crmsync.rates import load_rates
from crmsync.rows import Surroundings, read_rows, survey_portal
from crmsync.session import is_spared
from crmsync.slots import close_slots, keep_slots
from crmsync.sweep_products import list_deals
from crmsync.windows import Glance, Raw, Window

log = structlog.get_logger(__name__)
MOST_DIFFERENCES = 1000
FRESH = timedelta(hours=6)
# A page: the records of a range of keys, and where the next range begins (None: this was the last).
Page = tuple[list[Raw], dict[str, Any], int | None]


class KnownPeople(People):
    """The employees as they are: a proof makes no stubs."""

    def ensure(self, external_ids: Any) -> None:
        """Leave unknown people unknown."""


@dataclass
class Proving:
    """What the comparison of all streams shares."""

    portal: Portal
    source: Bitrix24Source
    lease: Lease
    proof: Proof
    around: Surroundings
    clock: Callable[[], datetime]
    report: Callable[[Proof], None]
    ends_at: datetime | None = None

    @property
    def is_over(self) -> bool:
        """Tell whether the time given to this slice is over."""
        return self.ends_at is not None and self.clock() >= self.ends_at


def prove_portal(portal: Portal, *, clock: Callable[[], datetime] = timezone.now, **options: Any) -> Proof:
    """Claim the portal and compare it, with the options of `prove_held`. *Raises* AlreadyRunningError."""
    with hold(portal, clock) as lease:
        return prove_held(portal, lease, clock=clock, **options)


def prove_held(
    portal: Portal,
    lease: Lease,
    *,
    open_source: Callable[..., Bitrix24Source] = open_source,
    streams: Sequence[Stream] = STREAMS,
    clock: Callable[[], datetime] = timezone.now,
    report: Callable[[Proof], None] = lambda _proof: None,
    budget: timedelta | None = None,
    slot: Slot | None = None,
) -> Proof:
    """Compare a portal's mirror with the portal and record what differs; trouble is told by the returned proof.

    With `budget` the proof may come back still running; the next call goes on with it. `slot` is what it fulfils.
    """
    proof = resume_proof(portal, clock(), is_sliced=budget is not None)
    try:
        with closing(open_source(portal, on_request=lambda: lease.renew(clock()))) as source:
            around = survey_portal(portal, people=KnownPeople(portal), rates=load_rates(portal))
            ends_at = clock() + budget if budget else None
            compare_streams(Proving(portal, source, lease, proof, around, clock, report, ends_at), streams)
    except LeaseLostError:
        finish_proof(proof, clock(), error=_("Another process took over: compare again."))
        return proof
    except PortalError as error:
        finish_proof(proof, clock(), error=str(error))
    if slot and proof.outcome == Proof.Outcome.RUNNING:
        keep_slots([slot])
    elif slot:
        close_slots([slot], clock())
    return proof


def resume_proof(portal: Portal, now: datetime, *, is_sliced: bool) -> Proof:
    """Go on with a proof that was cut short lately, or begin one; older ones failed."""
    running = Proof.objects.filter(portal=portal, outcome=Proof.Outcome.RUNNING)
    last = running.filter(started_at__gt=now - FRESH).first() if is_sliced else None
    for dead in running:
        if dead != last:
            finish_proof(dead, now, error=_("The process ended before the proof did."))
    return last or Proof.objects.create(portal=portal, started_at=now)


def compare_streams(proving: Proving, streams: Sequence[Stream]) -> None:
    """Compare stream by stream; one that cannot be read does not hold up the others."""
    proof = proving.proof
    states = {state.stream: state for state in StreamState.objects.filter(portal=proving.portal)}
    left = [stream for stream in streams if not proof.streams.get(stream.key, {}).get("is_done")]
    cursors = {stream.key: Window(after=proof.cursor.get(stream.key, 0)) for stream in left}
    _now, glances = proving.source.open(cursors) if left else (None, {})
    for stream in left:
        told = proof.streams.setdefault(stream.key, {"compared": 0, "kept": 0, "causes": {}, "error": ""})
        state = states.get(stream.key) or StreamState(portal=proving.portal, stream=stream.key)
        try:
            told["is_done"] = compare_stream(
                proving, survey_ground(stream, state, proving.portal), glances.get(stream.key)
            )
        except PortalError as error:
            told.update(error="" if is_spared(stream, state, error) else str(error)[:500], is_done=True)
        if not told["is_done"]:
            proof.save()
            return
    finish_proof(proof, proving.clock())


def compare_stream(proving: Proving, ground: Ground, glance: Glance | PortalError | None) -> bool:
    """Compare one stream, each page recorded with the cursor behind it. False when time is up before its end."""
    for raws, condition, cursor in read_pages(proving, ground.stream, glance):
        rows, rejected = read_rows(ground.stream, raws, proving.around)
        compared = compare_rows(ground, rows, rejected, read_stored(ground, condition))
        with transaction.atomic():
            proving.lease.renew(proving.clock())
            record_page(proving.proof, ground.stream, compared, cursor=cursor)
        proving.report(proving.proof)
        if proving.is_over and cursor is not None:
            return False
    return True


def read_pages(proving: Proving, stream: Stream, glance: Glance | PortalError | None) -> Iterator[Page]:
    """Read a stream in ranges of keys. *Shape*: records, the condition of our rows of that range, the next cursor."""
    after = proving.proof.cursor.get(stream.key, 0)
    if isinstance(glance, PortalError):
        raise glance
    if glance is None:
        yield from read_product_pages(proving, after)
    elif not stream.by_keyset:
        pages = proving.source.pages(stream, Window(), glance)
        yield [raw for page in pages for raw in page], {}, None
    else:
        for raws in filter(None, proving.source.pages(stream, Window(after=after), glance)):
            last = max((key for raw in raws if (key := find_id(raw.get(stream.id_field)))), default=after)
            yield raws, {"external_id__gt": after, "external_id__lte": last}, last
            after = last
        yield [], {"external_id__gt": after}, None


def read_product_pages(proving: Proving, after: int) -> Iterator[Page]:
    """Read the product lines of all mirrored deals, some deals at a time; the glance has none, so there is no end."""
    while deals := list_deals(proving.portal, after=after):
        after = deals[-1]
        yield proving.source.product_rows(deals), {"deal_external_id__in": deals}, after


def record_page(proof: Proof, stream: Stream, compared: Compared, *, cursor: int | None) -> None:
    """Add a page to the proof's row, and its differences while there are not too many."""
    told = proof.streams[stream.key]
    told["compared"] += compared.count
    told["kept"] += compared.kept
    # A record that differs in three fields is one record.
    causes = Counter(cause for _, cause in {(found.external_id, found.cause) for found in compared.found})
    told["causes"] = dict(Counter(told["causes"]) + causes)
    room = max(0, MOST_DIFFERENCES - proof.differing)
    proof.compared += compared.count
    proof.differing += causes.total()
    proof.cursor[stream.key] = proof.cursor.get(stream.key, 0) if cursor is None else cursor
    proof.save()
    rows = [Difference(proof=proof, stream=stream.key, **vars(found)) for found in compared.found[:room]]
    Difference.objects.bulk_create(rows)


def finish_proof(proof: Proof, now: datetime, *, error: str = "") -> None:
    """End the proof: equal only when every stream was compared and nothing differs."""
    errors = [told["error"] for told in proof.streams.values() if told.get("error")]
    proof.error = (error or " ".join(dict.fromkeys(errors)))[:500]
    proof.outcome = Proof.Outcome.FAILED if proof.error else Proof.Outcome.EQUAL
    if proof.differing and not error:
        proof.outcome = Proof.Outcome.DIFFERENT
    proof.finished_at = now
    proof.save()
    log.info("proof.ended", portal=proof.portal_id, outcome=proof.outcome, differing=proof.differing)
