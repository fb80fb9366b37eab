"""What the admin shows of a scorecard: its lines, amounts, steps, and all that it stores, so that it can be checked."""

import json
from collections.abc import Iterable
from typing import Any

from kpis.explanations.amounts import NOTHING
from targets.documents import hash_card, recompute
from targets.models import Scorecard, ScorecardLine
from targets.pages.amounts import find_unit, name_kpi, write_percent, write_plain, write_points, write_value
from targets.pages.bonus import Bonus, describe_bonus
from targets.pages.plans import read_adjustments, read_events
from targets.pages.story import tell_story
from targets.pages.target_notes import describe_target
from targets.pages.team import write_payout
from targets.scoring.case import read_case
from targets.scoring.outcome import score


def write_score(card: Scorecard) -> str:
    """Write the total score. Empty: a dash."""
    return write_points(card.total_score)


def list_asked(cards: Iterable[Scorecard]) -> list[dict[str, Any]]:
    """List scorecards to be moved, with what is known of each now."""
    return [
        {
            "pk": card.pk,
            "name": str(card),
            "state": card.state,
            "state_name": card.get_state_display(),
            "score": write_score(card),
            "payout": write_payout(card),
        }
        for card in cards
    ]


def describe_card(card: Scorecard) -> dict[str, Any]:
    """Describe a scorecard with all that it stores. Raises: ScoringError for inputs that cannot be read any more."""
    lines, adjustments = list(card.lines.order_by("place")), read_adjustments(card)
    own = [each for each in adjustments if each.scorecard_id == card.pk]
    return {
        "card": card,
        "score": write_score(card),
        "payout": write_payout(card),
        "lines": [describe_line(line, currency=card.portal.base_currency) for line in lines],
        "bonus": read_bonus(card, own) if card.inputs else None,
        "story": tell_story(card, read_events(card), adjustments),
        "is_proved": prove(card, lines) if card.content_hash else None,
        "inputs": json.dumps(card.inputs, ensure_ascii=False, indent=2),
        "result": json.dumps(card.result, ensure_ascii=False, indent=2),
        "proration": json.dumps(card.proration, ensure_ascii=False, indent=2),
    }


def read_bonus(card: Scorecard, adjustments: list[Any]) -> Bonus:
    """Read how the payout comes about, from the stored inputs."""
    case = read_case(card.inputs)
    return describe_bonus(case, score(case), adjustments)


def prove(card: Scorecard, lines: Iterable[ScorecardLine]) -> bool:
    """Say whether the stored inputs still give the stored result, and both the stored hash."""
    return recompute(card) == card.result and hash_card(card, lines) == card.content_hash


def describe_line(line: ScorecardLine, *, currency: str) -> dict[str, str]:
    """Describe a line as texts."""
    return {
        "name": name_kpi(line.kpi),
        "version": str(line.kpi_version),
        "state": line.get_state_display(),
        "actual": write_value(line.actual, find_unit(line.kpi), currency=currency),
        "sample": write_plain(line.sample),
        "target": describe_target(line, currency=currency),
        "target_version": str(line.target_version),
        "attainment": write_percent(line.attainment),
        "weight": write_plain(line.weight),
        "score": NOTHING if line.score is None else write_points(line.score),
        "points": write_points(line.contribution),
    }
