"""A plan's grid in a real browser: by keyboard alone, with a block from a table, on a phone, and without scripts."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client
from playwright.sync_api import Browser, Page, expect

from crmsync.models import Portal
from targets.models import PlanMember, Target, TargetPlan
from tests.browser.conftest import note
from tests.conftest import Cast
from tests.targets.admin.past import fill_past
from tests.targets.world import MARCH, make_plan, set_target

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PASTE = """text => {
    const data = new DataTransfer();
    data.setData("text/plain", text);
    document.activeElement.dispatchEvent(
        new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true}));
}"""


@pytest.fixture
def page(browser: Browser, live_server: Any, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A page at the width, and with or without scripts, that `indirect` parameters give; somebody is logged in."""
    width, has_scripts = getattr(request, "param", (1280, True))
    context = browser.new_context(
        base_url=live_server.url,
        locale="ru-RU",
        viewport={"width": width, "height": 800},
        java_script_enabled=has_scripts,
    )
    client = Client()
    client.force_login(User.objects.create_superuser("root"))
    name = settings.SESSION_COOKIE_NAME
    context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])
    page = context.new_page()
    page.set_default_timeout(8000)
    complaints: list[str] = []
    page.on("console", lambda message: note(complaints, message))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    context.close()
    assert complaints == []


@pytest.fixture
def plan(portal: Portal, cast: Cast, db: None) -> TargetPlan:
    people = [cast.alice, cast.bob, cast.carol, cast.dave]
    fill_past(portal, people, until=MARCH.start)
    editor = User.objects.create_user("olga")
    plan = make_plan(portal, people, editor)
    for place, who in enumerate(people):
        set_target(plan, who, "revenue", str(2_000_000 + 100_000 * place), weight="60", by=editor)
        set_target(plan, who, "lead_conversion", str(30 + place), weight="40", by=editor)
    return plan


def open_grid(page: Page, plan: TargetPlan, query: str = "") -> None:
    page.goto(f"/admin/targets/targetplan/{plan.pk}/change/{query}")
    expect(page.locator("#grid")).to_be_visible()


def field(page: Page, plan: TargetPlan, who: Any, kpi: str = "revenue") -> Any:
    member = PlanMember.objects.get(plan=plan, employee=who)
    return page.locator(f"#c-{member.pk}-{kpi} input")


def read_values(kpi: str = "revenue") -> list[Decimal | None]:
    found = Target.objects.filter(kpi=kpi).order_by("member__employee__external_id")
    return list(found.values_list("value", flat=True))


def test_targets_are_typed_and_saved_by_keyboard_alone(page: Page, plan: TargetPlan, cast: Cast) -> None:
    open_grid(page, plan)
    field(page, plan, cast.alice).focus()
    for text in ("2500000", "2 600 000,50"):
        page.keyboard.type(text)
        page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("33,5")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".messagelist .success")).to_be_visible()
    # Carol's name is before Alice's and Bob's in the alphabet of the grid, Dave's in between.
    assert Decimal(2500000) in read_values()
    assert Decimal("2600000.5") in read_values()
    assert Decimal("33.5") in read_values("lead_conversion")


def test_block_of_a_table_is_pasted_and_taken_back(page: Page, plan: TargetPlan, cast: Cast) -> None:
    open_grid(page, plan)
    first = page.locator("#grid tbody input").first
    first.focus()
    page.evaluate(PASTE, "1\xa0100\xa0000\t25,5\r\n1 200 000\t26\r\n")
    expect(page.locator("td.itogi-changed")).to_have_count(4)
    page.keyboard.press("Control+z")
    expect(page.locator("td.itogi-changed")).to_have_count(0)
    page.evaluate(PASTE, "1\xa0100\xa0000\t25,5\r\n1 200 000\t26\r\n")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".messagelist .success")).to_be_visible()
    assert sorted(filter(None, read_values()))[:2] == [1_100_000, 1_200_000]


def test_column_is_filled_down_and_totalled(page: Page, plan: TargetPlan, cast: Cast) -> None:
    open_grid(page, plan)
    page.locator("#grid tbody input").first.focus()
    page.keyboard.type("1000000")
    page.keyboard.press("Control+Shift+ArrowDown")
    page.keyboard.press("Control+d")
    expect(page.locator("tfoot td").first.locator("b")).to_have_text("4\xa0000\xa0000")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".messagelist .success")).to_be_visible()
    assert read_values() == [1_000_000] * 4


def test_suggestion_is_taken_with_one_key(page: Page, plan: TargetPlan, cast: Cast) -> None:
    open_grid(page, plan)
    field(page, plan, cast.bob).focus()
    page.keyboard.press("=")
    expect(field(page, plan, cast.bob)).to_have_value("2\xa0050\xa0000")
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.value") == "save"


def test_weight_of_a_cell_is_typed_in_its_panel_and_kept_while_moving(page: Page, plan: TargetPlan, cast: Cast) -> None:
    open_grid(page, plan)
    field(page, plan, cast.bob).focus()
    weight = page.locator("#panel input[name$='.weight']")
    expect(page.locator("#panel h2").first).to_contain_text("Петров")
    weight.fill("55")
    field(page, plan, cast.carol).focus()
    expect(page.locator("#panel h2").first).to_contain_text("Ким")
    field(page, plan, cast.bob).focus()
    expect(page.locator("#panel h2").first).to_contain_text("Петров")
    expect(weight).to_have_value("55")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".messagelist .success")).to_be_visible()
    assert Target.objects.get(member__employee=cast.bob, kpi="revenue").weight == 55


def test_escape_takes_back_and_what_is_not_saved_is_counted(page: Page, plan: TargetPlan, cast: Cast) -> None:
    open_grid(page, plan)
    cell = field(page, plan, cast.bob)
    cell.focus()
    page.keyboard.type("5")
    page.keyboard.press("Escape")
    expect(cell).to_have_value("2\xa0100\xa0000")
    page.keyboard.type("6")
    page.keyboard.press("ArrowDown")
    expect(page.locator("#grid-count")).to_contain_text("1")


@pytest.mark.parametrize("page", [(390, True)], indirect=True)
def test_phone_scrolls_the_table_and_nothing_else(page: Page, plan: TargetPlan) -> None:
    open_grid(page, plan)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.mark.parametrize("page", [(1280, False)], indirect=True)
def test_grid_is_a_plain_form_without_scripts(page: Page, plan: TargetPlan, cast: Cast) -> None:
    open_grid(page, plan)
    field(page, plan, cast.bob).fill("2 222 222")
    field(page, plan, cast.bob).press("Enter")
    expect(page.locator(".messagelist .success")).to_be_visible()
    assert Target.objects.get(member__employee=cast.bob, kpi="revenue").value == 2_222_222
