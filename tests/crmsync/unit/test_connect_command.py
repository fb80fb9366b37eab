"""connect_portal on the command line: one sentence and exit code 2 for everything that cannot be."""

from functools import partial

import pytest

from crmsync import connect
from crmsync.bitrix24.client import Client
from crmsync.models import Portal
from tests.canary import CANARY
from tests.crmsync.unit.portals import nothing_is_written, refuse, run, serve
from tests.crmsync.unit.sockets import find_closed_port

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nobody_sleeps(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the client repeat itself without pauses."""
    monkeypatch.setattr(connect, "Client", partial(Client, sleep=lambda _: None))


def test_connected_portal_is_told_with_what_comes_next() -> None:
    with serve() as server:
        said = run("connect_portal", server.url, "--name", "Ромашка", "--timezone", "Asia/Omsk")
    portal = Portal.objects.get()
    assert (portal.name, portal.time_zone) == ("Ромашка", "Asia/Omsk")
    assert "Ромашка" in said and "Алиса Волкова" in said
    assert said.splitlines()[-1].endswith(f"manage.py sync --portal {portal.pk}")


def test_connecting_twice_renews_and_says_so() -> None:
    with serve() as server:
        first, second = run("connect_portal", server.url), run("connect_portal", server.url)
    assert first.splitlines()[0] != second.splitlines()[0]
    assert Portal.objects.count() == 1


def test_missing_permission_is_named() -> None:
    with serve(scopes=("crm", "user")) as server:
        said = run("connect_portal", server.url)
    assert "department" in said and "“user”" not in said and "«user»" not in said
    assert Portal.objects.exists()


@pytest.mark.parametrize(
    "url",
    [
        *(
            "",
            "romashka",
            "romashka.example",
            "https://",
            "https://romashka.example",
            "https://romashka.example/rest/1/",
        ),
        *(
            f"http://romashka.example/rest/1/{CANARY}/",
            f"ftp://romashka.example/rest/1/{CANARY}/",
            "file:///etc/passwd",
        ),
        *(f"https://u:p@romashka.example/rest/1/{CANARY}/", f"https://romashka.example/rest/x/{CANARY}/"),
        *(f"https://romashka.example:x/rest/1/{CANARY}/", f"https://romashka.example/crm/rest/1/{CANARY}/", "--"),
        *(f"https://romashka .example/rest/1/{CANARY}/", f"https://romashka.example/rest/1/{CANARY}/\nx"),
    ],
)
def test_wrong_address_is_refused_unasked(url: str) -> None:
    refuse("connect_portal", "--", url)
    assert nothing_is_written()


@pytest.mark.parametrize("zone", ["Moscow", "Europe/Moskow", "+03:00", "../../etc/passwd", "Europe", "x" * 500])
def test_wrong_zone_is_refused_before_the_portal_is_asked(zone: str) -> None:
    with serve() as server:
        refuse("connect_portal", server.url, "--timezone", zone)
        assert len(server.log) == 0
    assert nothing_is_written()


def test_name_that_does_not_fit_is_refused() -> None:
    with serve() as server:
        refuse("connect_portal", server.url, "--name", "Р" * 101)
        assert nothing_is_written()
        run("connect_portal", server.url, "--name", "Р" * 100)


def test_revoked_webhook_is_refused() -> None:
    with serve() as server:
        server.credentials.clear()
        assert "NO_AUTH_FOUND" in refuse("connect_portal", server.url)
    assert nothing_is_written()


def test_webhook_without_the_crm_is_refused() -> None:
    with serve(scopes=("user", "department")) as server:
        assert "crm" in refuse("connect_portal", server.url)
    assert nothing_is_written()


def test_unreachable_port_is_refused() -> None:
    refuse("connect_portal", f"http://127.0.0.1:{find_closed_port()}/rest/1/{CANARY}/")
    assert nothing_is_written()


def test_unknown_host_is_refused() -> None:
    refuse("connect_portal", f"https://romashka.invalid/rest/1/{CANARY}/")
    assert nothing_is_written()


@pytest.mark.parametrize("fault", ["html200", "html502", "empty200", "truncated", "redirect302", "overload", "reset"])
def test_portal_that_does_not_answer_as_one_is_refused(fault: str) -> None:
    with serve() as server:
        server.faults.add(fault)
        refuse("connect_portal", server.url)
    assert nothing_is_written()


@pytest.mark.parametrize("fault", ["html502", "reset", "truncated"])
def test_passing_fault_does_not_matter(fault: str) -> None:
    with serve() as server:
        server.faults.add(fault, times=2)
        run("connect_portal", server.url)
    assert Portal.objects.exists()
