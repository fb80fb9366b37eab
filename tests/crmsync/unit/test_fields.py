"""Secrets are encrypted at rest and survive a change of keys."""

from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.db import connection
from pytest_django import Settings

from crmsync.fields import Sealed
from crmsync.models import Portal

OLD, NEW = Fernet.generate_key().decode(), Fernet.generate_key().decode()
URL = "https://romashka.example/rest/1/fields-s3cret/"


@pytest.fixture
def stored(db: None, settings: Settings) -> Portal:
    settings.FIELD_ENCRYPTION_KEYS = [OLD]
    return Portal.objects.create(name="Ромашка", origin="https://romashka.example", webhook_url=URL)


def read_column() -> Any:
    with connection.cursor() as cursor:
        cursor.execute("SELECT webhook_url FROM crmsync_portal")
        return cursor.fetchone()[0]


def read_url() -> str:
    return Portal.objects.get().webhook_url


def test_column_holds_no_plain_text(stored: Portal) -> None:
    assert "fields-s3cret" not in read_column() and "romashka" not in read_column()
    assert read_url() == URL


def test_same_secret_is_never_written_alike(stored: Portal) -> None:
    first = read_column()
    stored.save()
    assert read_column() != first
    assert read_url() == URL


def test_new_key_writes_and_the_old_one_still_reads(stored: Portal, settings: Settings) -> None:
    settings.FIELD_ENCRYPTION_KEYS = [NEW, OLD]
    Portal.objects.get().save()
    settings.FIELD_ENCRYPTION_KEYS = [NEW]
    assert read_url() == URL


def test_lost_key_reads_as_nothing(stored: Portal, settings: Settings) -> None:
    settings.FIELD_ENCRYPTION_KEYS = [NEW]
    assert read_url() == "" and isinstance(read_url(), Sealed)


def test_lost_key_loses_nothing(stored: Portal, settings: Settings) -> None:
    settings.FIELD_ENCRYPTION_KEYS = [NEW]
    portal = Portal.objects.get()
    portal.name = "Новое имя"
    portal.save()
    settings.FIELD_ENCRYPTION_KEYS = [OLD]
    assert (read_url(), Portal.objects.get().name) == (URL, "Новое имя")


def test_secret_entered_anew_replaces_what_cannot_be_read(stored: Portal, settings: Settings) -> None:
    settings.FIELD_ENCRYPTION_KEYS = [NEW]
    Portal.objects.update(webhook_url=URL + "new")
    assert read_url() == URL + "new"


def test_damaged_secret_reads_as_nothing(stored: Portal) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE crmsync_portal SET webhook_url = 'plain text'")
    assert read_url() == ""


@pytest.mark.parametrize("value", ["", "Привет 🌼", "x" * 10_000])
def test_any_text_comes_back(stored: Portal, value: str) -> None:
    Portal.objects.update(webhook_url=value)
    assert read_url() == value


def test_nothing_is_stored_as_nothing(stored: Portal) -> None:
    Portal.objects.update(webhook_url="")
    assert read_column() == ""
