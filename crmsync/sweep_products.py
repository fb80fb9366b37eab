"""The product lines' part of a sweep: lines of all deals read again, because changing them need not change the deal."""

from collections import defaultdict
from typing import Any

from django.db import transaction

from crmsync.bitrix24.stream import Stream
from crmsync.landing import land_products
from crmsync.models import Deal, DealProduct, Portal, StreamState
from crmsync.quarantine import settle_quarantine
from crmsync.rows import Row, read_rows
from crmsync.session import Session, check_budget
from crmsync.walks import DEALS_A_PAGE

Lines = dict[int, set[tuple[int, int]]]


def sweep_products(session: Session, stream: Stream, state: StreamState) -> None:
    """Replace the lines of the deals whose lines differ, some deals a transaction with the cursor behind them."""
    while deals := list_deals(session.portal, after=state.sweep_cursor):
        raws = session.source.product_rows(deals)
        rows, rejected = read_rows(stream, raws, session.around)
        differing = find_differing(deals, rows, read_lines(session.portal, deals))
        with transaction.atomic():
            session.lease.renew(session.clock())
            if differing:
                mine = [row for row in rows if row["deal_external_id"] in differing]
                land_products(sorted(differing), mine, session.around, now=session.clock())
            settle_quarantine(session.portal, stream, raws, rejected, now=session.clock())
            state.sweep_cursor = deals[-1]
            state.save()
        check_budget(session)


def list_deals(portal: Portal, *, after: int) -> list[int]:
    """List the next deals on the portal, by their CRM ids."""
    deals = Deal.objects.live().filter(portal=portal, external_id__gt=after).order_by("external_id")
    return list(deals.values_list("external_id", flat=True)[:DEALS_A_PAGE])


def read_lines(portal: Portal, deals: list[int]) -> Lines:
    """Read the mirrored lines' ids and fingerprints by deal."""
    lines: Lines = defaultdict(set)
    mine = DealProduct.objects.live().filter(portal=portal, deal_external_id__in=deals)
    for deal, key, print_ in mine.values_list("deal_external_id", "external_id", "content_hash"):
        lines[deal].add((key, print_))
    return lines


def find_differing(deals: list[int], rows: list[Row], ours: Lines) -> set[int]:
    """Find the deals whose lines the portal tells differently."""
    theirs: dict[int, Any] = defaultdict(set)
    for row in rows:
        theirs[row["deal_external_id"]].add((row["external_id"], row["content_hash"]))
    return {deal for deal in deals if theirs.get(deal, set()) != ours.get(deal, set())}
