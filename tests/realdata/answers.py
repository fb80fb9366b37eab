"""Puts the reviews where the product keeps what clients were asked and answered."""

from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.apps import apps

from tests.realdata.reviews import Review, list_reviews
from tests.realdata.tables import read_table


def write_reviews(portal: Any, source: Path) -> None:
    """Write the invitations and answers of all reviews, and touch their days."""
    Invitation, Answer = (apps.get_model(f"surveys.{name}") for name in ("Invitation", "Answer"))  # noqa: N806
    reviews = list_reviews(read_table(source, "olist_reviews_sample"), len(read_table(source, "sales_teams")))
    people = dict(apps.get_model("crmsync.Employee").objects.filter(portal=portal).values_list("external_id", "pk"))
    asked = {
        place: Invitation(**describe_sending(portal, review), employee_id=people.get(review.employee or 0))
        for place, review in enumerate(reviews)
        if review.has_invitation
    }
    Invitation.objects.bulk_create(asked.values())
    told = [
        Answer(
            **describe_answer(portal, review), employee_id=people.get(review.employee or 0), invitation=asked.get(place)
        )
        for place, review in enumerate(reviews)
        if review.answered_at
    ]
    Answer.objects.bulk_create(told)
    cells = {(row.employee_id, row.sent_on) for row in asked.values() if row.sent_on}
    cells |= {(row.employee_id, row.answered_on) for row in told}
    TouchedDay = apps.get_model("crmsync.TouchedDay")  # noqa: N806
    TouchedDay.objects.bulk_create([TouchedDay(portal=portal, employee_id=who, day=day) for who, day in cells])


def describe_sending(portal: Any, review: Review) -> dict[str, Any]:
    """Describe an invitation."""
    return {"portal": portal, "sent_at": review.sent_at, "sent_on": find_day(portal, review.sent_at)}


def describe_answer(portal: Any, review: Review) -> dict[str, Any]:
    """Describe an answer."""
    told = {"answered_at": review.answered_at, "answered_on": find_day(portal, review.answered_at)}
    return told | {"portal": portal, "score": review.score, "is_confirmed": review.is_confirmed}


def find_day(portal: Any, at: datetime | None) -> date | None:
    """Find the business day of a moment."""
    return at.astimezone(portal.zone).date() if at else None
