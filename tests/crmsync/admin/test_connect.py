"""Connecting a portal and replacing its webhook, against a portal on loopback."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from crmsync.models import Portal
from crmsync.sandbox import SandboxServer, Store

ADD = "/admin/crmsync/portal/add/"
USERS = [{"ID": "1", "NAME": "Алиса", "LAST_NAME": "Волкова", "ACTIVE": True}]


@pytest.fixture
def server(canary: str) -> Iterator[SandboxServer]:
    with SandboxServer(Store.from_records({"users": USERS}), code=canary) as running:
        yield running


@pytest.fixture
def connected(root: Client, server: SandboxServer) -> Portal:
    connect(root, webhook=server.url)
    return Portal.objects.get()


def connect(root: Client, url: str = ADD, **values: str) -> Any:
    return root.post(url, {"time_zone": "Europe/Moscow"} | values, follow=True)


def refusal(response: Any) -> str:
    (sentence,) = response.context["adminform"].form.errors["webhook"]
    return sentence


def test_portal_is_connected(root: Client, server: SandboxServer, canary: str) -> None:
    response = connect(root, webhook=server.url, name="Песочница", time_zone="Asia/Omsk")
    portal = Portal.objects.get()
    assert response.redirect_chain == [(f"/admin/crmsync/portal/{portal.pk}/change/", 302)]
    assert (portal.name, portal.time_zone, portal.webhook_url) == ("Песочница", "Asia/Omsk", server.url)
    assert "Песочница answers as Алиса Волкова." in response.content.decode()
    assert canary not in response.content.decode()


def test_missing_right_is_named(root: Client, canary: str) -> None:
    store = Store.from_records({"users": USERS})
    store.scopes = ["crm", "user"]
    with SandboxServer(store, code=canary) as server:
        page = connect(root, webhook=server.url).content.decode()
    assert "Missing permission “department”" in page


@pytest.mark.parametrize(
    ("webhook", "sentence"),
    [
        ("", "This field is required."),
        ("canary-s3cret-7f3a", "Give the webhook&#x27;s whole address"),
        ("https://romashka.example/", "Give the incoming webhook&#x27;s address, not the portal&#x27;s"),
        ("http://romashka.example/rest/1/canary-s3cret-7f3a/", "Give the webhook&#x27;s address with https://"),
        ("https://romashka.example/rest/1/canary-s3cret-7f3a/", "host was not found"),
    ],
)
def test_bad_address_is_refused_with_one_sentence(root: Client, webhook: str, sentence: str) -> None:
    response = connect(root, webhook=webhook)
    assert len(response.context["adminform"].form.errors["webhook"]) == 1
    assert sentence in response.content.decode()
    assert not Portal.objects.exists()


def test_refused_webhook_writes_nothing(root: Client, server: SandboxServer) -> None:
    server.credentials.clear()
    assert "webhook" in refusal(connect(root, webhook=server.url))
    assert not Portal.objects.exists()


def test_wrong_zone_is_refused(root: Client, server: SandboxServer) -> None:
    response = connect(root, webhook=server.url, time_zone="Moscow")
    assert list(response.context["adminform"].form.errors) == ["time_zone"]
    assert not Portal.objects.exists()


def test_webhook_is_replaced(root: Client, server: SandboxServer, connected: Portal, canary: str) -> None:
    Portal.objects.update(connection="broken", connection_note="Make a new webhook.", time_zone="Asia/Omsk")
    server.credentials[f"{canary}-new"] = server.credentials.pop(canary)
    new = server.url.replace(canary, f"{canary}-new")
    connect(root, f"/admin/crmsync/portal/{connected.pk}/webhook/", webhook=new)
    portal = Portal.objects.get()
    assert (portal.webhook_url, portal.connection, portal.connection_note) == (new, "working", "")
    assert (portal.name, portal.time_zone) == (connected.name, "Asia/Omsk")


def test_webhook_of_another_portal_is_refused(root: Client, connected: Portal, canary: str) -> None:
    other = f"https://vasilek.example/rest/1/{canary}/"
    sentence = refusal(connect(root, f"/admin/crmsync/portal/{connected.pk}/webhook/", webhook=other))
    assert sentence.startswith(f"This webhook belongs to https://vasilek.example; give one of {connected.origin}")
    assert canary not in sentence
    assert Portal.objects.get().webhook_url == connected.webhook_url


def test_refused_form_does_not_show_what_was_entered(root: Client, connected: Portal, canary: str) -> None:
    response = connect(root, webhook=f"ftp://vasilek.example/rest/1/{canary}/")
    assert response.context["adminform"].form.errors
    assert canary not in response.content.decode()


def test_unknown_portal_has_no_webhook_page(root: Client, db: None) -> None:
    assert root.get("/admin/crmsync/portal/404/webhook/").status_code == 404
