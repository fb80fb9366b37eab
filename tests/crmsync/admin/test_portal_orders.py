"""What a superuser orders from a portal's page: ordered once, told, logged, and never by a look."""

from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client

from crmsync.models import Portal, Slot, StreamState, Tombstone
from tests.crmsync.admin.rows import NOON, make_row


@pytest.fixture
def braked(portal: Portal) -> Portal:
    StreamState.objects.create(portal=portal, stream="deals", is_braked=True, missing=1500)
    moments = dict.fromkeys(("missed_at", "last_missed_at"), NOON)
    Tombstone.objects.create(portal=portal, stream="deals", row_id=1, external_id="77", name="Поставка", **moments)
    return portal


def list_orders() -> list[tuple[str, bool]]:
    return list(Slot.objects.order_by("job").values_list("job", "accepts_deletions"))


def name_page(portal: Portal, name: str) -> str:
    return f"/admin/crmsync/portal/{portal.pk}/{name}/"


def test_check_orders_a_search_and_a_proof(root: Client, portal: Portal) -> None:
    page = root.post(name_page(portal, "check"), follow=True).content.decode()
    assert list_orders() == [("proof", False), ("sweep", False)]
    assert "ordered; it begins when a worker is free" in page


@pytest.mark.parametrize(("name", "words"), [("sync", "Ordered: sync."), ("check", "Ordered: search for deleted")])
def test_order_is_logged_with_who_gave_it(root: Client, portal: Portal, name: str, words: str) -> None:
    root.post(name_page(portal, name))
    entry = LogEntry.objects.get()
    assert (entry.user.username, entry.object_id) == ("root", str(portal.pk))
    assert entry.change_message.startswith(words)


@pytest.mark.parametrize(("name", "status"), [("sync", 405), ("check", 405), ("accept", 200)])
def test_looking_orders_nothing(root: Client, braked: Portal, name: str, status: int) -> None:
    assert root.get(name_page(braked, name)).status_code == status
    assert list_orders() == []


@pytest.mark.parametrize("name", ["sync", "check", "accept"])
def test_viewer_orders_nothing(staff: Client, braked: Portal, name: str) -> None:
    assert staff.post(name_page(braked, name)).status_code == 403
    assert list_orders() == []


@pytest.mark.parametrize("name", ["sync", "check", "accept"])
def test_order_from_another_site_is_refused(root: Client, braked: Portal, name: str) -> None:
    root.handler.enforce_csrf_checks = True
    assert root.post(name_page(braked, name)).status_code == 403
    assert list_orders() == []


def test_confirmation_names_the_numbers_and_examples(root: Client, braked: Portal) -> None:
    page = root.get(name_page(braked, "accept")).content.decode()
    for text in ("1,500", "Deals", "77 Поставка"):
        assert text in page


def test_acceptance_is_ordered_and_logged(root: Client, braked: Portal) -> None:
    root.post(name_page(braked, "accept"))
    assert list_orders() == [("sweep", True)]
    assert "deletions accepted" in LogEntry.objects.get().change_message


def test_nothing_is_accepted_where_nothing_is_braked(root: Client, portal: Portal) -> None:
    page = root.post(name_page(portal, "accept"), follow=True).content.decode()
    assert "no deletions to accept" in page
    assert list_orders() == []


def test_acceptance_is_offered_only_with_the_brake_on(root: Client, staff: Client, braked: Portal) -> None:
    link = f'href="{name_page(braked, "accept")}"'
    pages = [browser.get(name_page(braked, "change")).content.decode() for browser in (root, staff)]
    assert [link in page for page in pages] == [True, False]
    StreamState.objects.update(is_braked=False)
    assert link not in root.get(name_page(braked, "change")).content.decode()


def test_page_costs_as_many_queries_for_many_rows(
    root: Client, portal: Portal, django_assert_num_queries: Any, django_assert_max_num_queries: Any
) -> None:
    make_row(StreamState, portal)
    with django_assert_max_num_queries(30) as first:
        root.get(name_page(portal, "change"))
    for number in range(2, 50):
        make_row(StreamState, portal, number)
        Slot.objects.create(portal=portal, job="sync", due_at=NOON.replace(minute=number), done_at=NOON)
    with django_assert_num_queries(len(first)):
        root.get(name_page(portal, "change"))
