"""The home page: a month's KPIs by manager, the team last, and what to do where there is nothing to show."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import translation

from config.home import Board, find_following, read_alerts, read_board, read_boards
from crmsync.access import Sight
from crmsync.models import Department, Employee, Heartbeat, Portal, Role, SyncRun
from kpis.facts import rebuild
from kpis.models import MonthlyFact
from kpis.periods import parse_period
from tests.access.people import enter
from tests.conftest import Cast
from tests.kpis.mirror import send_email

MARCH = parse_period("2026-03")
NOW = datetime(2026, 3, 15, tzinfo=UTC)
EVERYTHING = Sight(everything=True)


@pytest.fixture
def board(march: Portal) -> Board:
    return read_board(march, MARCH, sight=EVERYTHING, now=NOW)


@pytest.fixture
def staff(client: Client, db: None) -> Client:
    """Someone who sees everybody's figures and the works behind them."""
    client.force_login(enter("olga", Role.AUDITOR))
    return client


@pytest.fixture
def manager(client: Client, cast: Cast) -> Client:
    client.force_login(enter("bob", Role.MANAGER, cast.bob))
    return client


@pytest.fixture
def head(client: Client, cast: Cast) -> Client:
    client.force_login(enter("alice", Role.HEAD, cast.alice))
    return client


def test_managers_are_listed_by_name_and_the_team_last(board: Board) -> None:
    assert board.team
    assert [row.name for row in board.rows] == ["Волкова Алиса", "Петров Борис"]
    assert board.team.name == "Вся команда"


def test_team_counts_what_nobody_is_responsible_for(board: Board) -> None:
    assert board.team
    conversion = board.team.cells[3]
    assert (conversion.text, conversion.note) == ("5,7\xa0%", "2 из 35")


def test_ratio_without_denominator_is_no_data(board: Board) -> None:
    bob = board.rows[1]
    assert [cell.text for cell in bob.cells[:3]] == ["0", "0\xa0₽", "нет данных"]


def test_mean_names_its_sample(board: Board) -> None:
    average = board.rows[0].cells[2]
    assert (average.text, average.note) == ("642\xa0000\xa0₽", "по 2 сделкам")


def test_month_without_facts_has_no_managers(march: Portal) -> None:
    assert read_board(march, parse_period("2026-02"), sight=EVERYTHING, now=NOW).rows == []


def test_change_from_the_month_before_has_a_sign_and_a_tone(march: Portal, cast: Cast) -> None:
    for count, day in ((4, date(2026, 2, 3)), (1, date(2026, 3, 3))):
        for _ in range(count):
            send_email(march, day, cast.bob)
    rebuild(march)
    bob = read_board(march, MARCH, sight=EVERYTHING, now=datetime(2026, 5, 1, tzinfo=UTC)).rows[0].cells[-1]
    assert (bob.text, bob.change, bob.tone) == ("1", "−75,0\xa0%", "fall")


def test_future_month_is_not_linked() -> None:
    assert find_following(MARCH, now=NOW) is None
    assert find_following(parse_period("2026-02"), now=NOW) == MARCH


def test_query_count_does_not_grow_with_managers(march: Portal, django_assert_max_num_queries: type) -> None:
    with django_assert_max_num_queries(11):
        read_boards(MARCH, sight=EVERYTHING, now=NOW)


def test_page_shows_the_month(staff: Client, march: Portal) -> None:
    page = staff.get("/", {"month": "2026-03"}).content.decode()
    assert "Март 2026" in page
    assert "1\xa0284\xa0001\xa0₽" in page
    assert "?month=2026-02" in page


def read(browser: Client) -> str:
    return browser.get("/", {"month": "2026-03"}).content.decode()


def test_head_reads_his_team_alone_and_where_its_numbers_come_from(head: Client, march: Portal, cast: Cast) -> None:
    MonthlyFact.objects.create(portal=march, employee=cast.dave, month=date(2026, 3, 1), revenue=Decimal("7.00"))
    page = read(head)
    assert "Волкова Алиса" in page
    assert "Петров Борис" in page
    assert "Орлов" not in page
    assert "Your team" in page or "Ваша команда" in page
    # Leads of nobody are not his: 2 deals of 30 leads.
    assert "2 из 30" in page
    assert f"explain/?portal={march.pk}&amp;kpi=revenue&amp;period=2026-03&amp;employee=1" in page


def test_manager_reads_himself_alone_and_is_led_nowhere_else(manager: Client, march: Portal) -> None:
    page = read(manager)
    assert "Петров Борис" in page
    assert page.count('<th scope="row">') == 1
    for foreign in ("Волкова", "Ким", "1\xa0284", "/admin/", "tfoot"):
        assert foreign not in page


def test_head_of_another_portal_sees_no_board_of_this_one(client: Client, march: Portal) -> None:
    other = Portal.objects.create(name="Лютик", origin="https://lutik.example", webhook_url="https://lutik.example/")
    Department.objects.create(portal=other, external_id=1, name="Опт", head_external_id=1)
    nina = Employee.objects.create(portal=other, external_id=1, last_name="Чужая", is_active=True)
    client.force_login(enter("nina", Role.HEAD, nina))
    page = read(client)
    assert "Лютик" in page
    assert "Ромашка" not in page


def test_account_without_an_employee_says_what_to_do(client: Client, march: Portal) -> None:
    client.force_login(enter("bob", Role.MANAGER))
    page = read(client)
    assert "connect_portal" not in page
    assert 'class="card empty"' in page


def test_user_without_a_role_is_told_so(client: Client, march: Portal) -> None:
    client.force_login(enter("dave"))
    response = client.get("/")
    assert response.status_code == 403
    assert "Ромашка" not in response.content.decode()


def test_page_speaks_english_after_the_switch(staff: Client, march: Portal) -> None:
    staff.post("/i18n/setlang/", {"language": "en", "next": "/"})
    assert "Whole team" in staff.get("/", {"month": "2026-03"}).content.decode()


def test_empty_page_says_how_to_connect(staff: Client) -> None:
    assert "connect_portal" in staff.get("/").content.decode()


@pytest.fixture
def failed(march: Portal) -> Portal:
    SyncRun.objects.create(
        portal=march, started_at=NOW, seen_at=NOW, outcome=SyncRun.Outcome.FAILED, error="Портал недоступен."
    )
    return march


def test_auditor_reads_why_the_last_run_failed(staff: Client, failed: Portal) -> None:
    page = staff.get("/").content.decode()
    assert "Портал недоступен." in page
    assert f"/admin/crmsync/portal/{failed.pk}/change/" in page


def test_head_is_not_bothered_with_the_works(head: Client, failed: Portal) -> None:
    page = head.get("/").content.decode()
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
    assert (response.status_code, response["Location"]) == (302, "/accounts/login/?next=/")


def test_page_allows_nothing_inline(staff: Client) -> None:
    response = staff.get("/")
    assert "default-src 'self'" in response["Content-Security-Policy"]
    assert "unsafe" not in response["Content-Security-Policy"]
    assert "style=" not in response.content.decode()
