"""The admin's list of deleted records: read-only, what left in words, as many queries for fifty rows as for one."""

from datetime import date
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from crmsync.models import Portal, Tombstone
from tests.conftest import Cast
from tests.kpis.mirror import GONE_AT, MISSED_AT, add_lead, bury, send_email, win_deal

MARCH = date(2026, 3, 14)
LIST = "/admin/crmsync/tombstone/"


@pytest.fixture
def root(db: None) -> Client:
    browser = Client(headers={"accept-language": "en"})
    browser.force_login(User.objects.create_superuser("root"))
    return browser


def read(root: Client, **query: str) -> str:
    response = root.get(LIST, query)
    assert response.status_code == 200
    return response.content.decode().replace("\xa0", " ")


def list_ids(root: Client, **query: str) -> list[str]:
    return [row.external_id for row in root.get(LIST, query).context["cl"].result_list]


def test_list_tells_what_left(root: Client, portal: Portal, cast: Cast) -> None:
    deal = win_deal(portal, MARCH, cast.bob, "120000", title="Розы", cycle_seconds=None)
    bury(deal)
    page = read(root)
    assert "Deals created −1, Deals won −1, Revenue −120,000.00 RUB, 03/14/2026, Петров Борис" in page
    assert f'<a href="/admin/crmsync/deal/{deal.pk}/change/">{deal.external_id}</a>' in page
    assert "Розы" in page
    assert "04/02/2026 5 a.m." in page


def test_days_and_employees_have_lines_of_their_own(root: Client, portal: Portal, cast: Cast) -> None:
    bury(win_deal(portal, MARCH, cast.carol, "-5", created_on=date(2026, 3, 1), cycle_seconds=86_400 * 3 // 2))
    bury(send_email(portal, MARCH, None))
    page = read(root)
    assert "Deals created −1, 03/01/2026, Ким Карина</div><div>Deals won −1, Revenue +5.00 RUB" in page
    assert "Cycle of won deals −1.5 days" in page
    assert "E-mails sent −1, 03/14/2026, nobody" in page


def test_record_opens_from_its_tombstone(root: Client, portal: Portal, cast: Cast) -> None:
    stone = bury(add_lead(portal, MARCH, cast.bob, title="<b>"))
    page = root.get(f"{LIST}{stone.pk}/change/").content.decode()
    assert "Leads received −1" in page
    assert "&lt;b&gt;" in page
    link = f"/admin/crmsync/lead/{stone.row_id}/change/"
    assert link in page
    assert root.get(link).status_code == 200


def test_record_of_a_stream_without_measures_is_listed(root: Client, portal: Portal) -> None:
    moments = {"missed_at": MISSED_AT, "last_missed_at": GONE_AT, "deleted_at": GONE_AT}
    for stream in ("companies", "retired"):
        Tombstone.objects.create(portal=portal, stream=stream, row_id=7, external_id="70", name="Лютик", **moments)
    page = read(root)
    assert page.count("Лютик") == 2
    assert page.count("/admin/crmsync/company/7/change/") == 1


@pytest.mark.parametrize(("state", "found"), [("waiting", ["1"]), ("deleted", ["2"]), ("returned", ["3"])])
def test_list_is_narrowed_by_state(root: Client, portal: Portal, state: str, found: list[str]) -> None:
    states: list[dict[str, Any]] = [{"deleted_at": None}, {}, {"restored_at": GONE_AT}]
    for number, moments in enumerate(states, 1):
        stone = bury(add_lead(portal, MARCH, None), **moments)
        Tombstone.objects.filter(pk=stone.pk).update(external_id=number)
    assert list_ids(root, state=state) == found
    assert list_ids(root, state="junk") == ["3", "2", "1"]


def test_list_is_narrowed_by_stream(root: Client, portal: Portal) -> None:
    bury(add_lead(portal, MARCH, None))
    mail = bury(send_email(portal, MARCH, None))
    assert list_ids(root, stream="activities") == [mail.external_id]


def test_list_shows_one_portal(root: Client, portal: Portal) -> None:
    other = Portal.objects.create(name="Лютик", origin="https://other.example")
    mine, theirs = (bury(add_lead(owner, MARCH, None)) for owner in (portal, other))
    assert list_ids(root) == [mine.external_id]
    assert list_ids(root, portal=str(other.pk)) == [theirs.external_id]


def test_fifty_rows_cost_as_many_queries_as_one(root: Client, portal: Portal, cast: Cast) -> None:
    counts = []
    list_ids(root)  # content types are read once a process
    for rows in (1, 49):
        for _ in range(rows):
            bury(win_deal(portal, MARCH, cast.bob, "1"))
        with CaptureQueriesContext(connection) as queries:
            assert len(list_ids(root)) in (1, 50)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_nobody_can_change_what_was_deleted(root: Client, portal: Portal) -> None:
    stone = bury(add_lead(portal, MARCH, None))
    assert root.post(f"{LIST}{stone.pk}/change/", {"name": "x"}).status_code == 403
    assert root.post(f"{LIST}{stone.pk}/delete/", {"post": "yes"}).status_code == 403
    assert root.get(f"{LIST}add/").status_code == 403
    assert Tombstone.objects.get() == stone
