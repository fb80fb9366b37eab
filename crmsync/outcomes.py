"""When a deal was won or lost, who is credited, and what it was worth: fixed here and nowhere else. Pure.

The rules are those of docs/algorithms/outcomes.md.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from crmsync.conversion import Rates

SUCCESS, FAILURE = "S", "F"
# Where a moment is known from, the most trusted first: the values of Deal.ClosedSource.
HISTORY, MOVED, PLANNED, CHANGED = "history", "moved", "planned", "changed"


@dataclass(frozen=True)
class Outcome:
    """What is fixed about a deal that is won or lost; all empty while it is open."""

    closed_at: datetime | None = None
    closed_on: date | None = None
    closed_source: str = ""
    credited_to_id: int | None = None
    amount_base: Decimal | None = None
    cycle_seconds: int | None = None

    def columns(self) -> dict[str, Any]:
        """Give the outcome as columns of Deal."""
        return asdict(self)


OPEN = Outcome()


def settle(
    deal: Mapping[str, Any],
    *,
    before: Mapping[str, Any] | None,
    moved_at: datetime | None,
    zone: ZoneInfo,
    rates: Rates,
) -> Outcome:
    """Fix the outcome of a deal as the portal now tells it.

    *Shape*: `deal` and `before` are columns of Deal, `before` as the mirror had them (None: first seen);
    `moved_at` is the newest stage-history record that moved the deal to its present stage.
    """
    if deal["semantics"] not in (SUCCESS, FAILURE):
        return OPEN
    closed_at, source = find_moment(deal, moved_at=moved_at, zone=zone)
    on = closed_at.astimezone(zone).date()
    won = deal["semantics"] == SUCCESS
    seconds = int((closed_at - deal["created_at"]).total_seconds())
    return Outcome(
        closed_at=closed_at,
        closed_on=on,
        closed_source=source,
        credited_to_id=find_credit(deal, before=before, closed_at=closed_at, source=source),
        amount_base=rates.convert(deal["amount"], deal["currency"], on),
        cycle_seconds=seconds if won and seconds >= 0 else None,
    )


def find_moment(deal: Mapping[str, Any], *, moved_at: datetime | None, zone: ZoneInfo) -> tuple[datetime, str]:
    """Find the moment of winning or losing and where it is known from.

    The planned date can be edited by hand at any time, so it is asked last; it stands for the start of its day.
    """
    if moved_at:
        return moved_at, HISTORY
    if deal["moved_at"]:
        return deal["moved_at"], MOVED
    if deal["planned_close_on"]:
        return datetime.combine(deal["planned_close_on"], time(), tzinfo=zone).astimezone(UTC), PLANNED
    return deal["modified_at"] or deal["created_at"], CHANGED


def find_credit(
    deal: Mapping[str, Any], *, before: Mapping[str, Any] | None, closed_at: datetime, source: str
) -> int | None:
    """Find who is credited: whoever was responsible when this very closing was first seen.

    A later moment from the same source is another closing (reopened and closed again between
    two looks); the same closing told by a better source is not.
    """
    if before is None or before["semantics"] != deal["semantics"] or before["closed_at"] is None:
        return deal["responsible_id"]
    again = source in (HISTORY, MOVED) and source == before["closed_source"] and closed_at > before["closed_at"]
    return deal["responsible_id"] if again or is_overtaken(before, deal) else before["credited_to_id"]


def is_overtaken(before: Mapping[str, Any], deal: Mapping[str, Any]) -> bool:
    """Tell whether history brought this closing before the deal itself came and told who is responsible now."""
    if before["moved_at"] is None or deal["moved_at"] is None:
        return False
    return before["moved_at"] < min(before["closed_at"], deal["moved_at"])
