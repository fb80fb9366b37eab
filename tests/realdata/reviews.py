"""Reviews as invitations and answers of clients: who was asked when, what he said, and whom it counts for (R11)."""

from dataclasses import dataclass
from datetime import datetime

from tests.realdata.people import FIRST_AGENT
from tests.realdata.stamps import PORTAL_OFFSET
from tests.realdata.tables import Row


@dataclass(frozen=True)
class Review:
    """One client: what was sent, and what came back; without either moment it did not happen."""

    employee: int | None
    score: int
    is_confirmed: bool
    has_invitation: bool
    sent_at: datetime | None
    answered_at: datetime | None


def list_reviews(reviews: list[Row], agents: int) -> list[Review]:
    """List what became of each line of the reviews."""
    return [_plan_review(number, row, agents) for number, row in enumerate(reviews, start=1)]


def _plan_review(number: int, row: Row, agents: int) -> Review:
    imported = number % 13 == 5
    sent = not imported and number % 17 != 4
    answered = imported or (sent and number % 5 != 0)
    return Review(
        employee=None if number % 7 == 6 else FIRST_AGENT + number % agents,
        score=int(row["review_score"]),
        is_confirmed=number % 11 != 3,
        has_invitation=not imported,
        sent_at=_read(row["review_creation_date"]) if sent else None,
        answered_at=_read(row["review_answer_timestamp"]) if answered else None,
    )


def _read(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=PORTAL_OFFSET)
