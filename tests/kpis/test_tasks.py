"""The background task brings every touched portal up to date and leaves the others alone."""

from datetime import date

from crmsync.models import Portal, TouchedDay
from kpis import tasks
from tests.conftest import Cast
from tests.kpis.mirror import send_email, touch
from tests.kpis.rows import read_cell


def test_every_touched_portal_is_refilled(portal: Portal, cast: Cast, day_zero: date) -> None:
    other = Portal.objects.create(name="Другой", origin="https://other.example", webhook_url="")
    for touched, employee in ((portal, cast.bob), (other, None)):
        send_email(touched, day_zero, employee)
        touch(touched, day_zero, employee)
    tasks.refill_portals()
    assert read_cell(portal, cast.bob, day_zero) == read_cell(other, None, day_zero) == {"emails_sent": 1}
    assert not TouchedDay.objects.exists()


def test_second_run_changes_nothing(portal: Portal, cast: Cast, day_zero: date) -> None:
    send_email(portal, day_zero, cast.bob)
    touch(portal, day_zero, cast.bob)
    tasks.refill_portals()
    tasks.refill_portals()
    assert read_cell(portal, cast.bob, day_zero) == {"emails_sent": 1}


def test_nothing_touched_costs_one_query(portal: Portal, django_assert_num_queries: object) -> None:
    with django_assert_num_queries(1):  # type: ignore[operator]
        tasks.refill_portals()
