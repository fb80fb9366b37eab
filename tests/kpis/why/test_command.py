"""The command `why`: what it compares, what it prints, and that bad input ends with one sentence and code 2."""

import json
from datetime import date
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from crmsync.models import Portal, Source
from kpis.earlier_periods import cut
from kpis.management.commands import why
from kpis.periods import PeriodError, parse_period
from tests.conftest import Cast
from tests.kpis.mirror import add_lead, win_deal

APRIL, JULY = date(2026, 4, 6), date(2026, 7, 6)
TODAY = date(2026, 11, 22)
COMPARED = [
    ("2026-Q3", None, "2026-Q2", None, None),
    ("2026-Q3", "year", "2025-Q3", None, None),
    ("2026-Q3", "2025-Q4", "2025-Q4", None, None),
    ("2026-11", None, "2026-10", 22, 22),
    ("2026-11", "year", "2025-11", 22, 22),
    ("2026-11", "2026-W01", "2026-W01", 22, 7),
    ("2026-11-22", None, "2026-11-21", 1, 1),
]
REFUSED = [
    (["2026-13"], "2026-W41"),
    (["2026-Q3", "--against", "summer"], "summer.*2026-W41"),
    (["2026-12"], "2026-12 has not begun"),
    (["2026-Q3", "--against", "2026-Q3"], "such as 2026-Q2"),
    (["2026-Q3", "--against", "2026"], "2026 does not end before 2026-Q3 begins"),
    (["2026-Q3", "--employee", "77"], "ID 77 on “Ромашка”"),
    (["2026-Q3", "--portal", "Василёк"], "Василёк.*Ромашка"),
]


@pytest.fixture
def sales(portal: Portal, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Portal:
    """A source of two quarters, and one with a deal and no lead in the second."""
    monkeypatch.setattr(why, "localdate", lambda timezone: TODAY)
    Source.objects.create(portal=portal, external_id="WEB", name="Сайт [new]")
    for day, leads, amounts in ((APRIL, 10, ("1000000",)), (JULY, 18, ("1260000", "900000"))):
        for _ in range(leads):
            add_lead(portal, day, cast.bob, source_external_id="WEB")
        for amount in amounts:
            win_deal(portal, day, cast.bob, amount, source_external_id="WEB")
    win_deal(portal, JULY, cast.dave, "50000.25", source_external_id="PARTNER")
    return portal


def run(*arguments: str) -> str:
    out = StringIO()
    with translation.override("en"):
        call_command("why", *arguments, stdout=out, stderr=StringIO())
    return out.getvalue().replace("\N{NO-BREAK SPACE}", " ")


def read_rows(text: str) -> list[list[str]]:
    return [[cell.strip() for cell in line.split("│")[1:-1]] for line in text.splitlines() if line.startswith("│")]


@pytest.mark.parametrize(("named", "against", "earlier", "days", "earlier_days"), COMPARED)
def test_periods_that_are_compared(
    named: str, against: str | None, earlier: str, days: int | None, earlier_days: int | None
) -> None:
    expected = [cut(parse_period(name), days=kept or 1000) for name, kept in ((named, days), (earlier, earlier_days))]
    assert list(why.choose_periods(named, against=against, today=TODAY)) == expected


@pytest.mark.parametrize(("arguments", "advice"), REFUSED)
def test_bad_input_is_refused_in_one_sentence(sales: Portal, arguments: list[str], advice: str) -> None:
    with pytest.raises(CommandError, match=advice) as refusal:
        run(*arguments)
    assert (refusal.value.returncode, len(str(refusal.value).splitlines())) == (2, 1)


def test_period_that_begins_today_has_begun() -> None:
    assert why.choose_periods("2026-11-22", against=None, today=TODAY)
    with pytest.raises(PeriodError):
        why.choose_periods("2026-11-23", against=None, today=TODAY)


def test_sentence_comes_first_and_adds_up(sales: Portal) -> None:
    lines = run("2026-Q3").splitlines()
    assert lines[0] == (
        "Revenue +1,210,000 RUB: number of leads +800,000, conversion +200,000, "
        "average value of a deal +160,000, deals without leads +50,000."
    )
    assert lines[1] == "2026-Q2 (April 1, 2026 – June 30, 2026): 1,000,000 RUB"
    assert lines[2] == "2026-Q3 (July 1, 2026 – Sept. 30, 2026): 2,210,000 RUB"


def test_table_has_a_row_per_source_then_all(sales: Portal) -> None:
    rows = read_rows(run("2026-Q3"))
    figures = ["10 → 18", "1 → 2", "1,000,000 → 2,160,000", "+1,160,000"]
    assert rows[0] == ["Сайт [new]", *figures, "+800,000", "0", "+200,000", "+160,000", "0"]
    assert rows[1] == ["PARTNER", "0 → 0", "0 → 1", "0 → 50,000", "+50,000", "0", "0", "0", "0", "+50,000"]
    assert rows[2][:5] == ["All sources", "10 → 18", "1 → 3", "1,000,000 → 2,210,000", "+1,210,000"]


def test_shown_figures_add_up(sales: Portal, cast: Cast) -> None:
    win_deal(sales, APRIL, cast.bob, "0.4", source_external_id="WEB")
    win_deal(sales, JULY, cast.bob, "0.6", source_external_id="WEB")
    was, now, change, *causes = split_figures(read_rows(run("2026-Q3"))[0][3:])
    assert (was, now, now - was, sum(causes)) == (1_000_000, 2_160_001, change, change)


def split_figures(cells: list[str]) -> list[int]:
    """Read shown figures back as numbers."""
    return [int(text.replace(",", "").replace("−", "-")) for cell in cells for text in cell.split(" → ")]


def test_change_downwards_has_minus_signs(sales: Portal) -> None:
    assert run("2026-Q4", "--against", "2026-Q3").startswith("Revenue −2,210,000 RUB: number of leads −2,160,000")


def test_nothing_to_explain_is_said(sales: Portal) -> None:
    text = run("2025")
    assert text.startswith("Revenue has not changed.")
    assert read_rows(text)[-1][:2] == ["All sources", "0 → 0"]


def test_employee_has_a_table_of_his_own(sales: Portal) -> None:
    text = run("2026-Q3", "--employee", "2")
    assert text.startswith("Revenue +1,160,000 RUB")
    assert "Петров Борис: 2026-Q2 → 2026-Q3, RUB" in text


def test_json_holds_causes_that_add_up(sales: Portal) -> None:
    document: dict[str, Any] = json.loads(run("2026-Q3", "--json"))
    assert document["earlier"] == {"key": "2026-Q2", "start": "2026-04-01", "end": "2026-07-01"}
    assert (document["difference"], document["revenue_earlier"]) == (1210000.25, 1000000)
    assert sum(document["causes"].values()) == document["difference"]
    assert [source["name"] for source in document["sources"]] == ["Сайт [new]", "PARTNER"]
    assert document["sources"][1]["causes"]["without_leads"] == 50000.25
    assert (document["employee"], document["complete_through"]) == (None, None)


def test_json_names_the_employee_by_the_id_of_the_crm(sales: Portal) -> None:
    assert json.loads(run("2026-Q3", "--employee", "4", "--json"))["employee"] == 4


def test_running_period_is_cut_to_the_days_begun(sales: Portal, cast: Cast) -> None:
    for day in (date(2026, 11, 22), date(2026, 10, 22), date(2026, 10, 23)):
        win_deal(sales, day, cast.bob, "100", source_external_id="WEB")
    document = json.loads(run("2026-11", "--json"))
    assert (document["revenue"], document["revenue_earlier"]) == (100, 100)
    assert (document["period"]["end"], document["earlier"]["end"]) == ("2026-11-23", "2026-10-23")
