"""The commands `refill` and `kpis`: what they print, and that bad input ends with one sentence and code 2."""

import json
import subprocess
import sys
from datetime import date, datetime
from io import StringIO
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.core.management.base import BaseCommand
from django.utils import translation

from crmsync.models import Portal, StreamState, TouchedDay
from kpis.catalog import CATALOG
from kpis.management.commands import kpis, refill
from kpis.models import DailyFact
from tests.conftest import Cast
from tests.kpis.mirror import add_lead, send_email, touch, win_deal

FEBRUARY = date(2026, 2, 3)


def run(*arguments: str) -> str:
    out = StringIO()
    with translation.override("en"):
        call_command(*arguments, stdout=out, stderr=StringIO())
    return out.getvalue()


def ask(*arguments: str) -> dict[tuple[str, str, int | None], dict[str, Any]]:
    rows = json.loads(run("kpis", *arguments, "--json"))
    return {(row["period"], row["kpi"], row["employee"]): row for row in rows}


@pytest.fixture
def sales(portal: Portal, cast: Cast) -> Portal:
    win_deal(portal, FEBRUARY, cast.bob, "1000.50", cycle_seconds=86_400 * 3 // 2)
    win_deal(portal, FEBRUARY, cast.bob, "2000", cycle_seconds=None)
    for _ in range(8):
        add_lead(portal, FEBRUARY, cast.bob)
    send_email(portal, FEBRUARY, cast.carol)
    for stream in ("deals", "deal_history", "currencies", "leads"):
        StreamState.objects.create(
            portal=portal, stream=stream, watermark_at=datetime(2026, 2, 4, 13, tzinfo=portal.zone)
        )
    touch(portal, None)
    run("refill")
    return portal


def test_json_holds_values_with_their_parts(sales: Portal) -> None:
    rows = ask("--period", "2026-02")
    assert rows["2026-02", "average_deal", 2] == {
        "period": "2026-02",
        "kpi": "average_deal",
        "employee": 2,
        "value": 1500.25,
        "numerator": 3000.5,
        "denominator": 2,
        "complete_through": "2026-02-04T10:00:00+00:00",
    }
    assert rows["2026-02", "lead_conversion", None]["value"] == 25
    assert rows["2026-02", "deal_cycle_time", 2]["value"] == 1.5


def test_json_says_null_where_there_is_no_data(sales: Portal) -> None:
    rows = ask("--period", "2026-02")
    carol = rows["2026-02", "average_deal", 3]
    assert (carol["value"], carol["numerator"], carol["denominator"]) == (None, 0, 0)
    letters = rows["2026-02", "emails_sent", 3]
    assert (letters["value"], letters["denominator"], letters["complete_through"]) == (1, None, None)


def test_json_lists_every_part_for_everybody(sales: Portal) -> None:
    rows = ask("--period", "2026-Q1", "--every", "month")
    assert {key[0] for key in rows} == {"2026-01", "2026-02", "2026-03"}
    assert {key[2] for key in rows} == {2, 3, None}
    assert len(rows) == 3 * 3 * len(CATALOG)


@pytest.mark.parametrize(("by", "employees"), [("team", {None}), ("employee", {2, 3})])
def test_by_limits_the_rows(sales: Portal, by: str, employees: set[int | None]) -> None:
    assert {key[2] for key in ask("--period", "2026", "--by", by)} == employees


def test_table_shows_managers_then_the_team(sales: Portal) -> None:
    text = run("kpis", "--period", "2026-02")
    lines = [line for line in text.splitlines() if "│" in line]
    assert [line.split("│")[1].strip() for line in lines][-3:] == ["Ким Карина", "Петров Борис", "Whole team"]
    assert [cell.strip() for cell in lines[-1].split("│")[2:-1]] == ["2", "3,000.50", "1,500.25", "25.0", "1.5", "1"]
    assert "Value of deals, RUB" in text
    assert "no data" in lines[-3]
    assert "the data is not complete yet" in text


def test_table_says_through_when_data_is_complete_in_the_portals_zone(sales: Portal) -> None:
    StreamState.objects.create(portal=sales, stream="activities", watermark_at=datetime(2026, 2, 5, tzinfo=sales.zone))
    assert "data complete through 02/04/2026 1 p.m." in run("kpis", "--period", "2026-02")


def test_table_of_a_period_without_facts_has_a_heading(sales: Portal) -> None:
    assert "Number of deals" in run("kpis", "--period", "2025", "--by", "employee").replace("\n", " ")


def test_refill_follows_the_touched_days(portal: Portal, cast: Cast) -> None:
    send_email(portal, FEBRUARY, cast.bob)
    touch(portal, FEBRUARY, cast.bob)
    assert (
        run("refill", "--portal", "Ромашка").strip() == "Ромашка: facts up to date, days of employees computed anew: 1."
    )
    assert DailyFact.objects.get().emails_sent == 1
    assert not TouchedDay.objects.exists()


def test_refill_can_rebuild(portal: Portal, cast: Cast) -> None:
    send_email(portal, FEBRUARY, cast.bob)
    run("refill", "--rebuild", "--portal", str(portal.pk))
    assert DailyFact.objects.get().emails_sent == 1


def test_numbers_follow_the_mirror_before_they_are_shown(sales: Portal) -> None:
    touch(sales, FEBRUARY)
    run("kpis", "--period", "2026", "--json")
    assert not TouchedDay.objects.exists()


@pytest.mark.parametrize("period", ["2026-13", "2026-02-30", "2026-W60", "october", ""])
def test_period_that_does_not_exist_is_refused(portal: Portal, period: str) -> None:
    with pytest.raises(CommandError, match="2026-W41") as refusal:
        run("kpis", "--period", period)
    assert refusal.value.returncode == 2


@pytest.mark.parametrize("command", [["refill"], ["kpis", "--period", "2026"]])
@pytest.mark.parametrize(
    ("names", "option", "advice"),
    [([], [], "connect_portal"), (["Ромашка", "Лютик"], ["--portal", "Василёк"], "Василёк.*Ромашка.*Лютик")],
)
def test_portal_that_does_not_exist_is_refused(
    db: None, command: list[str], names: list[str], option: list[str], advice: str
) -> None:
    connect(names)
    with pytest.raises(CommandError, match=advice) as refusal:
        run(*command, *option)
    assert refusal.value.returncode == 2


def test_kpis_of_several_portals_are_refused(db: None) -> None:
    connect(["Ромашка", "Лютик"])
    with pytest.raises(CommandError, match="--portal.*Ромашка.*Лютик") as refusal:
        run("kpis", "--period", "2026")
    assert refusal.value.returncode == 2


def test_refill_fills_every_portal(db: None) -> None:
    for portal in connect(["Ромашка", "Лютик"]):
        send_email(portal, FEBRUARY, None)
    assert len(run("refill", "--rebuild").splitlines()) == 2
    assert DailyFact.objects.count() == 2


def connect(names: list[str]) -> list[Portal]:
    origins = [f"https://{number}.example" for number in range(len(names))]
    return [Portal.objects.create(name=name, origin=origin) for name, origin in zip(names, origins, strict=True)]


@pytest.mark.parametrize(
    ("command", "arguments"),
    [
        (kpis.Command, ["kpis"]),
        (kpis.Command, ["kpis", "--period", "2026", "--every", "hour"]),
        (kpis.Command, ["kpis", "--period", "2026", "--by", "me"]),
        (refill.Command, ["refill", "--all"]),
    ],
)
def test_unknown_option_ends_with_code_two(command: type[BaseCommand], arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        command().run_from_argv(["manage.py", *arguments])
    assert ended.value.code == 2


def test_bad_input_is_one_sentence_on_stderr() -> None:
    command = [sys.executable, "manage.py", "kpis", "--period", "2026-13"]
    ended = subprocess.run(command, cwd=settings.BASE_DIR, capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stdout, len(ended.stderr.splitlines())) == (2, "", 1)
    assert "2026-13" in ended.stderr
