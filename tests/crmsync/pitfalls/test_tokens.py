"""Pitfalls of OAuth: tokens that expire in the middle of a walk, and refresh tokens that are good for one use."""

import threading
from typing import Any

import pytest

from crmsync.bitrix24.client import Client, Listing
from crmsync.bitrix24.errors import ConfigurationError, PortalError, TransientError
from crmsync.bitrix24.oauth import RECONNECT, Application, OAuthCredentials, OAuthTransport, Tokens
from crmsync.bitrix24.source import Bitrix24Source
from crmsync.models import Portal, SyncRun
from tests.crmsync.bitrix24.doubles import OpenThrottle, Time
from tests.crmsync.sync.company import differences

DEALS = Listing("crm.item.list", {"entityTypeId": 2, "select": ["id"]}, key="id", items="items")


class Memory:
    """Tokens in memory, renewed by one worker at a time; at `gate` the workers wait for each other."""

    def __init__(self, granted, *, gate=None):
        self.tokens = Tokens(granted["access_token"], granted["refresh_token"])
        self.lock = threading.Lock()
        self.gate = gate

    def load(self):
        return self.tokens

    def renew(self, spent, ask):
        if self.gate:
            self.gate.wait(30)
        with self.lock:
            if self.tokens.access == spent:
                self.tokens = ask(self.tokens)
            return self.tokens


def open_client(server, granted, memory, **options):
    application = Application(granted["client_id"], granted["client_secret"], granted["token_endpoint"])
    credentials = OAuthCredentials(server.origin, application=application, store=memory)
    throttle: Any = OpenThrottle(Time())
    options = {"throttle": throttle, "transport": OAuthTransport(credentials), "sleep": lambda _: None, **options}
    return Client(credentials, **options)


@pytest.fixture
def granted(server):
    return server.grant()


@pytest.fixture
def memory(granted):
    return Memory(granted)


@pytest.fixture
def client(server, granted, memory):
    with open_client(server, granted, memory) as opened:
        yield opened


@pytest.fixture
def opener(server, granted, memory):
    """Open a portal for a run by the grant instead of the webhook."""

    def open_granted(portal, *, on_request):
        client = open_client(server, granted, memory, on_request=on_request)
        return Bitrix24Source(client, custom_fields=portal.custom_fields)

    return open_granted


def count_renewals(server):
    return server.log.counters["oauth.token"]


@pytest.mark.pitfall(9)
@pytest.mark.parametrize(("calls", "renewals"), [(1, 2), (2, 1), (3, 0)])
def test_token_that_expires_in_mid_walk_costs_no_row(client, server, store, calls, renewals):
    server.knobs.token_calls = calls
    client.depth = 1
    rows = [row["id"] for page in client.walk(DEALS) for row in page]
    assert rows == list(store.collections["deals"])
    assert count_renewals(server) == renewals


@pytest.mark.pitfall(9)
def test_run_goes_on_from_where_its_token_expired(connected, server, store, run, opener):
    server.knobs.token_calls = 2
    assert run(connected, open_source=opener).outcome == SyncRun.Outcome.COMPLETE
    assert differences(store, connected) == []
    assert count_renewals(server) > 1


@pytest.mark.pitfall(10)
def test_run_whose_grant_is_over_asks_for_a_new_connection(connected, server, run, opener):
    server.tokens.accesses.clear()
    server.tokens.refreshes.clear()
    ended = run(connected, open_source=opener)
    connected.refresh_from_db()
    assert (ended.outcome, ended.error_class) == (SyncRun.Outcome.FAILED, "ConfigurationError")
    assert connected.connection == Portal.Connection.BROKEN
    assert connected.connection_note.startswith(str(RECONNECT).rstrip("."))
    assert count_renewals(server) == 1


@pytest.mark.pitfall(9)
def test_batch_refused_for_its_token_is_sent_again(client, server):
    server.tokens.accesses.popitem()
    outcomes = client.batch({"a": ("profile", {}), "b": ("server.time", {})})
    assert [outcome for outcome in outcomes.values() if isinstance(outcome, PortalError)] == []
    assert count_renewals(server) == 1


@pytest.mark.pitfall(9)
def test_token_too_old_is_renewed_and_the_new_pair_is_kept(client, server, store, memory):
    began, old = store.clock(), memory.tokens
    store.clock = lambda: began + 3600
    client.call("profile")
    assert memory.tokens.access != old.access and memory.tokens.refresh != old.refresh
    client.call("profile")
    assert count_renewals(server) == 1


@pytest.mark.pitfall(9)
def test_token_that_nobody_has_spent_is_not_renewed(client, server):
    client.call("profile")
    assert count_renewals(server) == 0


@pytest.mark.pitfall(9)
def test_write_refused_for_its_token_is_done_once(client, server, store):
    server.tokens.accesses.popitem()
    fields = {"ENTITY_ID": 9, "ENTITY_TYPE": "deal", "COMMENT": "Позвоните"}
    client.call("crm.timeline.comment.add", {"fields": fields})
    assert len(store.collections["comments"]) == 1


@pytest.mark.pitfall(9)
def test_token_refused_twice_is_not_renewed_for_ever(client, server):
    server.knobs.token_seconds = 0
    with pytest.raises(ConfigurationError, match="EXPIRED_TOKEN"):
        client.call("profile")
    assert count_renewals(server) == 1


@pytest.mark.pitfall(9)
def test_form_and_query_may_carry_the_token(client, server, granted):
    client.credentials.authorize = lambda params: params
    client.credentials.endpoint = lambda method: f"{server.origin}/rest/{method}?auth={granted['access_token']}"
    assert client.call("scope").result == server.store.scopes


def work_together(server, granted, memory):
    """Let two workers meet the same expired token at once; return what went wrong for either."""
    errors = []

    def work():
        with open_client(server, granted, memory) as client:
            try:
                client.call("profile")
            except PortalError as error:
                errors.append(error.code)

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    return errors


@pytest.mark.pitfall(10)
def test_two_workers_renew_once(server, granted):
    server.tokens.accesses.clear()
    memory = Memory(granted, gate=threading.Barrier(2))
    assert work_together(server, granted, memory) == []
    assert count_renewals(server) == 1


class Unguarded(Memory):
    """Reads the tokens, waits until the other worker has read them too, and only then renews."""

    def renew(self, spent, ask):
        known = self.tokens
        self.gate.wait(30)
        self.tokens = ask(known)
        return self.tokens


@pytest.mark.pitfall(10)
@pytest.mark.parametrize(("keeps", "errors"), [(False, ["INVALID_GRANT"]), (True, [])])
def test_without_the_guard_one_worker_loses_the_grant(server, granted, keeps, errors):
    server.knobs.keep_refresh = keeps
    server.tokens.accesses.clear()
    assert work_together(server, granted, Unguarded(granted, gate=threading.Barrier(2))) == errors
    assert count_renewals(server) == 2


@pytest.mark.pitfall(10)
def test_spent_refresh_token_asks_for_a_new_connection(client, server):
    server.tokens.accesses.clear()
    server.tokens.refreshes.clear()
    with pytest.raises(ConfigurationError) as refused:
        client.call("profile")
    assert (refused.value.code, refused.value.advice) == ("INVALID_GRANT", RECONNECT)
    assert (client.requests, count_renewals(server)) == (1, 1)


@pytest.mark.pitfall(10)
def test_foreign_application_gets_no_tokens(server, granted, memory):
    server.tokens.accesses.clear()
    with (
        open_client(server, {**granted, "client_secret": "guessed"}, memory) as client,
        pytest.raises(ConfigurationError, match="INVALID_CLIENT"),
    ):
        client.call("profile")
    assert memory.tokens.refresh in server.tokens.refreshes


@pytest.mark.pitfall(10)
@pytest.mark.parametrize("fault", ["html502", "empty200", "truncated", "cut", "internal_error"])
def test_token_server_in_trouble_is_waited_for(client, server, fault):
    server.knobs.keep_refresh = True
    server.tokens.accesses.clear()
    server.faults.add(fault, method="oauth.token", times=2)
    assert client.call("profile").result["NAME"] == "Алиса"
    assert count_renewals(server) == 3


@pytest.mark.pitfall(10)
def test_lost_answer_of_a_renewal_loses_the_grant(client, server):
    server.tokens.accesses.clear()
    server.faults.add("commit504", method="oauth.token", times=1)
    with pytest.raises(ConfigurationError, match="INVALID_GRANT"):
        client.call("profile")


@pytest.mark.pitfall(10)
def test_lasting_trouble_of_the_token_server_is_no_refusal(client, server):
    server.tokens.accesses.clear()
    server.faults.add("internal_error", method="oauth.token")
    with pytest.raises(TransientError):
        client.call("profile")


@pytest.mark.pitfall(10)
def test_secrets_are_sent_to_https_only(granted):
    with pytest.raises(ConfigurationError, match="BAD_ADDRESS"):
        Application(granted["client_id"], granted["client_secret"], "http://oauth.example/oauth/token/")


@pytest.mark.pitfall(10)
def test_no_secret_of_a_grant_is_shown(client, granted, memory):
    secrets = [granted[name] for name in ("access_token", "refresh_token", "client_secret")]
    shown = f"{memory.tokens!r} {client.credentials.application!r} {client.credentials.conceal(' '.join(secrets))}"
    assert not any(secret in shown for secret in secrets)
