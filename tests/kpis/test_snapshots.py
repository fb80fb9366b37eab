"""What is read at one moment stays what it was, whatever others write meanwhile."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from threading import Thread

import pytest
from django.db import connection, transaction

from crmsync.models import Portal
from kpis.snapshots import one_moment


def write_elsewhere() -> None:
    """Write through another connection."""

    def write() -> None:
        Portal.objects.create(name="Лютик", origin="https://other.example")
        connection.close()

    thread = Thread(target=write)
    thread.start()
    thread.join()


def count_twice(moment: Callable[[], AbstractContextManager[None]]) -> tuple[int, int]:
    with moment():
        before = Portal.objects.count()
        write_elsewhere()
        return before, Portal.objects.count()


@pytest.mark.django_db(transaction=True)
def test_what_others_write_meanwhile_is_not_seen() -> None:
    assert count_twice(one_moment) == (0, 0)
    assert Portal.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_without_the_snapshot_it_is_seen() -> None:
    assert count_twice(nullcontext) == (0, 1)


@pytest.mark.django_db(transaction=True)
def test_connection_can_write_afterwards_even_after_an_error() -> None:
    with pytest.raises(ZeroDivisionError), one_moment():
        Portal.objects.count()
        _ = 1 / 0
    with transaction.atomic():
        Portal.objects.create(name="Лютик", origin="https://other.example")
    assert Portal.objects.count() == 1


@pytest.mark.django_db
def test_inside_a_transaction_of_the_caller_nothing_is_opened() -> None:
    with one_moment():
        Portal.objects.create(name="Лютик", origin="https://other.example")
    assert Portal.objects.count() == 1
