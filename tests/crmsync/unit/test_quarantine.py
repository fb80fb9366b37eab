"""Records that could not be read wait with their reason, each once, until they can be."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from crmsync.bitrix24.streams import BY_KEY
from crmsync.models import Portal, Quarantine
from crmsync.quarantine import release_quarantine, settle_quarantine
from crmsync.rows import Surroundings, read_rows
from tests.crmsync.unit.raws import make_raw, reject_raws

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def visit(around: Surroundings, stream: str, raw: Any, *, now: datetime = NOON) -> list[str]:
    """Do with a record's quarantine what a page does, and list who is in it."""
    _, rejected = read_rows(BY_KEY[stream], [raw], around)
    settle_quarantine(around.portal, BY_KEY[stream], [raw], rejected, now=now)
    return list(Quarantine.objects.filter(stream=stream).values_list("external_id", flat=True))


def test_reason_and_record_are_kept(around: Surroundings) -> None:
    raw = make_raw("deals", id=7, opportunity="1 200,50", title="Сделка", probability=Decimal("0.5"))
    assert visit(around, "deals", raw) == ["7"]
    held = Quarantine.objects.get()
    assert held.reason == "opportunity: '1 200,50' is no amount"
    assert (held.payload["title"], held.payload["probability"]) == ("Сделка", "0.5")


def test_bad_record_is_held_once_with_its_newest_reason(around: Surroundings) -> None:
    visit(around, "deals", make_raw("deals", id=7, opportunity="x"))
    assert visit(around, "deals", make_raw("deals", id=7, createdTime="y"), now=NOON + timedelta(days=1)) == ["7"]
    held = Quarantine.objects.get()
    assert held.reason == "createdTime: 'y' is no date and time"
    assert (held.first_seen_at, held.last_seen_at) == (NOON, NOON + timedelta(days=1))


@pytest.mark.parametrize(
    ("stream", "bad", "good"),
    [
        ("deals", {"id": 7, "opportunity": "x"}, {"id": "7"}),
        ("stages", {"ID": "101", "NAME": ["x"]}, {"ID": "101", "NAME": "Новая"}),
        ("sources", {"ID": "7", "STATUS_ID": None}, {"ID": "7", "STATUS_ID": "WEB"}),
        ("currencies", {"CURRENCY": "USD", "AMOUNT": "x"}, {"CURRENCY": "USD", "AMOUNT": "90"}),
        ("product_rows", {"id": 5, "price": "x"}, {"id": 5, "price": 10}),
    ],
)
def test_record_is_released_when_it_is_readable(
    around: Surroundings, stream: str, bad: dict[str, Any], good: dict[str, Any]
) -> None:
    assert len(visit(around, stream, make_raw(stream, **bad))) == 1
    assert visit(around, stream, make_raw(stream, **good)) == []


def test_another_stage_of_the_same_code_releases_nobody(around: Surroundings) -> None:
    visit(around, "stages", make_raw("stages", ID="101", NAME=["x"]))
    assert visit(around, "stages", make_raw("stages", ID="202", ENTITY_ID="STATUS")) == ["101"]


def test_another_portal_releases_nobody(around: Surroundings) -> None:
    visit(around, "deals", make_raw("deals", id=7, opportunity="x"))
    other = Portal.objects.create(name="Другой", origin="https://other.example")
    release_quarantine(other, BY_KEY["deals"], [make_raw("deals", id=7)], [])
    assert Quarantine.objects.count() == 1


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        ({"id": 7}, "7"),
        ({"id": "7"}, "7"),
        ({"id": "a\x00" + "b" * 100}, "a" + "b" * 63),
        ({"id": ["x"]}, "['x']"),
        ({"title": "x"}, "{'title': 'x'}"),
        ({"row": 5}, "{'row': 5}"),
    ],
)
def test_record_is_named_by_its_id_or_by_itself(around: Surroundings, raw: dict[str, Any], name: str) -> None:
    assert [bad.external_id for bad in reject_raws(around, "deals", [raw])] == [name]


def test_good_records_pass_beside_a_bad_one(around: Surroundings) -> None:
    rows, rejected = read_rows(BY_KEY["deals"], [make_raw("deals", id=number) for number in (1, "x", 3)], around)
    assert [row["external_id"] for row in rows] == [1, 3]
    assert [bad.external_id for bad in rejected] == ["x"]
