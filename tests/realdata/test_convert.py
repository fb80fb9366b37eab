"""The conversion: what the folder holds, and that every awkward spelling of the rules really occurs in it."""

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.realdata.convert import build_collections, convert_tables, main
from tests.realdata.costs import COST_FIELD
from tests.realdata.tables import read_table

Record = dict[str, Any]
Collections = dict[str, list[Record]]


@pytest.fixture(scope="module")
def collections(source: Path) -> Collections:
    return build_collections(source)


def test_every_line_becomes_a_record(source: Path, collections: Collections) -> None:
    opportunities, closed = len(read_table(source, "sales_pipeline")), len(read_table(source, "olist_closed_deals"))
    assert len(collections["deals"]) == opportunities + closed
    assert len(collections["productrows"]) == opportunities
    assert len(collections["leads"]) == len(read_table(source, "olist_marketing_qualified_leads"))
    assert len(collections["companies"]) == len(read_table(source, "accounts")) + closed


def test_ids_are_unique_and_links_lead_somewhere(collections: Collections) -> None:
    for name in ("leads", "deals", "companies", "contacts", "productrows"):
        assert max(Counter(row["id"] for row in collections[name]).values()) == 1
    companies, contacts = ({row["id"] for row in collections[name]} for name in ("companies", "contacts"))
    leads = {row["id"] for row in collections["leads"]}
    for deal in collections["deals"]:
        assert deal["companyId"] in companies | {None, 0, "", "0"}
        assert deal["contactId"] in contacts | {None, 0, "", "0"}
        assert deal["leadId"] in leads | {None, 0, "", "0"}


def test_one_responsible_is_hidden(collections: Collections) -> None:
    listed = {int(row["ID"]) for row in collections["users"]}
    owners = {row["assignedById"] for row in collections["deals"]}
    assert owners - listed
    assert any(not row["ACTIVE"] for row in collections["users"])


def has_moment(deal: Record) -> bool:
    return bool(deal["movedTime"])


def links(deal: Record, name: str) -> bool:
    return int(deal[name] or 0) > 0


SHAPES: dict[str, Callable[[Record], bool]] = {
    "only a planned date": lambda deal: deal["closed"] == "Y" and not has_moment(deal) and bool(deal["closedate"]),
    "no planned date": lambda deal: deal["closed"] == "Y" and has_moment(deal) and not deal["closedate"],
    "meaning from the dictionary": lambda deal: deal["closed"] == "Y" and deal["stageSemanticId"] in (None, ""),
    "a stage that is gone": lambda deal: deal["stageId"] == "UC_NODEAL" and deal["stageSemanticId"] == "F",
    "no currency": lambda deal: deal["stageId"] == "WON" and not deal["currencyId"],
    "an amount as a float": lambda deal: isinstance(deal["opportunity"], float),
    "no amount": lambda deal: deal["opportunity"] is None,
    "another day in UTC": lambda deal: (deal["movedTime"] or "").endswith("T00:15:00+03:00"),
    "a contact alone": lambda deal: links(deal, "contactId") and not links(deal, "companyId"),
    "a company and a contact": lambda deal: links(deal, "contactId") and links(deal, "companyId"),
    "a lead that it does not win": lambda deal: links(deal, "leadId") and deal["stageId"] in ("LOSE", "UC_NODEAL"),
    "won before created": lambda deal: deal["stageId"] == "C1:WON" and deal["movedTime"] < deal["createdTime"],
}


@pytest.mark.parametrize("shape", SHAPES)
def test_awkward_shape_occurs(collections: Collections, shape: str) -> None:
    assert any(map(SHAPES[shape], collections["deals"]))


def test_one_account_is_our_own(collections: Collections) -> None:
    own = {row["id"] for row in collections["companies"] if row["isMyCompany"] == "Y"}
    assert own
    assert any(deal["companyId"] in own and deal["stageId"] == "WON" for deal in collections["deals"])


ACTIVITIES: dict[str, Callable[[Record], bool]] = {
    "a missed call": lambda row: (row["TYPE_ID"], row["DIRECTION"], row["COMPLETED"]) == ("2", "1", "N"),
    "an answered call": lambda row: (row["TYPE_ID"], row["DIRECTION"], row["COMPLETED"]) == ("2", "1", "Y"),
    "a chat": lambda row: row["PROVIDER_ID"] == "IMOPENLINES_SESSION",
    "no start": lambda row: not row["START_TIME"],
    "a message that counts nowhere": lambda row: row["PROVIDER_ID"] == "CRM_SMS",
    "another day in UTC": lambda row: "T00:" in (row["START_TIME"] or ""),
    "on a contact": lambda row: row["OWNER_TYPE_ID"] == "3",
}


@pytest.mark.parametrize("shape", ACTIVITIES)
def test_awkward_activity_occurs(collections: Collections, shape: str) -> None:
    assert any(map(ACTIVITIES[shape], collections["activities"]))


def test_some_outcomes_have_no_history(collections: Collections) -> None:
    told = {row["OWNER_ID"] for row in collections["stagehistory_deals"] if row["STAGE_SEMANTIC_ID"] in "SF"}
    closed = {row["id"] for row in collections["deals"] if row["closed"] == "Y"}
    assert closed - told
    assert told - closed, "some open deals were closed once"


def test_some_deals_were_closed_twice(collections: Collections) -> None:
    final = Counter(row["OWNER_ID"] for row in collections["stagehistory_deals"] if row["STAGE_ID"] == "WON")
    assert 2 in final.values()


def test_conversion_is_deterministic(sample: Path, tmp_path: Path) -> None:
    for name in ("first", "second"):
        convert_tables(sample, tmp_path / name)
    for file in (tmp_path / "first").iterdir():
        assert file.read_bytes() == (tmp_path / "second" / file.name).read_bytes()


def test_shell_run_writes_one_file_a_collection(
    sample: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(sample), str(tmp_path)]) == 0
    assert "deals" in capsys.readouterr().out
    assert json.loads((tmp_path / "portal.json").read_text())["base_currency"] == "USD"
    assert len((tmp_path / "leads.jsonl").read_text().splitlines()) == 150
    assert COST_FIELD not in (tmp_path / "deals.jsonl").read_text()


def test_costs_are_written_on_demand(sample: Path, tmp_path: Path) -> None:
    assert main([str(sample), str(tmp_path), "--costs"]) == 0
    costs = [json.loads(line)[COST_FIELD] for line in (tmp_path / "deals.jsonl").read_text().splitlines()]
    assert {None, "", "0|USD"} < set(costs)
    assert any(cost and cost.endswith("|BRL") for cost in costs)
    assert any(cost and "|" not in cost for cost in costs)


@pytest.mark.parametrize("arguments", [[], ["nowhere", "out"]])
def test_wrong_arguments_are_told_in_one_line(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1
