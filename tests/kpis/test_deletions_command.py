"""The command `deletions`: what left the KPIs, for people and for scripts."""

import json
from datetime import date
from typing import Any

import pytest
from django.core.management import CommandError

from crmsync.models import Portal
from tests.conftest import Cast
from tests.kpis.mirror import GONE_AT, add_lead, bury, win_deal
from tests.kpis.test_commands import run

MARCH, APRIL = date(2026, 3, 14), date(2026, 4, 2)


@pytest.fixture
def losses(portal: Portal, cast: Cast) -> Portal:
    bury(win_deal(portal, APRIL, cast.bob, "1000.50", created_on=MARCH, title="Розы", cycle_seconds=86_400))
    bury(win_deal(portal, APRIL, None, "2000", cycle_seconds=None))
    bury(add_lead(portal, MARCH, cast.carol, title="Лютик"), restored_at=GONE_AT)
    return portal


def ask(*arguments: str) -> dict[str, Any]:
    return json.loads(run("deletions", *arguments, "--json"))


def test_json_tells_each_record_with_what_left(losses: Portal) -> None:
    rose = ask()["deletions"][0]
    assert {key: rose[key] for key in ("stream", "name", "missed_at", "deleted_at", "restored_at")} == {
        "stream": "deals",
        "name": "Розы",
        "missed_at": "2026-04-01T02:00:00+00:00",
        "deleted_at": "2026-04-02T02:00:00+00:00",
        "restored_at": None,
    }
    assert rose["left"][0] == {"measure": "deals_created", "day": "2026-03-14", "employee": 2, "value": 1}
    assert rose["left"][2] == {"measure": "revenue", "day": "2026-04-02", "employee": 2, "value": 1000.5}


def test_json_adds_up_what_left_each_kpi(losses: Portal) -> None:
    told = {kpi["kpi"]: (kpi["version"], kpi["numerator"], kpi["denominator"]) for kpi in ask()["kpis"]}
    assert told == {
        "deals_won": (1, 2, None),
        "revenue": (1, 3000.5, None),
        "average_deal": (1, 3000.5, 2),
        "lead_conversion": (1, 2, 0),
        "deal_cycle_time": (1, 86_400, 1),
        "win_rate": (1, 2, 2),
        "marketing_roi": (1, 3000.5, 0),
    }


def test_record_that_came_back_is_told_without_figures(losses: Portal) -> None:
    lead = ask()["deletions"][2]
    assert (lead["name"], lead["restored_at"], lead["left"]) == ("Лютик", "2026-04-02T02:00:00+00:00", [])


def test_period_leaves_what_left_its_days(losses: Portal) -> None:
    told = ask("--period", "2026-03")
    assert [figure["measure"] for record in told["deletions"] for figure in record["left"]] == ["deals_created"]
    assert told["kpis"] == []


def test_table_is_read_by_people(losses: Portal) -> None:
    text = " ".join(run("deletions").replace("\xa0", " ").split())
    assert "Deals created −1, 03/14/2026, Петров Борис" in text
    assert "Average value of a deal │ Revenue −3,000.50 RUB, Deals won −2" in text
    assert "nobody" in text


def test_brackets_of_people_are_no_markup(portal: Portal) -> None:
    bury(add_lead(portal, MARCH, None, title="[/red] [bold]Заявка"))
    assert "[/red] [bold]Заявка" in run("deletions")


def test_nothing_deleted_is_two_empty_lists(portal: Portal) -> None:
    assert ask() == {"deletions": [], "kpis": []}


@pytest.mark.parametrize(
    ("option", "advice"), [(["--period", "soon"], "2026-W41"), (["--period", ""], "2026-W41"), (["--portal", "9"], "9")]
)
def test_wrong_input_is_one_sentence_and_code_two(portal: Portal, option: list[str], advice: str) -> None:
    with pytest.raises(CommandError, match=advice) as refusal:
        run("deletions", *option)
    assert refusal.value.returncode == 2
