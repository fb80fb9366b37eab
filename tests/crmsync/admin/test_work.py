"""What is due and who does it: slots with their way from due to done, workers with their health."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from crmsync.models import Heartbeat, Portal, Slot
from tests.crmsync.admin.rows import NOON


def test_slot_tells_how_long_it_took(root: Client, portal: Portal) -> None:
    Slot.objects.create(portal=portal, job="sweep", due_at=NOON, done_at=NOON + timedelta(minutes=3), attempts=2)
    page = root.get("/admin/crmsync/slot/").content.decode()
    for text in ("search for deleted records", "3\xa0min\xa00\xa0s", "03/02/2026 12:03 p.m."):
        assert text in page


@pytest.mark.parametrize(("state", "expected"), [("", 2), ("open", 1), ("done", 1), ("junk", 2)])
def test_slots_are_narrowed_to_open_or_done(root: Client, portal: Portal, state: str, expected: int) -> None:
    Slot.objects.create(portal=portal, job="sync", due_at=NOON)
    Slot.objects.create(portal=portal, job="sync", due_at=NOON + timedelta(hours=1), done_at=NOON)
    assert len(root.get("/admin/crmsync/slot/", {"state": state}).context["cl"].result_list) == expected


@pytest.mark.parametrize(("minutes", "health"), [(0, "works"), (10, "silent for 10")])
def test_worker_shows_its_health(root: Client, minutes: int, health: str) -> None:
    Heartbeat.objects.create(worker="one", seen_at=timezone.now() - timedelta(minutes=minutes))
    assert health in root.get("/admin/crmsync/heartbeat/").content.decode()


def test_nobody_forges_a_heartbeat(root: Client) -> None:
    heart = Heartbeat.objects.create(worker="one", seen_at=NOON)
    url = f"/admin/crmsync/heartbeat/{heart.pk}/"
    assert [root.post(f"{url}{page}/", {"worker": "two"}).status_code for page in ("change", "delete")] == [403, 403]


@pytest.mark.parametrize(
    ("held", "attempts", "state"), [(False, 1, "waits"), (True, 1, "under way"), (True, 0, "next")]
)
def test_portals_page_tells_what_becomes_of_a_slot(
    root: Client, portal: Portal, held: bool, attempts: int, state: str
) -> None:
    Slot.objects.create(portal=portal, job="sync", due_at=NOON, attempts=attempts)
    Portal.objects.update(lease_until=timezone.now() + timedelta(minutes=1) if held else None)
    slots = root.get(f"/admin/crmsync/portal/{portal.pk}/change/").context["slots"]
    assert [state in row["state"] for row in slots] == [True]
