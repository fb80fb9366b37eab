"""Targets and scorecards over HTTP: the whole document, and each role its own people."""

from datetime import date
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from crmsync.models import Portal
from kpis.facts import rebuild
from targets.models import Scorecard, TargetPlan
from targets.plans import publish
from targets.scorecards import compute_plan
from tests.conftest import Cast
from tests.kpis.api.conftest import alice, ask, ask_in_vain, bob, enter, nothing_counted, olga
from tests.kpis.mirror import win_deal
from tests.targets.world import NOW, make_plan, set_target

__all__ = ["alice", "bob", "nothing_counted", "olga"]


@pytest.fixture
def plan(portal: Portal, cast: Cast, boss: User) -> TargetPlan:
    """Bob and Dave are to sell for 1,000; Bob has sold for 800.50, Dave for nothing. Published and computed."""
    plan = make_plan(portal, [cast.bob, cast.dave], boss)
    for who in (cast.bob, cast.dave):
        set_target(plan, who, "revenue", "1000", weight="100", by=boss)
    win_deal(portal, date(2026, 3, 10), cast.bob, "800.50")
    rebuild(portal)
    publish(plan, by=boss, now=NOW)
    compute_plan(plan, now=NOW)
    return plan


def list_people(client: Client, address: str, **parameters: Any) -> list[int]:
    return [row["employee"] for row in ask(client, address, **parameters)["results"]]


@pytest.mark.parametrize("address", ["targets/", "scorecards/"])
def test_each_role_sees_its_people(plan: TargetPlan, olga: Client, alice: Client, bob: Client, address: str) -> None:
    assert [sorted(list_people(who, address)) for who in (olga, alice, bob)] == [[2, 4], [2], [2]]


def test_scorecard_says_all_that_it_was_made_from(plan: TargetPlan, bob: Client) -> None:
    [card] = ask(bob, "scorecards/me/")["results"]
    assert (card["payout"], card["total_score"], card["state"]) == ("40025.00", "80.05", "open")
    [line] = card["lines"]
    assert (line["actual"], line["target"], line["attainment"], line["weight"]) == ("800.5", "1000", "80.05", "100")
    assert card["scheme"] == {"name": "Продажи", "version": 1}
    assert card["working_days"]["worked"] == card["working_days"]["days"]


def test_foreign_scorecard_is_answered_like_none(plan: TargetPlan, bob: Client) -> None:
    foreign = Scorecard.objects.get(employee__external_id=4)
    assert ask_in_vain(bob, f"scorecards/{foreign.pk}/") == ask_in_vain(bob, "scorecards/999999/")


def test_manager_does_not_see_a_draft(portal: Portal, cast: Cast, boss: User, alice: Client, bob: Client) -> None:
    draft = make_plan(portal, [cast.bob], boss)
    set_target(draft, cast.bob, "revenue", "1000", weight="100", by=boss)
    assert (list_people(alice, "targets/"), list_people(bob, "targets/")) == ([2], [])


@pytest.mark.parametrize(
    ("parameters", "people"),
    [
        ({"period": "2026-03"}, [2, 4]),
        ({"period": "2026-04"}, []),
        ({"employee": 4}, [4]),
        ({"limit": 1, "offset": 1}, [2]),
    ],
)
def test_filters_and_pages(plan: TargetPlan, olga: Client, parameters: dict[str, Any], people: list[int]) -> None:
    for address in ("targets/", "scorecards/"):
        found = list_people(olga, address, **parameters)
        assert sorted(found) == people


@pytest.mark.parametrize(("address", "parameter"), [("targets/", "kpi"), ("scorecards/", "state")])
def test_wrong_filter_is_refused(plan: TargetPlan, olga: Client, address: str, parameter: str) -> None:
    assert ask_in_vain(olga, address, **{parameter: "nonsense"})[0] == 400


def test_stranger_without_an_account_has_none_of_his_own(plan: TargetPlan, cast: Cast) -> None:
    assert ask(enter("auditor", None, "auditor"), "scorecards/me/")["results"] == []


def test_scorecards_take_the_same_queries_however_many(
    plan: TargetPlan, olga: Client, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(14):
        ask(olga, "scorecards/")
