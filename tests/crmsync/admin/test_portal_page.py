"""A portal's page: state, freshness, runs, what is left out."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from crmsync.models import Activity, Portal, Quarantine, StreamState, SyncRun, TouchedDay
from crmsync.selectors import count_unknown_providers, count_waiting_days, name_stream, read_freshness
from tests.crmsync.admin.rows import NOON, make_row


@pytest.fixture
def other(portal: Portal) -> Portal:
    return Portal.objects.create(name="Василёк", origin="https://vasilek.example")


def open_page(root: Client, portal: Portal) -> str:
    return root.get(f"/admin/crmsync/portal/{portal.pk}/change/").content.decode()


def test_broken_connection_says_what_to_do(root: Client, portal: Portal) -> None:
    Portal.objects.update(connection="broken", connection_note="Make a new webhook.")
    page = open_page(root, portal)
    assert "Needs attention: connection" in page
    assert "Make a new webhook." in page
    Portal.objects.update(connection="working", connection_note="")
    assert "connection" not in root.get(f"/admin/crmsync/portal/{portal.pk}/change/").context["headline"]


def test_streams_stand_in_the_order_of_reading(portal: Portal) -> None:
    for stream in ("activities", "gone", "deals", "departments"):
        StreamState.objects.create(portal=portal, stream=stream)
    assert [state.stream for state in read_freshness(portal)] == ["departments", "deals", "activities", "gone"]


def test_stream_shows_how_far_it_is_and_its_error(root: Client, portal: Portal) -> None:
    StreamState.objects.create(portal=portal, stream="deals", watermark_at=NOON, error="Widen the rights.", rows=12345)
    page = open_page(root, portal)
    for text in ("Deals (deals)", "03/02/2026 noon", "12,345", "Widen the rights."):
        assert text in page


def test_run_shows_progress_rate_and_end(root: Client, portal: Portal) -> None:
    seen = NOON + timedelta(seconds=100)
    SyncRun.objects.create(portal=portal, started_at=NOON, seen_at=seen, done=4000, expected=10_000)
    page = open_page(root, portal)
    for text in ("████░░░░░░\xa040\xa0%, 4,000 of 10,000", "40/s", "1\xa0min\xa040\xa0s", "03/02/2026 12:04 p.m."):
        assert text in page


def test_page_shows_the_last_five_runs(root: Client, portal: Portal, other: Portal) -> None:
    for number in range(7):
        make_row(SyncRun, portal, started_at=NOON + timedelta(hours=number), error=f"run {number}.")
    make_row(SyncRun, other, started_at=NOON + timedelta(days=1), error="foreign run.")
    page = open_page(root, portal)
    assert [f"run {number}." in page for number in range(7)] == [False, False, True, True, True, True, True]
    assert "foreign run." not in page


def test_quarantine_is_counted_by_stream_with_a_link(root: Client, portal: Portal, other: Portal) -> None:
    for number, stream in ((1, "deals"), (2, "deals"), (3, "leads")):
        make_row(Quarantine, portal, number, stream=stream)
    make_row(Quarantine, other, 4, stream="people")
    page = open_page(root, portal)
    assert f"quarantine/?portal={portal.pk}&amp;stream=deals" in page
    assert "Deals (deals): 2" in page
    assert "people" not in page


def test_unknown_providers_are_counted(portal: Portal, other: Portal) -> None:
    for number, (kind, provider, owner) in enumerate(
        [("unknown", "A", portal), ("unknown", "B", portal), ("unknown", "B", portal)]
        + [("email", "C", portal), ("unknown", "D", other)]
    ):
        make_row(Activity, owner, number, kind=kind, provider=provider, type_id=6)
    found = [(row.provider, row.type_id, row.count) for row in count_unknown_providers(portal)]
    assert found == [("B", 6, 2), ("A", 6, 1)]


def test_unknown_provider_links_to_its_activities(root: Client, portal: Portal) -> None:
    make_row(Activity, portal, kind="unknown", provider="A&B")
    assert f"activity/?portal={portal.pk}&amp;kind__exact=unknown&amp;provider=A%26B" in open_page(root, portal)


@pytest.mark.parametrize(("days", "expected"), [([], 0), ([1, 1, 2], 2), ([1, None], None)])
def test_waiting_days_are_counted_once(portal: Portal, other: Portal, days: list[Any], expected: int | None) -> None:
    TouchedDay.objects.create(portal=other, day=date(2026, 3, 9))
    for day in days:
        TouchedDay.objects.create(portal=portal, day=day and date(2026, 3, day))
    assert count_waiting_days(portal) == expected


def test_list_says_how_far_the_slowest_stream_is(root: Client, portal: Portal) -> None:
    StreamState.objects.create(portal=portal, stream="deals", watermark_at=NOON)
    StreamState.objects.create(portal=portal, stream="leads", watermark_at=NOON + timedelta(hours=1))
    rows = root.get("/admin/crmsync/portal/").context["cl"].result_list
    assert [(row.first_watermark, row.unread) for row in rows] == [(NOON, 0)]


def test_unfinished_stream_leaves_the_portal_incomplete(root: Client, portal: Portal) -> None:
    StreamState.objects.create(portal=portal, stream="deals", watermark_at=NOON)
    assert "March 2, 2026, noon" in root.get("/admin/crmsync/portal/").content.decode()
    StreamState.objects.create(portal=portal, stream="leads")
    assert "March 2, 2026, noon" not in root.get("/admin/crmsync/portal/").content.decode()


def test_unknown_stream_is_named_by_its_key() -> None:
    assert name_stream("gone") == "gone"


def test_runs_page_tells_of_each_stream(root: Client, portal: Portal) -> None:
    told = {"read": 1200, "changed": 3, "rejected": 1, "error": "ScopeError", "error_text": "Widen the rights."}
    run = make_row(SyncRun, portal, streams={"deals": told})
    page = root.get(f"/admin/crmsync/syncrun/{run.pk}/change/").content.decode()
    for text in ("Deals (deals)", "1,200", "Widen the rights."):
        assert text in page


def test_long_payload_is_cut(root: Client, portal: Portal) -> None:
    row = make_row(Quarantine, portal, payload={"title": "x" * 9000})
    page = root.get(f"/admin/crmsync/quarantine/{row.pk}/change/").content.decode()
    assert "x" * 3000 in page
    assert "x" * 5000 not in page
