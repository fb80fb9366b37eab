"""Pitfalls of the way to a portal: it has moved, the webhook is gone, only https will do, the plan has lapsed."""

import pytest
import requests

from crmsync.bitrix24.credentials import parse_webhook
from crmsync.bitrix24.errors import ConfigurationError
from crmsync.connect import connect_portal
from crmsync.models import Deal, Portal, SyncRun
from crmsync.sandbox import SandboxServer, Store
from crmsync.sandbox.calls import Credential
from tests.crmsync.sync.company import differences

REVOKED = {"no_auth": "NO_AUTH_FOUND", "invalid401": "INVALID_CREDENTIALS", "invalid403": "INVALID_CREDENTIALS"}


@pytest.fixture
def stranger(canary):
    """Another portal, which knows the same code: it would answer whoever follows a redirect to it."""
    with SandboxServer(Store.from_records({}), code=canary, bucket_capacity=0) as other:
        yield other


def end_badly(portal, run, server):
    """Run against a portal that refuses; return what the run and the portal say, and how often it was asked."""
    server.log.clear()
    ended = run(portal)
    portal.refresh_from_db()
    assert (ended.outcome, ended.error_class) == (SyncRun.Outcome.FAILED, "ConfigurationError")
    assert portal.connection == Portal.Connection.BROKEN
    assert Deal.objects.filter(portal=portal).count() == 130
    return ended.error, len(server.log)


@pytest.mark.pitfall(8)
@pytest.mark.parametrize("place", ["stranger", "elsewhere"])
def test_moved_portal_is_named_and_not_followed(connected, server, store, run, stranger, place):
    run(connected)
    location = stranger.origin if place == "stranger" else "https://elsewhere.example"
    server.faults.add("redirect302", location=location)
    said, asked = end_badly(connected, run, server)
    assert "MOVED" in said and location.split("/")[2].split(":")[0] in said
    assert (asked, len(stranger.log)) == (1, 0)
    server.faults.clear()
    assert run(connected).outcome == SyncRun.Outcome.COMPLETE


@pytest.mark.pitfall(8)
def test_careless_client_would_give_the_stranger_its_code(server, stranger):
    server.faults.add("redirect302", location=stranger.origin)
    followed = requests.post(f"{server.url}crm.item.list", json={"entityTypeId": 2}, timeout=10)
    assert followed.request.method == "GET"
    assert [entry.method for entry in stranger.log] == ["crm.item.list"]


@pytest.mark.pitfall(8)
def test_portal_that_moved_is_not_connected(db, server, stranger):
    server.faults.add("redirect302", location=stranger.origin)
    with pytest.raises(ConfigurationError, match="MOVED"):
        connect_portal(server.url)
    assert len(stranger.log) == Portal.objects.count() == 0


@pytest.mark.pitfall(11)
@pytest.mark.parametrize("answer", REVOKED)
def test_revoked_webhook_is_asked_once_and_needs_attention(connected, server, run, answer):
    run(connected)
    server.knobs.unknown_code = answer
    server.credentials.clear()
    said, asked = end_badly(connected, run, server)
    assert REVOKED[answer] in said
    assert asked == 1


@pytest.mark.pitfall(11)
def test_webhook_that_changed_its_owner_needs_attention(connected, server, run):
    run(connected)
    server.credentials[server.code] = Credential(2, server.credentials[server.code].scopes)
    assert "NO_AUTH_FOUND" in end_badly(connected, run, server)[0]


@pytest.mark.pitfall(11)
def test_new_webhook_mends_the_connection(connected, server, store, run):
    run(connected)
    granted = server.credentials.pop(server.code)
    end_badly(connected, run, server)
    server.credentials["renewed-code"] = granted
    connect_portal(server.url.replace(server.code, "renewed-code"))
    store.update("deals", 9, opportunity=4242)
    assert run(connected).outcome == SyncRun.Outcome.COMPLETE
    assert differences(store, connected) == []


@pytest.mark.pitfall(11)
def test_webhook_of_a_dismissed_user_is_not_connected(db, server, store):
    store.update("users", 1, ACTIVE=False)
    with pytest.raises(ConfigurationError, match="USER_INACTIVE"):
        connect_portal(server.url)
    assert not Portal.objects.exists()


@pytest.mark.pitfall(51)
def test_portal_that_demands_https_is_asked_once(connected, server, run):
    run(connected)
    server.knobs.refuse = "https"
    said, asked = end_badly(connected, run, server)
    assert "https://" in said
    assert asked == 1


@pytest.mark.pitfall(51)
def test_plain_http_is_refused_unasked_everywhere_but_on_this_machine(server):
    with pytest.raises(ConfigurationError, match="https://"):
        parse_webhook(server.url.replace("127.0.0.1", "portal.example"))
    assert len(server.log) == 0
    assert parse_webhook(server.url).origin == server.origin


@pytest.mark.pitfall(55)
@pytest.mark.parametrize(("refusal", "code"), [("plan", "ACCESS_DENIED"), ("payment", "PAYMENT_REQUIRED")])
def test_lapsed_plan_stops_the_run_at_once(connected, server, run, refusal, code):
    run(connected)
    server.knobs.refuse = refusal
    said, asked = end_badly(connected, run, server)
    assert code in said and "тариф" in said
    assert asked == 1


@pytest.mark.pitfall(55)
def test_renewed_plan_lets_the_next_run_catch_up(connected, server, store, run):
    run(connected)
    server.knobs.refuse = "plan"
    store.update("deals", 9, opportunity=4242)
    end_badly(connected, run, server)
    server.knobs.refuse = ""
    assert run(connected).outcome == SyncRun.Outcome.COMPLETE
    assert differences(store, connected) == []


@pytest.mark.pitfall(55)
@pytest.mark.parametrize("refusal", ["plan", "payment", "https"])
def test_portal_that_takes_no_requests_is_not_connected(db, server, refusal):
    server.knobs.refuse = refusal
    with pytest.raises(ConfigurationError):
        connect_portal(server.url)
    assert not Portal.objects.exists()
