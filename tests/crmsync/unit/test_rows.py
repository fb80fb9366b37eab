"""What the mirror itself adds to a record: portal, people, business days, meanings, kinds, and a fingerprint."""

from datetime import date
from typing import Any

import pytest

from crmsync.bitrix24.streams import BY_KEY
from crmsync.models import Employee, Portal, Stage
from crmsync.people import People
from crmsync.rates import load_rates
from crmsync.rows import Surroundings, read_rows, survey_portal
from tests.crmsync.unit.raws import CREATED, make_raw


def read(around: Surroundings, stream: str, **fields: Any) -> dict[str, Any]:
    rows, rejected = read_rows(BY_KEY[stream], [make_raw(stream, **fields)], around)
    assert rejected == []
    return rows[0]


def survey(portal: Portal, **columns: Any) -> Surroundings:
    """Change a portal and survey it."""
    Portal.objects.filter(pk=portal.pk).update(**columns)
    portal.refresh_from_db()
    return survey_portal(portal, people=People(portal), rates=load_rates(portal))


@pytest.mark.parametrize(
    ("zone", "day"),
    [
        ("Europe/Moscow", date(2026, 3, 2)),
        ("UTC", date(2026, 3, 1)),
        ("America/New_York", date(2026, 3, 1)),
        ("Asia/Tokyo", date(2026, 3, 2)),
    ],
)
def test_business_day_is_cut_in_the_portals_zone(portal: Portal, zone: str, day: date) -> None:
    around = survey(portal, time_zone=zone)
    assert read(around, "leads", createdTime="2026-03-02T00:15:00+03:00")["created_on"] == day


def test_activity_without_a_start_happened_when_it_was_created(around: Surroundings) -> None:
    row = read(around, "activities", CREATED=CREATED, START_TIME="")
    assert (row["started_at"], row["started_on"]) == (row["created_at"], date(2026, 3, 1))


def test_activity_without_any_time_has_no_day(around: Surroundings) -> None:
    row = read(around, "activities")
    assert (row["started_at"], row["started_on"]) == (None, None)


def test_kind_follows_the_portals_own_rules(portal: Portal) -> None:
    around = survey(portal, activity_map=[[None, "XYZ_APP", "chat"]])
    assert read(around, "activities", TYPE_ID=6, PROVIDER_ID="XYZ_APP")["kind"] == "chat"
    assert read(around, "activities", TYPE_ID=6, PROVIDER_ID="ABC_APP")["kind"] == "unknown"


def test_named_person_gets_a_stub(around: Surroundings) -> None:
    row = read(around, "deals", assignedById=77)
    stub = Employee.objects.get(external_id=77)
    assert (row["responsible_id"], stub.is_stub, "responsible" in row) == (stub.pk, True, False)


def test_nobody_responsible_is_nobody(around: Surroundings) -> None:
    assert read(around, "deals", assignedById=0)["responsible_id"] is None
    assert Employee.objects.count() == 0


def test_unreadable_record_makes_no_stub(around: Surroundings) -> None:
    read_rows(BY_KEY["deals"], [make_raw("deals", assignedById=77, opportunity="x")], around)
    assert Employee.objects.count() == 0


@pytest.mark.parametrize(
    ("told", "stage", "expected"),
    [
        ("S", "C7:WON", ("S", "record")),
        ("P", "C7:WON", ("P", "record")),
        (None, "C7:WON", ("S", "dictionary")),
        (None, "C7:GONE", ("P", "unknown")),
    ],
)
def test_meaning_is_of_the_record_else_of_its_stage_else_unknown(
    portal: Portal, told: str | None, stage: str, expected: tuple[str, str]
) -> None:
    Stage.objects.create(portal=portal, entity=2, pipeline_external_id=7, external_id="C7:WON", semantics="S")
    row = read(survey(portal), "deals", categoryId=7, stageId=stage, stageSemanticId=told)
    assert (row["semantics"], row["semantics_source"]) == expected


def test_fingerprint_tells_what_the_portal_said(around: Surroundings) -> None:
    same = [read(around, "deals", opportunity=amount)["content_hash"] for amount in ("5", "5.00", 5)]
    assert len(set(same)) == 1
    assert read(around, "deals", opportunity="5.01")["content_hash"] != same[0]


def test_fingerprint_knows_custom_fields(around: Surroundings) -> None:
    plain, told = read(around, "deals"), read(around, "deals", custom_fields={"UF_CRM_COST": "5"})
    assert plain["content_hash"] != told["content_hash"]
    assert (plain["custom_fields"], told["custom_fields"]) == ({}, {"UF_CRM_COST": "5"})


def test_another_zone_is_another_fingerprint(portal: Portal) -> None:
    moscow = read(survey(portal), "deals")["content_hash"]
    assert read(survey(portal, time_zone="Asia/Tokyo"), "deals")["content_hash"] != moscow


def test_fingerprint_fits_its_column(around: Surroundings) -> None:
    hashes = [read(around, "deals", id=number)["content_hash"] for number in range(1, 50)]
    assert all(-(2**63) <= one < 2**63 for one in hashes) and min(hashes) < 0 < max(hashes)
