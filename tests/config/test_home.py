"""The home page: a month's KPIs by manager, the team last, and what to do where there is nothing to show."""

from datetime import UTC, date, datetime

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.utils import translation

from config.home import Board, find_following, read_alerts, read_board, read_boards
from crmsync.models import Heartbeat, Portal, SyncRun
from kpis.facts import rebuild
from kpis.periods import parse_period
from tests.conftest import Cast
from tests.kpis.mirror import send_email

MARCH = parse_period("2026-03")
NOW = datetime(2026, 3, 15, tzinfo=UTC)


@pytest.fixture
def board(march: Portal) -> Board:
    return read_board(march, MARCH, now=NOW)


@pytest.fixture
def staff(client: Client, db: None) -> Client:
    client.force_login(User.objects.create_user("alice", is_staff=True))
    return client


def test_managers_are_listed_by_name_and_the_team_last(board: Board) -> None:
    assert [row.name for row in board.rows] == ["Волкова Алиса", "Петров Борис"]
    assert board.team.name == "Вся команда"


def test_team_counts_what_nobody_is_responsible_for(board: Board) -> None:
    conversion = board.team.cells[3]
    assert (conversion.text, conversion.note) == ("5,7\xa0%", "2 из 35")


def test_ratio_without_denominator_is_no_data(board: Board) -> None:
    bob = board.rows[1]
    assert [cell.text for cell in bob.cells[:3]] == ["0", "0\xa0₽", "нет данных"]


def test_mean_names_its_sample(board: Board) -> None:
    average = board.rows[0].cells[2]
    assert (average.text, average.note) == ("642\xa0000\xa0₽", "по 2 сделкам")


def test_month_without_facts_has_no_managers(march: Portal) -> None:
    assert read_board(march, parse_period("2026-02"), now=NOW).rows == []


def test_change_from_the_month_before_has_a_sign_and_a_tone(march: Portal, cast: Cast) -> None:
    for count, day in ((4, date(2026, 2, 3)), (1, date(2026, 3, 3))):
        for _ in range(count):
            send_email(march, day, cast.bob)
    rebuild(march)
    bob = read_board(march, MARCH, now=datetime(2026, 5, 1, tzinfo=UTC)).rows[0].cells[-1]
    assert (bob.text, bob.change, bob.tone) == ("1", "−75,0\xa0%", "fall")


def test_future_month_is_not_linked() -> None:
    assert find_following(MARCH, now=NOW) is None
    assert find_following(parse_period("2026-02"), now=NOW) == MARCH


def test_query_count_does_not_grow_with_managers(march: Portal, django_assert_max_num_queries: type) -> None:
    with django_assert_max_num_queries(11):
        read_boards(MARCH, now=NOW)


def test_page_shows_the_month(staff: Client, march: Portal) -> None:
    page = staff.get("/", {"month": "2026-03"}).content.decode()
    assert "Март 2026" in page
    assert "1\xa0284\xa0001\xa0₽" in page
    assert "?month=2026-02" in page


def test_number_leads_to_its_explanation_for_who_may_see_it(staff: Client, march: Portal) -> None:
    address = f"explain/?portal={march.pk}&amp;kpi=revenue&amp;period=2026-03&amp;employee=1"
    assert address not in staff.get("/", {"month": "2026-03"}).content.decode()
    User.objects.get(username="alice").user_permissions.add(Permission.objects.get(codename="view_dailyfact"))
    assert address in staff.get("/", {"month": "2026-03"}).content.decode()


def test_page_speaks_english_after_the_switch(staff: Client, march: Portal) -> None:
    staff.post("/i18n/setlang/", {"language": "en", "next": "/"})
    assert "Whole team" in staff.get("/", {"month": "2026-03"}).content.decode()


def test_empty_page_says_how_to_connect(staff: Client) -> None:
    assert "connect_portal" in staff.get("/").content.decode()


@pytest.fixture
def operator(client: Client, db: None) -> Client:
    """Someone who may look at portals and runs, as opposed to `staff`."""
    person = User.objects.create_user("bob", is_staff=True)
    person.user_permissions.set(Permission.objects.filter(codename__in=["view_portal", "view_syncrun"]))
    client.force_login(person)
    return client


@pytest.fixture
def failed(march: Portal) -> Portal:
    SyncRun.objects.create(
        portal=march, started_at=NOW, seen_at=NOW, outcome=SyncRun.Outcome.FAILED, error="Портал недоступен."
    )
    return march


def test_operator_reads_why_the_last_run_failed(operator: Client, failed: Portal) -> None:
    page = operator.get("/").content.decode()
    assert "Портал недоступен." in page
    assert f"/admin/crmsync/portal/{failed.pk}/change/" in page


def test_manager_is_not_bothered_with_the_works(staff: Client, failed: Portal) -> None:
    page = staff.get("/").content.decode()
    assert "Портал недоступен." not in page
    assert "/admin/crmsync/portal/" not in page


def test_alert_counts_what_needs_attention(failed: Portal) -> None:
    Heartbeat.objects.create(worker="one", seen_at=NOW)
    with translation.override("en"):
        texts = [alert.text for alert in read_alerts(NOW)]
    assert texts == ["Ромашка: 1 thing needs attention"]


def test_portal_in_order_raises_no_alert(march: Portal) -> None:
    Heartbeat.objects.create(worker="one", seen_at=NOW)
    assert read_alerts(NOW) == []


def test_name_is_escaped(staff: Client, march: Portal, cast: Cast) -> None:
    cast.alice.last_name = "<script>"
    cast.alice.save()
    page = staff.get("/", {"month": "2026-03"}).content.decode()
    assert "&lt;script&gt;" in page
    assert "<script" not in page


@pytest.mark.parametrize("month", ["2026", "2026-13", "2026-Q1", "2026-03-01", "x"])
def test_what_is_no_month_is_not_found(staff: Client, month: str) -> None:
    assert staff.get("/", {"month": month}).status_code == 404


def test_stranger_is_sent_to_log_in(client: Client, db: None) -> None:
    response = client.get("/")
    assert (response.status_code, response["Location"]) == (302, "/admin/login/?next=/")


def test_person_without_staff_rights_is_sent_to_log_in(client: Client, db: None) -> None:
    client.force_login(User.objects.create_user("dave"))
    assert client.get("/").status_code == 302


def test_page_allows_nothing_inline(staff: Client) -> None:
    response = staff.get("/")
    assert "default-src 'self'" in response["Content-Security-Policy"]
    assert "unsafe" not in response["Content-Security-Policy"]
    assert "style=" not in response.content.decode()
