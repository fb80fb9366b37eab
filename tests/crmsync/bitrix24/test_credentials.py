"""Addresses of incoming webhooks: what is accepted, what is refused with one sentence, and what is never shown."""

import pytest

from crmsync.bitrix24.credentials import parse_webhook
from crmsync.bitrix24.errors import ConfigurationError
from tests.crmsync.bitrix24.doubles import SECRET, WEBHOOK

ACCEPTED = [
    (f"https://acme.bitrix24.ru/rest/7/{SECRET}/", "https://acme.bitrix24.ru"),
    (f"https://acme.bitrix24.ru/rest/7/{SECRET}", "https://acme.bitrix24.ru"),
    (f"https://acme.bitrix24.ru/rest/7/{SECRET}/profile.json", "https://acme.bitrix24.ru"),
    (f"https://acme.bitrix24.ru/rest/7/{SECRET}/crm.item.list.json/", "https://acme.bitrix24.ru"),
    (f"  HTTPS://Acme.Bitrix24.RU/rest/7/{SECRET}/\n", "https://acme.bitrix24.ru"),
    (f"https://crm.acme.ru:8443/rest/7/{SECRET}/", "https://crm.acme.ru:8443"),
    (f"https://портал.рф/rest/7/{SECRET}/", "https://xn--80awhdgm.xn--p1ai"),
    (f"http://127.0.0.1:8900/rest/7/{SECRET}/", "http://127.0.0.1:8900"),
    (f"http://localhost/rest/7/{SECRET}/", "http://localhost"),
    (f"http://[::1]:8900/rest/7/{SECRET}/", "http://[::1]:8900"),
]
REFUSED = [
    "",
    SECRET,
    "acme.bitrix24.ru",
    "https://acme.bitrix24.ru",
    "https://acme.bitrix24.ru/crm/deal/",
    f"acme.bitrix24.ru/rest/7/{SECRET}/",
    f"https:///rest/7/{SECRET}/",
    f"ftp://acme.bitrix24.ru/rest/7/{SECRET}/",
    f"http://acme.bitrix24.ru/rest/7/{SECRET}/",
    f"http://localhost.acme.ru/rest/7/{SECRET}/",
    f"https://acme.bitrix24.ru/rest/{SECRET}/",
    f"https://acme.bitrix24.ru/rest/me/{SECRET}/",
    "https://acme.bitrix24.ru/rest/7/profile.json",
    f"https://acme.bitrix24.ru/rest/7/{SECRET} /",
    f"https://acme.bitrix24.ru:port/rest/7/{SECRET}/",
    f"https://acme.bitrix24.ru:99999/rest/7/{SECRET}/",
    f"https://acme.bitrix24.ru@evil.example/rest/7/{SECRET}/",
    f"https://acme.bitrix24.ru\\@evil.example/rest/7/{SECRET}/",
    f"https://[acme/rest/7/{SECRET}/",
    f"https://{'a' * 64}.ru/rest/7/{SECRET}/",
    f"https://acme.bitrix24.ru/rest/7/{SECRET}/../../",
]


@pytest.mark.parametrize(("url", "origin"), ACCEPTED)
def test_webhook_address_is_read(url: str, origin: str) -> None:
    webhook = parse_webhook(url)
    assert (webhook.origin, webhook.user_id, webhook.secret) == (origin, 7, SECRET)
    assert webhook.url == f"{origin}/rest/7/{SECRET}/"
    assert parse_webhook(webhook.url) == webhook


@pytest.mark.parametrize("url", REFUSED)
def test_other_address_is_refused_without_being_repeated(url: str) -> None:
    with pytest.raises(ConfigurationError) as refusal:
        parse_webhook(url)
    assert refusal.value.code == "BAD_ADDRESS"
    assert SECRET not in f"{refusal.value}{refusal.value!r}{refusal.value.__context__!r}"


def test_secret_is_in_no_text_of_a_webhook() -> None:
    assert SECRET in WEBHOOK.endpoint("profile")
    assert SECRET not in f"{WEBHOOK}{WEBHOOK!r}{[WEBHOOK]}"


def test_secret_echoed_by_the_portal_is_concealed() -> None:
    assert WEBHOOK.conceal(f"unknown code {SECRET}!") == "unknown code ***!"
