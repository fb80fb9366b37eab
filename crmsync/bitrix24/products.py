"""Product lines: asked for by their deals, many of them a command, and believed only where the list held still.

The method's filter has no bound by id, so that its pages are counted ones, which move when a line goes.
"""

from collections.abc import Sequence

from crmsync.bitrix24.answers import Answer, parse_integer
from crmsync.bitrix24.batch import Command
from crmsync.bitrix24.errors import StalledError, TransientError
from crmsync.bitrix24.keyset import Row

DEALS_A_COMMAND = 20


def ask_products(deal_ids: Sequence[int]) -> dict[str, Command]:
    """Ask for the first page of the product lines of some deals."""
    chunks = [deal_ids[at : at + DEALS_A_COMMAND] for at in range(0, len(deal_ids), DEALS_A_COMMAND)]
    return {f"d{number}": ask_page(chunk) for number, chunk in enumerate(chunks)}


def ask_page(deal_ids: Sequence[int]) -> Command:
    """Ask for the first page of a few deals."""
    owners = {"=ownerType": "D", "=ownerId": list(deal_ids)}
    return "crm.item.productrow.list", {"filter": owners, "order": {"id": "ASC"}, "start": 0}


def check_page(command: Command, answer: Answer, rows: list[Row], *, total: int | None) -> list[Row]:
    """Return the lines of a page; `total` is what the first page of its list counted.

    Raises: TransientError when they are not those asked for, or when the list has changed since its first page:
    whatever is not among the lines read would be taken for deleted.
    """
    method, params = command
    owners = {parse_integer(row.get("ownerId")) for row in rows} - {None}
    if not owners <= set(params["filter"]["=ownerId"]):
        raise TransientError("FILTER_IGNORED", method=method)
    if answer.total != total and None not in (answer.total, total):
        raise TransientError("LIST_CHANGED", method=method)
    return rows


def follow_page(command: Command, answer: Answer) -> Command | None:
    """Ask for the page behind an answer's; None where there is none.

    Raises: StalledError when the portal names one that has been read.
    """
    method, params = command
    if answer.next is None:
        return None
    if answer.next <= params["start"]:
        raise StalledError("CURSOR_STALLED", method=method)
    return method, {**params, "start": answer.next}
