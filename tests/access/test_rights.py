"""Every role at every address, at what is his people's and what is not, gets what THE TABLE says."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.contrib.auth.models import User
from django.test import Client

from crmsync.models import Portal, Role
from targets.models import Scheme, TargetPlan
from tests.access.addresses import list_routes
from tests.access.people import browse, enter
from tests.access.table import NOBODY, PAGES, TABLES, Page, Table
from tests.access.world import ABSENT, World, build_world
from tests.access.write import write_rights
from tests.conftest import Cast

APP_LISTS = "admin/^(?P<app_label>"
KINDS = ("add/", "<path:object_id>/change/", "<path:object_id>/delete/", "<path:object_id>/history/", "")
# Django's old addresses of rows: they lead to the page that is in the table.
FORMER = "<path:object_id>/"
ROW_PAGES = ("/change/", "/history/", "/delete/")


@pytest.fixture
def world(portal: Portal, cast: Cast) -> World:
    Portal.objects.create(name="Лютик", origin="https://lutik.example", webhook_url="https://lutik.example/")
    return build_world(portal, cast)


@pytest.fixture
def browsers(world: World, cast: Cast) -> list[Client]:
    """A browser of each role, in the table's order; Alice heads, Bob manages."""
    users = [
        enter("nobody"),
        enter("bob", Role.MANAGER, cast.bob),
        enter("alice", Role.HEAD, cast.alice),
        enter("lev", Role.AUDITOR),
        enter("olga", Role.ADMINISTRATOR),
    ]
    return [browse(), *map(browse, users)]


def judge(response: Any) -> str:
    """Say in the table's letter what an answer is."""
    place = response.headers.get("Location", "")
    if response.status_code == 401 or "/login/?next=" in place:
        return "L"
    # The admin leads away from a row that does not exist.
    is_led_away = place == "/admin/" and response.request["PATH_INFO"].endswith(ROW_PAGES)
    return "N" if response.status_code in (400, 403, 404) or is_led_away else "O"


def ask(browsers: Iterable[Client], url: str, query: Any = None, *, method: str = "get") -> str:
    return "".join(judge(getattr(browser, method)(url, query or {})) for browser in browsers)


def expand(label: str) -> list[str]:
    return [f"admin/{label}/{kind}" for kind in (*KINDS, FORMER)]


def name_table(model: Any) -> str:
    return f"{model._meta.app_label}/{model._meta.model_name}"


def find_model(label: str) -> Any:
    return apps.get_model(label.replace("/", "."))


def test_every_address_stands_in_the_table() -> None:
    known = {*PAGES, *(route for label in TABLES for route in expand(label))}
    routes = {route for route in list_routes() if not route.startswith(APP_LISTS)}
    assert sorted(routes - known) == [], "Add these to tests/access/table.py, then: python -m tests.access.write"
    assert sorted(known - routes) == [], "These are gone: remove them from tests/access/table.py"


def test_every_table_of_the_admin_has_rows_to_try(world: World) -> None:
    labels, registered = set(map(name_table, world.own)), set(map(name_table, admin.site._registry))
    assert registered == labels == set(TABLES), "Make a row of it in tests/access/world.py"


@pytest.mark.parametrize("label", TABLES)
def test_tables_are_read_as_told(label: str, world: World, browsers: list[Client]) -> None:
    table, model, base = TABLES[label], find_model(label), f"/admin/{label}/"
    own, foreign = world.own[model], world.foreign[model]
    assert ask(browsers, base) == table.view
    for page in ("change", "history"):
        assert ask(browsers, f"{base}{own}/{page}/") == table.view
        assert ask(browsers, f"{base}{foreign}/{page}/") == table.foreign
        assert ask(browsers, f"{base}{ABSENT}/{page}/") == NOBODY
    assert "O" not in ask(browsers[:3], f"{base}{own}/")


@pytest.mark.parametrize("label", TABLES)
def test_tables_are_written_as_told(label: str, world: World, browsers: list[Client]) -> None:
    table, own = TABLES[label], world.own[find_model(label)]
    for method in ("get", "post"):
        assert ask(browsers, f"/admin/{label}/add/", method=method) == table.add
        assert ask(browsers, f"/admin/{label}/{own}/delete/", method=method) == table.delete
    assert ask(browsers, f"/admin/{label}/{own}/change/", method="post") == table.change


@pytest.mark.parametrize("route", PAGES)
def test_pages_open_as_told(route: str, portal: Portal, world: World, browsers: list[Client]) -> None:
    page = PAGES[route]
    if "2fa" in route:
        for user in User.objects.all():
            TOTP.activate(user, generate_totp_secret())
            RecoveryCodes.activate(user)
    values = {"portal": portal.pk, "user": world.own[User], "plan": world.own[TargetPlan]}
    values["scheme"] = world.own[Scheme]
    for method, letters, employee in (("get", page.get, 2), ("post", page.post, 2), ("get", page.foreign, 4)):
        url, query = locate(route, page, values | {"employee": employee})
        assert not letters or ask(browsers, url, query, method=method) == letters, f"{method} {url} {query}"


def locate(route: str, page: Page, values: dict[str, int]) -> tuple[str, dict[str, str]]:
    """Fill in an address and what it is asked with."""
    query = {name: text.format_map(values) for name, text in page.query.items()}
    return "/" + (page.path.format_map(values) if page.path else route), query


@pytest.mark.parametrize("app", ["crmsync", "kpis", "targets", "auth", "django_celery_beat"])
def test_lists_of_apps_name_only_what_may_be_viewed(app: str, world: World, browsers: list[Client]) -> None:
    heads = ask(browsers, f"/admin/{app}/")
    assert heads in ("LNNOOO", "LNNNOO")
    page = browsers[3].get("/admin/").content.decode()
    viewed = {label for label, table in TABLES.items() if table.view[3] == "O"}
    for label in TABLES:
        assert (f'href="/admin/{label}/"' in page) == (label in viewed)


def test_document_is_fresh() -> None:
    stored = (Path(settings.BASE_DIR) / "docs" / "rights.md").read_text(encoding="utf-8")
    assert stored == write_rights(), "Run: python -m tests.access.write"


def test_letters_are_complete() -> None:
    rows: list[Table | Page] = [*TABLES.values(), *PAGES.values()]
    words = [word for row in rows for word in list_letters(row) if word]
    assert all(len(word) == 6 and set(word) <= set("LNO") for word in words)


def list_letters(row: Table | Page) -> list[str]:
    if isinstance(row, Table):
        return [row.view, row.foreign, row.add, row.change, row.delete]
    return [row.get, row.post, row.foreign]
