"""The command `explain`: the same explanation for people and for scripts."""

import json
from datetime import date
from typing import Any

import pytest
from django.core.management import CommandError

from crmsync.models import Portal
from tests.conftest import Cast
from tests.kpis.mirror import GONE_AT, touch, win_deal
from tests.kpis.test_commands import run

DAY = date(2026, 3, 14)


@pytest.fixture
def sales(portal: Portal, cast: Cast) -> Portal:
    win_deal(portal, DAY, cast.bob, "1000.50", title="[/red] Розы", cycle_seconds=60)
    win_deal(portal, DAY, cast.carol, "500", title="Лютик", cycle_seconds=60)
    win_deal(portal, DAY, cast.carol, "7", title="Мак", deleted_at=GONE_AT)
    touch(portal, None)
    return portal


def ask(*arguments: str) -> dict[str, Any]:
    return json.loads(run("explain", *arguments, "--period", "2026-03", "--json"))


def test_json_tells_the_value_with_its_records(sales: Portal) -> None:
    told = ask("average_deal", "--employee", "2")
    assert (told["value"], told["numerator"], told["denominator"]) == (1000.5, 1000.5, 1)
    assert (told["kpi"], told["version"], told["employee"]) == ("average_deal", 1, 2)
    assert told["reported"] == {"value": 1000.5, "numerator": 1000.5, "denominator": 1}
    [record] = told["measures"][0]["records"]
    assert (record["name"], record["day"], record["employee"], record["share"]) == (
        "[/red] Розы",
        "2026-03-14",
        2,
        1000.5,
    )
    assert record["card"] == f"https://romashka.example/crm/deal/details/{record['id']}/"


def test_json_tells_what_is_excluded(sales: Portal) -> None:
    [told] = ask("revenue")["excluded"]
    assert (told["reason"], told["count"], told["counts"]) == ("deleted on the portal", 1, False)
    assert [record["name"] for record in told["records"]] == ["Мак"]


def test_limit_cuts_the_list_and_not_the_sum(sales: Portal) -> None:
    [measure] = ask("revenue", "--limit", "1")["measures"]
    assert (len(measure["records"]), measure["count"], measure["sum"]) == (1, 2, 1500.5)
    assert ask("revenue", "--limit", "0")["measures"][0]["records"] == []


def test_department_is_all_its_people(sales: Portal) -> None:
    assert (ask("revenue", "--department", "1")["value"], ask("revenue", "--department", "2")["value"]) == (1500.5, 0)


def test_text_is_read_by_people(sales: Portal) -> None:
    text = " ".join(run("explain", "average_deal", "--period", "2026-03").replace("\xa0", " ").split())
    assert "Revenue / Deals won = 1,500.50 RUB / 2 = 750.25 RUB" in text
    assert "[/red] Розы" in text
    assert "2 of 2" in text
    assert "deleted on the portal │ 1" in text
    assert text.count("Лютик") == 1


@pytest.mark.parametrize(
    ("arguments", "advice"),
    [
        (["profit", "--period", "2026-03"], "average_deal"),
        (["revenue", "--period", "soon"], "2026-W41"),
        (["revenue", "--period", "2026-03", "--employee", "99"], "list of employees"),
        (["revenue", "--period", "2026-03", "--department", "99"], "list of departments"),
        (["revenue", "--period", "2026-03", "--employee", "2", "--department", "1"], "not both"),
        (["revenue", "--period", "2026-03", "--limit", "-1"], "0 or more"),
        (["revenue", "--period", "2026-03", "--portal", "9"], "9"),
    ],
)
def test_wrong_input_is_one_sentence_and_code_two(sales: Portal, arguments: list[str], advice: str) -> None:
    with pytest.raises(CommandError, match=advice) as refusal:
        run("explain", *arguments)
    assert refusal.value.returncode == 2
