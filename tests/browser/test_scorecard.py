"""The page of a scorecard in a real browser: it fits a phone, draws its charts, and says nothing on the console."""

from datetime import date
from typing import Any

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page

from crmsync.models import Account, Portal
from kpis.facts import refill
from targets.plans import publish
from targets.scorecards import compute_plan
from tests.conftest import Cast
from tests.kpis.mirror import touch, win_deal
from tests.targets.world import NOW, make_plan, set_target

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def card(page: Page, portal: Portal, cast: Cast) -> None:
    user = User.objects.get(username="alice")
    Account.objects.create(portal=portal, user=user, employee=cast.bob)
    plan = make_plan(portal, [cast.bob], user)
    set_target(plan, cast.bob, "revenue", "2000000", weight="100", by=user)
    publish(plan, by=user, now=NOW)
    win_deal(portal, date(2026, 3, 10), cast.bob, "1284000")
    touch(portal, date(2026, 3, 10), cast.bob)
    refill(portal)
    compute_plan(plan, now=NOW)


@pytest.mark.parametrize("page", [390, 1280], indirect=True)
def test_scorecard_fits_the_screen_and_leads_to_why(page: Page, card: None) -> None:
    page.goto("/scorecard/2026-03/")
    assert page.evaluate("document.documentElement.scrollWidth") <= page.evaluate("window.innerWidth")
    bar: Any = page.locator(".bullet .reach").bounding_box()
    track: Any = page.locator(".bullet .track").bounding_box()
    assert 0.45 < bar["width"] / track["width"] < 0.52
    page.click(".why a")
    assert page.locator("h1").inner_text() == "Почему столько?"


@pytest.mark.parametrize("page", [1280], indirect=True)
def test_bars_are_printed(page: Page, card: None) -> None:
    page.goto("/scorecard/2026-03/")
    page.emulate_media(media="print")
    assert page.locator(".bullet .reach").is_visible()
    assert not page.locator("header.bar").is_visible()
