"""Who is credited with a won or lost deal, over several looks at it."""

from datetime import date

import pytest

from tests.crmsync.unit.closings import BOB, CAROL, Columns, at, close, make_deal, mirror


def test_responsible_at_first_sight_is_credited() -> None:
    assert close(make_deal(), moved_at=at(3)).credited_to_id == BOB


def test_nobody_responsible_credits_nobody() -> None:
    assert close(make_deal(responsible_id=None), moved_at=at(3)).credited_to_id is None


def test_open_deal_credits_nobody() -> None:
    assert close(make_deal(semantics="P")).credited_to_id is None


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"amount": 500},
        {"modified_at": at(20)},
        {"planned_close_on": date(2026, 3, 25)},
        {"planned_close_on": date(2026, 3, 1)},
    ],
)
def test_reassigning_a_closed_deal_moves_nothing(change: Columns) -> None:
    seen = mirror(make_deal(moved_at=at(3)), moved_at=at(3))
    outcome = close(make_deal(moved_at=at(3), responsible_id=CAROL, **change), before=seen, moved_at=at(3))
    assert (outcome.credited_to_id, outcome.closed_at) == (BOB, at(3))


@pytest.mark.parametrize("later", [date(2026, 3, 25), date(2026, 2, 25)])
def test_edited_planned_date_is_no_new_closing(later: date) -> None:
    seen = mirror(make_deal(planned_close_on=date(2026, 3, 7)))
    outcome = close(make_deal(planned_close_on=later, responsible_id=CAROL), before=seen)
    assert (outcome.credited_to_id, outcome.closed_on) == (BOB, later)


def test_later_change_of_a_deal_without_dates_is_no_new_closing() -> None:
    seen = mirror(make_deal(modified_at=at(3)))
    assert close(make_deal(modified_at=at(9), responsible_id=CAROL), before=seen).credited_to_id == BOB


def test_reopened_deal_loses_its_outcome() -> None:
    seen = mirror(make_deal(), moved_at=at(3))
    assert mirror(make_deal(semantics="P"), before=seen)["credited_to_id"] is None


def test_deal_won_again_after_it_was_seen_open_credits_the_responsible_of_then() -> None:
    seen = mirror(make_deal(), moved_at=at(3))
    reopened = mirror(make_deal(semantics="P", responsible_id=CAROL), before=seen)
    assert close(make_deal(responsible_id=CAROL), before=reopened, moved_at=at(9)).credited_to_id == CAROL


def test_lost_deal_that_is_won_credits_the_responsible_of_then() -> None:
    lost = mirror(make_deal(semantics="F"), moved_at=at(3))
    won = close(make_deal(responsible_id=CAROL), before=lost, moved_at=at(3))
    assert (won.credited_to_id, lost["credited_to_id"]) == (CAROL, BOB)


def test_deal_reopened_and_won_between_two_looks_credits_the_responsible_of_then() -> None:
    seen = mirror(make_deal(moved_at=at(3)), moved_at=at(3))
    again = close(make_deal(moved_at=at(9), responsible_id=CAROL), before=seen, moved_at=at(9))
    assert (again.credited_to_id, again.closed_at) == (CAROL, at(9))


def test_last_move_tells_of_another_closing_too() -> None:
    seen = mirror(make_deal(moved_at=at(3)))
    again = close(make_deal(moved_at=at(9), responsible_id=CAROL), before=seen)
    assert (again.credited_to_id, again.closed_source) == (CAROL, "moved")


def test_better_source_of_the_same_closing_moves_no_credit() -> None:
    seen = mirror(make_deal(moved_at=at(3)))
    told = close(make_deal(moved_at=at(3), responsible_id=CAROL), before=seen, moved_at=at(3, 13))
    assert (told.credited_to_id, told.closed_source, told.closed_at) == (BOB, "history", at(3, 13))


def test_history_that_is_lost_moves_no_credit() -> None:
    seen = mirror(make_deal(moved_at=at(3)), moved_at=at(3))
    told = close(make_deal(moved_at=at(3), responsible_id=CAROL), before=seen)
    assert (told.credited_to_id, told.closed_source) == (BOB, "moved")


@pytest.mark.parametrize("source", ["history", "moved"])
def test_history_that_precedes_its_deal_leaves_the_credit_to_it(source: str) -> None:
    first = make_deal(moved_at=at(3))
    seen = mirror(first, moved_at=at(3) if source == "history" else None)
    told = {**seen, **close(first, before=seen, moved_at=at(9)).columns()}
    came = close(make_deal(moved_at=at(9), responsible_id=CAROL), before=told, moved_at=at(9))
    assert told["closed_at"] == came.closed_at == at(9)
    assert came.credited_to_id == CAROL


def test_history_a_second_after_the_move_is_the_same_closing() -> None:
    deal = make_deal(moved_at=at(3))
    seen = mirror(deal, moved_at=at(3).replace(second=1))
    outcome = close({**deal, "responsible_id": CAROL}, before=seen, moved_at=at(3).replace(second=1))
    assert outcome.credited_to_id == BOB
