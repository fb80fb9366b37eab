"""The home page in a real browser: readable, switchable, nothing inline, nothing beside a phone's screen."""

import pytest
from playwright.sync_api import Page, expect

from crmsync.models import Portal

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TABLES = ("portal", "deal", "syncrun", "proof", "creditchange", "slot", "heartbeat")
ADMIN_PAGES = ["/admin/", *(f"/admin/crmsync/{table}/" for table in TABLES)]


def test_month_is_read_and_left(march: Portal, page: Page) -> None:
    page.goto("/?month=2026-03")
    expect(page.get_by_role("heading", name="Март 2026")).to_be_visible()
    expect(page.get_by_role("row", name="Вся команда")).to_contain_text("1\xa0284\xa0001\xa0₽")
    page.get_by_role("link", name="Февраль 2026").click()
    expect(page.get_by_role("heading", name="Февраль 2026")).to_be_visible()


def test_language_is_switched_without_losing_the_month(march: Portal, page: Page) -> None:
    page.goto("/?month=2026-03")
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("heading", name="March 2026")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", "en")


@pytest.mark.parametrize("page", [360, 768], indirect=True)
def test_narrow_screen_does_not_scroll_sideways(march: Portal, page: Page) -> None:
    page.goto("/?month=2026-03")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_every_control_is_reached_by_keyboard(march: Portal, page: Page) -> None:
    page.goto("/?month=2026-03")
    reached = set()
    for _ in range(12):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement.textContent.trim()"))
    assert {"Команда", "Данные", "English", "Выйти"} <= reached


@pytest.mark.parametrize("address", ADMIN_PAGES)
def test_admin_keeps_to_the_policy(page: Page, address: str) -> None:
    page.goto(address)
    expect(page.locator("#content")).to_be_visible()
