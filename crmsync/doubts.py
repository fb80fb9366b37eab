"""Records to be asked for again by their ids: no window comes back to what nobody changes on the portal any more."""

from django.db import transaction

from crmsync.bitrix24.stream import Stream
from crmsync.models import Difference, Portal, Proof, Quarantine
from crmsync.selectors import select_records
from crmsync.session import Session, check_budget
from crmsync.walks import PRODUCTS, land_records

AT_ONCE = 1000


def reread_doubted(session: Session, stream: Stream) -> None:
    """Read again what could not be read, and what the last proof found to differ."""
    if not stream.by_keyset or stream.key == PRODUCTS:
        return  # these are read whole anyway
    doubted = list_doubted(session.portal, stream)
    for start in range(0, len(doubted), AT_ONCE):
        ids = doubted[start : start + AT_ONCE]
        raws = session.source.fetch(stream, ids)
        with transaction.atomic():
            session.lease.renew(session.clock())
            # A row that differs although the portal said nothing new is not to be spared for its fingerprint.
            select_records(stream, session.portal).filter(external_id__in=ids).update(content_hash=0)
            land_records(session, stream, raws)
        check_budget(session)


def list_doubted(portal: Portal, stream: Stream) -> list[int]:
    """List the ids in quarantine and those of the last proof's differences; what has no readable id is left out."""
    held = Quarantine.objects.filter(portal=portal, stream=stream.key)
    ended = Proof.objects.filter(portal=portal).exclude(outcome=Proof.Outcome.RUNNING)
    found = Difference.objects.filter(proof=ended.first(), stream=stream.key)
    names = {*held.values_list("external_id", flat=True), *found.values_list("external_id", flat=True)}
    return sorted(int(name) for name in names if name.isdecimal() and name.isascii())
