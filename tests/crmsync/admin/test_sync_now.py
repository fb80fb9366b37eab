"""Asking for a sync notes it in the database and wakes a worker, after the commit."""

from collections.abc import Iterator
from typing import Any

import pytest
from celery.exceptions import OperationalError
from celery.signals import before_task_publish
from django.test import Client

from crmsync.models import Portal, Slot
from crmsync.tasks import tend_portal


@pytest.fixture
def sent() -> Iterator[list[Any]]:
    """What goes into the queue while the test runs."""
    tasks: list[Any] = []

    def note(sender: str, body: Any, **_: Any) -> None:
        tasks.append((sender, *body[0]))

    before_task_publish.connect(note)
    yield tasks
    before_task_publish.disconnect(note)


def test_button_queues_one_task(
    root: Client, portal: Portal, sent: list, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        response = root.post(f"/admin/crmsync/portal/{portal.pk}/sync/")
        assert sent == []
    assert response.headers["Location"] == f"/admin/crmsync/portal/{portal.pk}/change/"
    assert sent == [("crmsync.tasks.tend_portal", portal.pk)]


def test_action_queues_the_chosen_portals(
    root: Client, portal: Portal, sent: list, django_capture_on_commit_callbacks: Any
) -> None:
    Portal.objects.create(name="Василёк", origin="https://vasilek.example")
    with django_capture_on_commit_callbacks(execute=True):
        root.post("/admin/crmsync/portal/", {"action": "sync_now", "_selected_action": [portal.pk]})
    assert sent == [("crmsync.tasks.tend_portal", portal.pk)]


def test_looking_queues_nothing(
    root: Client, portal: Portal, sent: list, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        assert root.get(f"/admin/crmsync/portal/{portal.pk}/sync/").status_code == 405
    assert sent == []


def test_second_click_orders_nothing_more(root: Client, portal: Portal) -> None:
    for _ in range(2):
        page = root.post(f"/admin/crmsync/portal/{portal.pk}/sync/", follow=True).content.decode()
    assert "due or under way already" in page
    assert Slot.objects.filter(portal=portal, job=Slot.Job.SYNC).count() == 1


def test_order_stands_though_the_queue_is_silent(root: Client, portal: Portal, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_args: object, **_options: object) -> None:
        raise OperationalError

    monkeypatch.setattr(tend_portal, "apply_async_on_commit", refuse)
    page = root.post(f"/admin/crmsync/portal/{portal.pk}/sync/", follow=True).content.decode()
    assert "Ромашка: ordered, but the queue does not answer" in page
    assert Slot.objects.get().done_at is None
