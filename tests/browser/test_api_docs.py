"""The API's page in a browser: everything on it comes from here, nothing of it is refused by the policy."""

from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from crmsync.models import Portal

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SCHEMA = Path(settings.BASE_DIR) / "docs" / "openapi.yaml"


def test_documentation_is_shown_without_a_network(page: Page, march: Portal) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto("/api/v1/docs/")
    told = SCHEMA.read_text(encoding="utf-8").count("\n    get:\n")
    expect(page.locator(".opblock-summary-path")).to_have_count(told)
    origin = page.evaluate("location.origin")
    assert [url for url in asked if not url.startswith((origin, "data:"))] == []


def test_address_is_tried_out_in_the_page(page: Page, march: Portal) -> None:
    page.goto("/api/v1/docs/")
    page.get_by_text("Show who you are and what you see").click()
    page.get_by_role("button", name="Try it out").click()
    page.get_by_role("button", name="Execute").click()
    expect(page.locator(".live-responses-table .highlight-code").first).to_contain_text('"user": "alice"')


@pytest.mark.parametrize("page", [360, 1280], indirect=True)
def test_token_is_made_and_revoked(page: Page, march: Portal) -> None:
    page.goto("/tokens/")
    page.fill("#id_name", "Отчёт")
    page.get_by_role("button", name="Создать токен").or_(page.get_by_role("button", name="Make a token")).click()
    expect(page.locator("pre")).to_contain_text("itogi_")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.locator(".button.danger").click()
    expect(page.locator("tbody tr")).to_have_count(0)
