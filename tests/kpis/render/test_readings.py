"""Readings for people and scripts: the `compare` and `breakdown` commands."""

import json
from datetime import date
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from crmsync.models import Portal, Source
from kpis.catalog import CATALOG
from tests.conftest import Cast
from tests.kpis.mirror import add_lead, touch, win_deal


@pytest.fixture
def sales(portal: Portal, cast: Cast) -> Portal:
    Source.objects.create(portal=portal, external_id="WEB", name="[Сайт]")
    for month in (9, 10):
        for _ in range(month - 7):
            win_deal(portal, date(2026, month, 5), cast.bob, "1000.5", source_external_id="WEB", cycle_seconds=86_400)
    add_lead(portal, date(2026, 10, 5), cast.bob, source_external_id="WEB")
    touch(portal, None)
    return portal


def run(*arguments: str) -> str:
    out = StringIO()
    with translation.override("en"):
        call_command(*arguments, stdout=out)
    return out.getvalue()


def ask(*arguments: str) -> list[dict[str, Any]]:
    told: list[dict[str, Any]] = json.loads(run(*arguments, "--json"))
    return told


def test_json_tells_everything_about_an_employees_value(sales: Portal) -> None:
    (told,) = ask("compare", "2026-10", "--employee", "2", "--kpis", "deals_won")
    assert (told["employee"], told["value"], told["records"], told["version"]) == (2, 3, 3, 1)
    assert told["previous"] == {
        "period": "2026-09",
        "start": "2026-09-01",
        "end": "2026-10-01",
        "value": 2,
        "change": 1,
        "change_percent": 50,
    }
    assert told["history"][-2:] == [{"period": "2026-09", "value": 2}, {"period": "2026-10", "value": 3}]
    assert (told["norm"]["kind"], told["norm"]["is_met"], told["complete_through"]) == ("own plan", None, None)


def test_json_of_the_team_has_everybody(sales: Portal) -> None:
    told = ask("compare", "2026-10")
    assert len(told) == 2 * len(CATALOG)
    assert {each["employee"] for each in told} == {2, None}


def test_table_is_read_by_people(sales: Portal) -> None:
    text = run("compare", "2026-10", "--employee", "2")
    (line,) = [line for line in text.splitlines() if "Value of deals" in line]
    cells = [cell.strip() for cell in line.split("│")[1:-1]]
    assert cells[1:4] == ["3,001.50", "+1,000.50 (+50.0\xa0%)", "+3,001.50"]
    assert "15.0–25.0: above" in text
    assert "median 1.0; 9 of 10 within 1.0" in text
    assert "the data is not complete yet" in text


def test_slices_are_named_and_brackets_are_kept(sales: Portal) -> None:
    text = run("breakdown", "2026-10")
    assert "[Сайт]" in text
    (told,) = ask("breakdown", "2026-10", "--by", "source", "--kpis", "lead_conversion")
    assert (told["source"], told["names"], told["value"]) == ("WEB", {"source": "[Сайт]"}, 300)


@pytest.mark.parametrize(
    "arguments",
    [
        ("compare", "2026-13"),
        ("compare", "2026-10", "--employee", "77"),
        ("compare", "2026-10", "--department", "77"),
        ("breakdown", "2026-10", "--employee", "77"),
        ("breakdown", "2026-10", "--portal", "нет такого"),
    ],
)
def test_wrong_arguments_are_told_in_a_sentence(sales: Portal, arguments: tuple[str, ...]) -> None:
    with pytest.raises(CommandError) as told:
        run(*arguments)
    assert told.value.returncode == 2
    assert "\n" not in str(told.value)


def test_empty_breakdown_says_so(sales: Portal) -> None:
    assert "nothing was counted" in run("breakdown", "2020")
