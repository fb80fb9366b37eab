"""Deals and their history land in either order, and the same person is credited for the same closing."""

from itertools import permutations

import pytest

from crmsync.deals import resettle_by_history
from crmsync.models import Deal
from crmsync.rows import Surroundings
from tests.crmsync.unit.raws import land_raws, make_raw

WON_AT, AGAIN_AT = "2026-03-03T12:00:00+03:00", "2026-03-09T12:00:00+03:00"


def land_deal(around: Surroundings, moved: str, by: int, *, stage: str = "WON") -> None:
    meaning = "S" if stage == "WON" else "P"
    raw = make_raw("deals", id=7, stageId=stage, stageSemanticId=meaning, movedTime=moved, assignedById=by)
    land_raws(around, "deals", [raw])


def land_history(around: Surroundings, number: int, at: str, *, stage: str = "WON") -> None:
    raw = make_raw("deal_history", ID=number, OWNER_ID=7, STAGE_ID=stage, CREATED_TIME=at)
    landed = land_raws(around, "deal_history", [raw])
    resettle_by_history(around, {row["owner_external_id"] for row in landed.changed})


def read_outcome() -> tuple[int | None, str, str]:
    deal = Deal.objects.get()
    credited = deal.credited_to.external_id if deal.credited_to else None
    return credited, f"{deal.closed_on}", deal.closed_source


def test_history_first_or_deal_first_is_the_same(staffed: Surroundings) -> None:
    land_history(staffed, 1, WON_AT)
    land_deal(staffed, WON_AT, by=2)
    assert read_outcome() == (2, "2026-03-03", "history")


def test_late_history_improves_the_moment_only(staffed: Surroundings) -> None:
    land_deal(staffed, WON_AT, by=2)
    assert read_outcome() == (2, "2026-03-03", "moved")
    land_history(staffed, 1, "2026-03-02T12:00:00+03:00")
    assert read_outcome() == (2, "2026-03-02", "history")


@pytest.mark.parametrize("history_first", [True, False])
def test_deal_won_again_between_two_looks_is_credited_in_either_order(
    staffed: Surroundings, history_first: bool
) -> None:
    land_history(staffed, 1, WON_AT)
    land_deal(staffed, WON_AT, by=2)
    steps = [lambda: land_history(staffed, 2, AGAIN_AT), lambda: land_deal(staffed, AGAIN_AT, by=3)]
    for step in steps if history_first else reversed(steps):
        step()
    assert read_outcome() == (3, "2026-03-09", "history")


def test_without_the_guard_history_first_credits_the_wrong_person(
    staffed: Surroundings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crmsync.outcomes.is_overtaken", lambda *_: False)
    land_deal(staffed, WON_AT, by=2)
    land_history(staffed, 1, AGAIN_AT)
    land_deal(staffed, AGAIN_AT, by=3)
    assert read_outcome() == (2, "2026-03-09", "history")


def test_reassigned_after_the_second_closing_keeps_its_credit(staffed: Surroundings) -> None:
    land_deal(staffed, WON_AT, by=2)
    land_history(staffed, 1, AGAIN_AT)
    land_deal(staffed, AGAIN_AT, by=3)
    land_deal(staffed, AGAIN_AT, by=4)
    assert read_outcome() == (3, "2026-03-09", "history")


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_newest_record_of_the_present_stage_decides_whatever_the_order(
    staffed: Surroundings, order: tuple[int, ...]
) -> None:
    land_deal(staffed, AGAIN_AT, by=2)
    records = [(1, WON_AT, "WON"), (2, "2026-03-05T12:00:00+03:00", "NEW"), (3, AGAIN_AT, "WON")]
    for number, at, stage in (records[place] for place in order):
        land_history(staffed, number, at, stage=stage)
    assert read_outcome() == (2, "2026-03-09", "history")


def test_history_of_another_stage_tells_nothing(staffed: Surroundings) -> None:
    land_deal(staffed, WON_AT, by=2)
    land_history(staffed, 1, "2026-03-02T12:00:00+03:00", stage="EXECUTING")
    assert read_outcome() == (2, "2026-03-03", "moved")


def test_history_of_an_open_deal_closes_nothing(staffed: Surroundings) -> None:
    land_deal(staffed, WON_AT, by=2, stage="NEW")
    land_history(staffed, 1, AGAIN_AT)
    assert read_outcome() == (None, "None", "")


def test_reopened_deal_is_won_no_more(staffed: Surroundings) -> None:
    land_history(staffed, 1, WON_AT)
    land_deal(staffed, WON_AT, by=2)
    land_deal(staffed, AGAIN_AT, by=2, stage="NEW")
    assert read_outcome() == (None, "None", "")
    assert list(Deal.objects.won()) == []
