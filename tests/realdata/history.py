"""The stage history of one record, from which the moment of an outcome has to be read."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from tests.realdata.dictionaries import MAVEN, OLIST, STAGE_SEMANTICS
from tests.realdata.stamps import write_instant

Record = dict[str, Any]
CREATED, MOVED, FINISHED, REROUTED = 1, 2, 3, 5


@dataclass(frozen=True)
class Move:
    """One move of a record into a stage."""

    at: datetime
    kind: int
    stage: str
    category: int = MAVEN


def trace_outcome(number: int, *, created: datetime, closed: datetime, stage: str) -> list[Move]:
    """Trace a Maven deal to its outcome; some were closed before, reopened, and closed again."""
    moves = [Move(created, CREATED, "NEW"), Move(created + timedelta(hours=1), MOVED, "EXECUTING")]
    earlier = {6: stage, 7: "LOSE" if stage == "WON" else "WON"}.get(number % 13)
    if earlier:
        moves.append(Move(closed - timedelta(hours=6), FINISHED, earlier))
        moves.append(Move(closed - timedelta(hours=3), MOVED, "EXECUTING"))
    return [*moves, Move(closed, FINISHED, stage)]


def trace_open(number: int, *, created: datetime, stage: str) -> list[Move]:
    """Trace an open Maven deal; some were won once and reopened, and so do not count."""
    moves = [Move(created, CREATED, "NEW")]
    if stage == "EXECUTING":
        moves.append(Move(created + timedelta(hours=1), MOVED, "EXECUTING"))
        if number % 17 == 2:
            moves.append(Move(created + timedelta(days=1), FINISHED, "WON"))
            moves.append(Move(created + timedelta(days=2), MOVED, "EXECUTING"))
    return moves


def trace_seller(number: int, *, created: datetime, closed: datetime) -> list[Move]:
    """Trace an Olist deal; some began in the other pipeline."""
    if number % 13 == 6:
        begun = [Move(created, CREATED, "NEW"), Move(created + timedelta(minutes=1), REROUTED, "C1:NEW", OLIST)]
    else:
        begun = [Move(created, CREATED, "C1:NEW", OLIST)]
    return [*begun, Move(closed, FINISHED, "C1:WON", OLIST)]


def list_deal_history(moves: list[tuple[int, Move]]) -> list[Record]:
    """List what crm.stagehistory.list returns for deals: ids grow with time, as on a portal."""
    rows = []
    for key, (owner, move) in enumerate(sorted(moves, key=lambda entry: entry[1].at), start=1):
        meaning = {"STAGE_SEMANTIC_ID": STAGE_SEMANTICS[move.stage], "STAGE_ID": move.stage}
        rows.append(_write_change(key, owner, move) | {"CATEGORY_ID": move.category} | meaning)
    return rows


def list_lead_history(moves: list[tuple[int, Move]]) -> list[Record]:
    """List what crm.stagehistory.list returns for leads."""
    rows = []
    for key, (owner, move) in enumerate(sorted(moves, key=lambda entry: entry[1].at), start=1):
        meaning = {"STATUS_SEMANTIC_ID": STAGE_SEMANTICS[move.stage], "STATUS_ID": move.stage}
        rows.append(_write_change(key, owner, move) | meaning)
    return rows


def _write_change(key: int, owner: int, move: Move) -> Record:
    return {"ID": key, "TYPE_ID": move.kind, "OWNER_ID": owner, "CREATED_TIME": write_instant(move.at)}
