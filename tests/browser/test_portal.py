"""The operator's page in a real browser: what is wrong stands first, deletions are accepted in two clicks."""

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from crmsync.models import Portal, Slot, StreamState

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def braked(portal: Portal) -> Portal:
    StreamState.objects.create(
        portal=portal, stream="deals", watermark_at=timezone.now(), is_braked=True, missing=500, error="А" * 300
    )
    return portal


def test_deletions_are_accepted_in_two_clicks(braked: Portal, page: Page) -> None:
    page.goto(f"/admin/crmsync/portal/{braked.pk}/change/")
    expect(page.locator(".itogi-headline")).to_contain_text("Требует внимания: исполнители, удаления")
    page.get_by_role("link", name="Принять удаления…").click()
    page.get_by_role("button", name="Принять удаления").click()
    expect(page.locator(".messagelist")).to_contain_text("заказано")
    assert Slot.objects.get().accepts_deletions


@pytest.mark.parametrize("page", [360, 768, 1280], indirect=True)
def test_wide_tables_scroll_by_themselves(braked: Portal, page: Page) -> None:
    page.goto(f"/admin/crmsync/portal/{braked.pk}/change/")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_finding_leads_to_what_it_is_about(braked: Portal, page: Page) -> None:
    page.goto(f"/admin/crmsync/portal/{braked.pk}/change/")
    page.locator(".itogi-findings a[href='#streams']").first.click()
    expect(page.locator("#streams")).to_be_in_viewport()
