"""sync on the command line: which portal, which streams, what it tells, and its exit codes."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.core.management import CommandError, call_command
from django.utils import timezone
from pytest_django import Settings

from crmsync.bitrix24.streams import BY_KEY
from crmsync.connect import connect_portal
from crmsync.lease import claim
from crmsync.models import Deal, Portal, SyncRun
from crmsync.sandbox import SandboxServer
from tests.crmsync.unit.portals import refuse, run, serve

pytestmark = pytest.mark.django_db


@pytest.fixture
def server() -> Iterator[SandboxServer]:
    with serve() as running:
        yield running


@pytest.fixture
def connected(server: SandboxServer) -> Portal:
    portal = connect_portal(server.url, name="Ромашка").portal
    Portal.objects.update(bucket_leak=0)
    return portal


def read_json(*arguments: str) -> list[dict[str, Any]]:
    return json.loads(run("sync", "--json", *arguments))


def test_without_a_portal_the_next_step_is_told() -> None:
    assert "connect_portal" in refuse("sync")
    assert SyncRun.objects.count() == 0


def test_unknown_portal_is_refused(portal: Portal) -> None:
    assert portal.name in refuse("sync", "--portal", "Роза")


def test_unknown_stream_is_refused_with_the_known_ones(portal: Portal) -> None:
    sentence = refuse("sync", "--stream", "deals", "roses")
    assert "roses" in sentence and all(key in sentence for key in BY_KEY)
    assert SyncRun.objects.count() == 0


def test_run_is_told_in_words(connected: Portal) -> None:
    said = run("sync")
    assert said.startswith("Ромашка: ") and said.count("\n") == 1
    assert Deal.objects.count() == 3


def test_run_is_told_as_data(connected: Portal) -> None:
    (told,) = read_json()
    assert set(told) == {
        *("portal", "outcome", "read", "changed", "quarantined", "requests", "seconds"),
        *("error_class", "error", "streams"),
    }
    assert (told["portal"], told["outcome"], told["error"]) == (connected.pk, "complete", "")
    # This webhook may not read the catalogue, and nobody misses it.
    assert set(told["streams"]) == set(BY_KEY) - {"products"}
    deals = {"read": 3, "changed": 3, "rejected": 0, "expected": 3, "error": "", "error_text": ""}
    deals |= {"missing": 0, "buried": 0, "is_braked": False}
    assert told["streams"]["deals"] == deals


@pytest.mark.parametrize("arguments", [["--stream", "stages", "people"], ["--stream", "people", "--stream", "stages"]])
def test_only_the_named_streams_are_read(connected: Portal, arguments: list[str]) -> None:
    assert list(read_json(*arguments)[0]["streams"]) == ["people", "stages"]


def test_every_portal_is_read_unless_one_is_named(connected: Portal) -> None:
    with serve() as other:
        second = connect_portal(other.url, name="Лютик").portal
        assert [told["portal"] for told in read_json()] == [connected.pk, second.pk]
        assert [told["portal"] for told in read_json("--portal", "Лютик")] == [second.pk]


def test_full_run_reads_everything_again(connected: Portal) -> None:
    run("sync")
    Deal.objects.all().delete()
    assert read_json()[0]["streams"]["deals"]["changed"] == 0
    assert read_json("--full")[0]["streams"]["deals"]["changed"] == 3


def test_unreadable_record_is_counted_and_fails_nothing(connected: Portal, server: SandboxServer) -> None:
    broken = {**server.store.collections["deals"].get(2), "createdTime": "вчера"}  # type: ignore[dict-item]
    server.store.collections["deals"].put(broken)
    (told,) = read_json()
    assert (told["outcome"], told["quarantined"], told["streams"]["deals"]["rejected"]) == ("complete", 1, 1)
    assert "deals: " in run("sync", "--full").splitlines()[1]


def test_stream_that_may_not_be_read_leaves_the_run_incomplete(connected: Portal, server: SandboxServer) -> None:
    server.faults.add("insufficient_scope", method="crm.activity.list")
    refuse("sync", code=1)
    assert SyncRun.objects.get().outcome == SyncRun.Outcome.INCOMPLETE
    assert Deal.objects.count() == 3


def test_revoked_webhook_is_told_in_one_sentence(connected: Portal, server: SandboxServer) -> None:
    server.credentials.clear()
    assert "NO_AUTH_FOUND" in refuse("sync")


def test_failed_run_is_told_as_data_too(
    connected: Portal, server: SandboxServer, capsys: pytest.CaptureFixture
) -> None:
    server.credentials.clear()
    with pytest.raises(CommandError):
        call_command("sync", "--json")
    (told,) = json.loads(capsys.readouterr().out)
    assert (told["outcome"], told["error_class"]) == ("failed", "ConfigurationError")


def test_portal_that_is_being_read_is_refused(connected: Portal) -> None:
    claim(connected, timezone.now() + timedelta(minutes=1))
    refuse("sync")
    assert SyncRun.objects.count() == 0


def test_lost_key_is_told_in_one_sentence_and_the_portal_let_go(connected: Portal, settings: Settings) -> None:
    keys = settings.FIELD_ENCRYPTION_KEYS
    settings.FIELD_ENCRYPTION_KEYS = [Fernet.generate_key().decode()]
    assert "KEY_LOST" in refuse("sync")
    broken = Portal.objects.get()
    assert (broken.connection, broken.lease_until) == (Portal.Connection.BROKEN, None)
    settings.FIELD_ENCRYPTION_KEYS = keys
    run("sync")
    assert [told.outcome for told in SyncRun.objects.order_by("pk")] == ["failed", "complete"]
