"""Connecting a portal: who answers, what may be read, and what is remembered of it."""

from collections.abc import Iterator
from typing import Any

import pytest

from crmsync.bitrix24.answers import Answer
from crmsync.bitrix24.errors import ConfigurationError
from crmsync.connect import connect_portal, open_source, probe_portal
from crmsync.models import Portal
from crmsync.sandbox import SandboxServer
from crmsync.sandbox.calls import Credential
from tests.crmsync.unit.portals import nothing_is_written, serve


@pytest.fixture
def server(db: None) -> Iterator[SandboxServer]:
    with serve() as running:
        yield running


class Told:
    """A client to whom the portal has told these things."""

    def __init__(self, **told: Any) -> None:
        self.told = told

    def call(self, method: str) -> Answer:
        return Answer(self.told[method])


def probe(profile: Any, scope: Any) -> Any:
    return probe_portal(Told(profile=profile, scope=scope))  # type: ignore[arg-type]


def test_portal_is_connected_with_what_it_needs(server: SandboxServer) -> None:
    connected = connect_portal(server.url, name="Ромашка", time_zone="Asia/Omsk")
    portal = Portal.objects.get()
    assert connected.created and connected.portal == portal
    assert (portal.name, portal.time_zone, portal.webhook_url) == ("Ромашка", "Asia/Omsk", server.url)
    assert (portal.kind, portal.origin) == ("bitrix24", f"http://127.0.0.1:{server.port}")
    assert (connected.probe.user, connected.probe.is_admin, connected.probe.missing_scopes) == (
        "Алиса Волкова",
        True,
        [],
    )


def test_portal_is_called_by_its_host_and_lives_in_moscow_unless_told(server: SandboxServer) -> None:
    portal = connect_portal(server.url).portal
    assert (portal.name, portal.time_zone) == (f"127.0.0.1:{server.port}", "Europe/Moscow")


def test_long_host_is_cut_to_a_name(server: SandboxServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crmsync.connect.LONGEST_NAME", 5)
    assert connect_portal(server.url).portal.name == "127.0"


def test_connecting_again_changes_only_what_is_told(server: SandboxServer) -> None:
    first = connect_portal(server.url, name="Ромашка", time_zone="Asia/Omsk")
    again = connect_portal(server.url)
    assert (again.created, again.portal.pk) == (False, first.portal.pk)
    assert (again.portal.name, again.portal.time_zone) == ("Ромашка", "Asia/Omsk")
    assert connect_portal(server.url, name="Лютик").portal.name == "Лютик"


def test_new_webhook_of_a_portal_replaces_the_old_one(server: SandboxServer) -> None:
    portal = connect_portal(server.url).portal
    Portal.objects.update(connection=Portal.Connection.BROKEN, connection_note="Создайте новый вебхук.")
    server.credentials["another-code"] = Credential(1, ("crm",))
    renewed = server.url.replace(server.code, "another-code")
    connect_portal(renewed)
    portal.refresh_from_db()
    assert (portal.webhook_url, portal.connection, portal.connection_note) == (renewed, "working", "")
    assert Portal.objects.count() == 1


def test_refused_renewal_keeps_the_old_webhook(server: SandboxServer) -> None:
    connect_portal(server.url)
    with pytest.raises(ConfigurationError):
        connect_portal(server.url.replace(server.code, "wrong-code"))
    assert Portal.objects.get().webhook_url == server.url


def test_two_addresses_are_two_portals(server: SandboxServer) -> None:
    with serve() as other:
        assert connect_portal(server.url).portal.pk != connect_portal(other.url).portal.pk


def test_missing_scopes_are_told(db: None) -> None:
    with serve(scopes=("crm",)) as server:
        assert connect_portal(server.url).probe.missing_scopes == ["user", "department"]


def test_portal_that_may_not_be_read_is_not_connected(db: None) -> None:
    with serve(scopes=("user", "department")) as server, pytest.raises(ConfigurationError) as refused:
        connect_portal(server.url)
    assert refused.value.code == "INSUFFICIENT_SCOPE"
    assert nothing_is_written()


@pytest.mark.parametrize(
    ("scopes", "missing"),
    [
        (["crm", "user", "department"], []),
        (["CRM", "user_basic", "department"], []),
        (["crm", "user_brief"], ["department"]),
    ],
)
def test_narrower_scopes_of_people_are_enough(scopes: list[str], missing: list[str]) -> None:
    assert probe({"ID": "1"}, scopes).missing_scopes == missing


@pytest.mark.parametrize("profile", [{}, [], None, False, "x"])
def test_webhook_of_an_inactive_user_is_refused(profile: Any) -> None:
    with pytest.raises(ConfigurationError, match="USER_INACTIVE"):
        probe(profile, ["crm"])


@pytest.mark.parametrize("scope", [[], None, True, {"crm": 1}, 5, [None], [["crm"]]])
def test_odd_scopes_are_no_scopes(scope: Any) -> None:
    with pytest.raises(ConfigurationError, match="INSUFFICIENT_SCOPE"):
        probe({"ID": "1"}, scope)


def test_profile_may_lack_everything() -> None:
    found = probe({"ID": "1", "NAME": None}, ["crm"])
    assert (found.user, found.is_admin) == ("", False)


def test_webhook_that_cannot_be_decrypted_opens_nothing(portal: Portal) -> None:
    portal.webhook_url = ""
    with pytest.raises(ConfigurationError, match="KEY_LOST"):
        open_source(portal, on_request=lambda: None)
