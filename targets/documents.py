"""The document of a closed scorecard: all that its payout was made from, canonical, and its hash."""

from collections.abc import Iterable
from typing import Any

from targets.lines import COLUMNS
from targets.models import Scorecard, ScorecardLine
from targets.scoring.canonical import hash_document
from targets.scoring.case import read_case
from targets.scoring.outcome import score
from targets.scoring.results import describe_outcome


def build_document(card: Scorecard, lines: Iterable[ScorecardLine]) -> dict[str, Any]:
    """Build the document of a scorecard. Time: instants in UTC."""
    version = card.scheme_version
    return {
        "portal": card.portal_id,
        "employee": card.employee_id,
        "period": card.period_key,
        "scheme": {"name": version.scheme.name, "version": version.number} if version else None,
        "inputs": card.inputs,
        "result": card.result,
        "proration": card.proration,
        "through": card.through,
        "lines": [{column: write_value(getattr(line, column)) for column in COLUMNS} for line in lines],
    }


def write_value(value: Any) -> Any:
    """Write a line's value; what has no bound says so in a word."""
    return "unbounded" if str(value) == "Infinity" else value


def hash_card(card: Scorecard, lines: Iterable[ScorecardLine]) -> str:
    """Return the hash of a scorecard's document."""
    return hash_document(build_document(card, lines))


def recompute(card: Scorecard) -> dict[str, Any]:
    """Compute the result of a scorecard once more, from its stored inputs alone."""
    return describe_outcome(score(read_case(card.inputs)))
