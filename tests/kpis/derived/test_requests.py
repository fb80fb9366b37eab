"""Requests of clients: which activities take part, where they count, and what an edit of one moves."""

from datetime import date, time, timedelta
from typing import Any

import pytest

from crmsync.models import Portal
from kpis.facts import rebuild, refill
from kpis.models import ClientRequest, WorkCalendar
from tests.conftest import Cast
from tests.kpis.mirror import GONE_AT
from tests.kpis.rows import read_cell
from tests.kpis.talks import TEN, bring, change, days, minutes, talk

DEAL, CONTACT, INVOICE = (2, 5), (3, 5), (31, 5)


def read_requests(portal: Portal) -> list[tuple[int, int, int | None]]:
    """Tell for each request, in order of time: the activity's id, how many in a row, the seconds to the answer."""
    rebuild(portal)
    rows = ClientRequest.objects.filter(portal=portal).order_by("asked_at", "activity__external_id")
    return list(rows.values_list("activity__external_id", "count", "response_seconds"))


ROLES = [
    ("email in", True, False),
    ("chat in", True, False),
    ("call missed", True, False),
    ("call in", False, True),
    ("email out", False, True),
    ("call out", False, True),
    ("chat out", False, True),
    ("meeting out", False, False),
    ("task out", False, False),
    ("ignored in", False, False),
]


@pytest.mark.parametrize(("role", "opens", "answers"), ROLES)
def test_kind_and_direction_decide_what_asks(portal: Portal, role: str, opens: bool, answers: bool) -> None:
    talk(portal, role, TEN, None, DEAL)
    assert bool(read_requests(portal)) == opens


@pytest.mark.parametrize(("role", "opens", "answers"), ROLES)
def test_kind_and_direction_decide_what_answers(portal: Portal, role: str, opens: bool, answers: bool) -> None:
    talk(portal, "email in", TEN, None, DEAL)
    talk(portal, role, minutes(2), None, DEAL)
    assert read_requests(portal)[0][2] == (120 if answers else None)


def test_request_counts_for_whom_it_reached_on_its_day(portal: Portal, cast: Cast, day_zero: date) -> None:
    talk(portal, "email in", TEN, cast.bob, DEAL)
    talk(portal, "chat in", minutes(1), cast.carol, DEAL)
    talk(portal, "email out", days(1), cast.carol, DEAL)
    talk(portal, "email in", minutes(3), cast.bob, CONTACT)
    rebuild(portal)
    cell = read_cell(portal, cast.bob, day_zero)
    assert (cell["requests"], cell["requests_answered"], cell["response_seconds"]) == (2, 1, 86_400)
    assert "requests" not in read_cell(portal, cast.carol, day_zero)


@pytest.mark.parametrize("owner", [(1, 5), DEAL, CONTACT, (4, 5), INVOICE, (1036, 5)])
def test_any_record_of_the_crm_may_be_asked_on(portal: Portal, owner: tuple[int, int]) -> None:
    talk(portal, "email in", TEN, None, owner)
    talk(portal, "email out", minutes(1), None, (owner[0], 6))
    assert [seconds for _, _, seconds in read_requests(portal)] == [None]


@pytest.mark.parametrize(
    "fields", [{"deleted_at": GONE_AT}, {"started_at": None}, {"owner_type": None}, {"owner_external_id": None}]
)
def test_what_has_no_moment_or_record_or_is_gone_asks_nothing(portal: Portal, fields: dict[str, Any]) -> None:
    talk(portal, "email in", TEN, None, DEAL, **fields)
    assert read_requests(portal) == []


def test_several_in_a_row_are_one_request_from_the_first(portal: Portal) -> None:
    first = talk(portal, "email in", TEN, None, DEAL)
    for number in (1, 2):
        talk(portal, "call missed", minutes(number), None, DEAL)
    talk(portal, "call in", minutes(10), None, DEAL)
    assert read_requests(portal) == [(first.external_id, 3, 600)]


def test_activity_that_moves_to_another_record_takes_its_request_along(portal: Portal, cast: Cast) -> None:
    letter = talk(portal, "email in", TEN, cast.bob, DEAL)
    talk(portal, "email out", minutes(1), cast.bob, CONTACT)
    rebuild(portal)
    change(letter, owner_type=CONTACT[0], responsible=cast.carol)
    refill(portal)
    assert ClientRequest.objects.values_list("owner_type", "employee", "response_seconds").get() == (
        CONTACT[0],
        cast.carol.pk,
        60,
    )
    assert "requests" not in read_cell(portal, cast.bob, date(2026, 3, 2))


def test_earlier_letter_moves_the_request_to_its_own_day(portal: Portal, cast: Cast, day_zero: date) -> None:
    talk(portal, "email in", days(1), cast.bob, DEAL)
    rebuild(portal)
    bring(talk(portal, "email in", TEN, cast.carol, DEAL))
    refill(portal)
    assert "requests" not in read_cell(portal, cast.bob, day_zero + timedelta(days=1))
    assert read_cell(portal, cast.carol, day_zero)["requests"] == 1


def test_late_answer_touches_the_day_of_the_request_alone(portal: Portal, cast: Cast, day_zero: date) -> None:
    talk(portal, "email in", TEN, cast.bob, DEAL)
    rebuild(portal)
    bring(talk(portal, "email out", days(3), cast.carol, DEAL))
    refill(portal)
    assert read_cell(portal, cast.bob, day_zero)["response_seconds"] == 3 * 86_400
    assert read_cell(portal, cast.carol, date(2026, 3, 5)) == {"emails_sent": 1}


def test_business_hours_are_those_of_whom_it_reached(portal: Portal, cast: Cast, day_zero: date) -> None:
    WorkCalendar.objects.create(portal=portal, country="", opens_at=time(9), closes_at=time(18))
    # Friday, 18:30 to Monday, 9:10.
    talk(portal, "email in", days(4) + timedelta(hours=8.5), cast.bob, DEAL)
    talk(portal, "email out", days(7) - timedelta(minutes=50), cast.bob, DEAL)
    rebuild(portal)
    cell = read_cell(portal, cast.bob, date(2026, 3, 6))
    assert (cell["response_seconds"], cell["response_business_seconds"]) == (3_760 * 60, 600)


def test_without_a_calendar_no_business_hours_are_known(portal: Portal) -> None:
    talk(portal, "email in", TEN, None, DEAL)
    talk(portal, "email out", minutes(5), None, DEAL)
    rebuild(portal)
    assert ClientRequest.objects.get().business_seconds is None
