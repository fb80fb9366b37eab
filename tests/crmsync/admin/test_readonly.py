"""Nobody changes the mirror through the admin, and no page shows a secret or runs a stranger's script."""

from typing import Any

import pytest
from django.contrib import admin
from django.test import Client

from crmsync.models import Heartbeat, Invite, Portal, RateLimit, Tombstone, TouchedDay
from tests.crmsync.admin.rows import HOSTILE, MIRRORED, fill_tables, make_row

EVERY_TABLE = pytest.mark.parametrize("model", MIRRORED, ids=lambda model: model.__name__)


def list_url(model: type[Any]) -> str:
    return f"/admin/crmsync/{model._meta.model_name}/"


def snapshot(model: type[Any]) -> list[dict]:
    return list(model.objects.order_by("pk").values())


def test_every_table_but_the_working_ones_is_registered() -> None:
    registered = {model for model in admin.site._registry if model._meta.app_label == "crmsync"}
    assert registered == {Portal, Heartbeat, Tombstone, Invite, *MIRRORED}
    assert not registered & {RateLimit, TouchedDay}


def test_superuser_cannot_add_a_row(root: Client, portal: Portal) -> None:
    for model in MIRRORED:
        response = root.post(f"{list_url(model)}add/", {"portal": portal.pk, "external_id": "5", "name": "x"})
        assert (response.status_code, snapshot(model)) == (403, [])


@EVERY_TABLE
def test_superuser_cannot_change_a_row(root: Client, portal: Portal, model: type[Any]) -> None:
    row = make_row(model, portal)
    before = snapshot(model)
    fields = {field.name: "7" for field in model._meta.fields}
    assert root.post(f"{list_url(model)}{row.pk}/change/", fields).status_code == 403
    assert snapshot(model) == before


@EVERY_TABLE
def test_superuser_cannot_delete_a_row(root: Client, portal: Portal, model: type[Any]) -> None:
    row = make_row(model, portal)
    assert root.post(f"{list_url(model)}{row.pk}/delete/", {"post": "yes"}).status_code == 403
    action = {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"}
    root.post(list_url(model), action)
    assert model.objects.filter(pk=row.pk).exists()


def test_lists_and_pages_open_for_viewers_only(staff: Client, client: Client, portal: Portal) -> None:
    for model, row in fill_tables(portal).items():
        for url in (list_url(model), f"{list_url(model)}{row.pk}/change/"):
            assert (staff.get(url).status_code, client.get(url).status_code) == (200, 302)


@EVERY_TABLE
def test_hostile_text_is_escaped(root: Client, portal: Portal, model: type[Any]) -> None:
    rows = fill_tables(portal)
    for url in (list_url(model), f"{list_url(model)}{rows[model].pk}/change/"):
        page = root.get(url).content.decode()
        assert HOSTILE not in page
        assert "&lt;script&gt;" in page or model.__name__ in {"CurrencyRate", "Slot"}


def test_secret_is_on_no_page(root: Client, portal: Portal, canary: str) -> None:
    rows = {Portal: portal, **fill_tables(portal)}
    assert canary in portal.webhook_url
    for model, row in rows.items():
        for url in (list_url(model), f"{list_url(model)}{row.pk}/change/", f"{list_url(model)}{row.pk}/history/"):
            assert canary not in root.get(url).content.decode()


def test_hidden_columns_are_no_filters(root: Client, portal: Portal) -> None:
    make_row(MIRRORED[0], portal)
    for url in ("portal/?webhook_url__startswith=g", "deal/?portal__webhook_url__startswith=g"):
        assert root.get(f"/admin/crmsync/{url}").status_code == 400
