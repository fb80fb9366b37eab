"""The API answers with the very documents that the commands print."""

import json
from io import StringIO
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.test import Client
from django.utils import translation

from crmsync.models import Portal
from kpis.catalog import CATALOG
from tests.kpis.api.conftest import ask


@pytest.fixture(autouse=True)
def spring() -> Any:
    with time_machine.travel("2026-03-15T09:00:00+00:00", tick=False):
        yield


def print_json(*arguments: str) -> Any:
    out = StringIO()
    with translation.override("en"):
        call_command(*arguments, "--json", stdout=out, stderr=StringIO())
    return json.loads(out.getvalue())


def ask_rows(client: Client, **parameters: Any) -> Any:
    return ask(client, "kpi-values/", limit=1000, **parameters)["results"]


@pytest.mark.parametrize("every", [None, "month", "week"])
def test_values_are_those_of_the_command(sales: Portal, olga: Client, every: str | None) -> None:
    printed = print_json("kpis", "--period", "2026-Q1", *(["--every", every] if every else []))
    rows = ask_rows(olga, period="2026-Q1", **({"every": every} if every else {}))
    assert rows == printed[:1000]
    assert any(row["value"] is None for row in rows)


def test_chosen_kpis_and_the_team_are_those_of_the_command(sales: Portal, olga: Client) -> None:
    printed = print_json("kpis", "--period", "2026-02", "--kpis", "revenue", "csat", "--by", "team")
    rows = ask_rows(olga, period="2026-02", kpi=["csat", "revenue"], by="team")
    assert rows == printed
    assert [row["value"] for row in rows] == [10_000.5, None]


@pytest.mark.parametrize("whose", [{}, {"employee": "2"}, {"department": "1"}])
def test_comparisons_are_those_of_the_command(sales: Portal, olga: Client, whose: dict[str, str]) -> None:
    options = [text for name, value in whose.items() for text in (f"--{name}", value)]
    rows = ask_rows(olga, period="2026-02", compare="true", **whose)
    assert rows == print_json("compare", "2026-02", *options)
    assert len(rows[0]["history"]) == 13


@pytest.mark.parametrize("whose", [{}, {"employee": "2"}, {"department": "1"}])
@pytest.mark.parametrize("kpi", ["average_deal", "churn_rate", "lead_conversion"])
def test_explanation_is_that_of_the_command(sales: Portal, olga: Client, kpi: str, whose: dict[str, str]) -> None:
    options = [text for name, value in whose.items() for text in (f"--{name}", value)]
    assert ask(olga, "explain/", kpi=kpi, period="2026-02", **whose) == print_json(
        "explain", kpi, "--period", "2026-02", *options
    )


def test_catalogue_is_that_of_the_command(sales: Portal, olga: Client) -> None:
    printed = print_json("list_kpis", "--portal", str(sales.pk))
    assert ask(olga, "kpis/")["results"] == printed
    assert ask(olga, "kpis/revenue/") == next(row for row in printed if row["key"] == "revenue")
    assert printed[0]["streams"] == ["deals", "deal_history"]
    assert len(printed) == len(CATALOG)


def test_texts_are_in_the_language_of_the_request(sales: Portal, olga: Client) -> None:
    told = olga.get("/api/v1/kpis/deals_won/", headers={"accept-language": "ru"}).json()
    assert told["name"] == "Количество сделок"
    assert ask(olga, "kpis/deals_won/")["name"] == "Number of deals"


def test_records_of_an_explanation_are_paged(sales: Portal, olga: Client) -> None:
    def find_ids(**page: int) -> list[int]:
        told = ask(olga, "explain/", kpi="deals_won", period="2026-02", **page)
        return [record["id"] for record in told["measures"][0]["records"]]

    whole = find_ids()
    assert len(whole) == 3
    assert [find_ids(limit=2), find_ids(limit=2, offset=2)] == [whole[:2], whole[2:]]
