"""The wire: URL forms, bodies, credentials, the envelope."""

import json
from urllib.parse import urlsplit

import pytest

from crmsync.sandbox import SandboxServer
from crmsync.sandbox.calls import Credential

from .wire import ask, exchange, send


def root(server):
    return urlsplit(server.url).path


@pytest.mark.parametrize("tail", ["profile", "profile/", "profile.json", "PROFILE"])
def test_every_spelling_of_a_method_url_answers(server, tail):
    response, body = exchange(server, "GET", root(server) + tail)
    assert response.status == 200
    assert response.headers["X-Sandbox"] == "1"
    assert json.loads(body)["result"]["NAME"] == "Alice"


def test_form_json_and_query_mean_the_same(server):
    form = "entityTypeId=2&filter%5B%3Eid%5D=118&select%5B%5D=id"
    path = root(server) + "crm.item.list"
    by_form = exchange(server, "POST", path, form, "application/x-www-form-urlencoded")[1]
    by_query = exchange(server, "GET", f"{path}?{form}")[1]
    by_json = ask(server, "crm.item.list", {"entityTypeId": 2, "filter": {">id": 118}, "select": ["id"]})
    wanted = {"items": [{"id": 119}, {"id": 120}]}
    assert json.loads(by_form)["result"] == json.loads(by_query)["result"] == by_json["result"] == wanted


def test_wrong_code_is_no_auth_found_and_is_not_told_back(server):
    status, body = send(server, "profile", code="guessed-code")
    assert (status, json.loads(body)["error"]) == (401, "NO_AUTH_FOUND")
    assert b"guessed-code" not in body


def test_unknown_method_is_404(server):
    assert send(server, "crm.deal.explode")[0] == 404


@pytest.mark.parametrize("status", [403, 401])
def test_method_outside_the_scopes_is_refused(server, status):
    server.credentials["narrow"] = Credential(1, ("crm",))
    server.knobs.scope_status = status
    answer, body = send(server, "user.get", code="narrow")
    assert (answer, json.loads(body)["error"]) == (status, "insufficient_scope")
    assert send(server, "crm.category.list", {"entityTypeId": 2}, code="narrow")[0] == 200


def test_method_get_tells_existing_from_available(server):
    server.credentials["narrow"] = Credential(1, ("crm",))
    body = send(server, "method.get", {"name": "user.get"}, code="narrow")[1]
    assert json.loads(body)["result"] == {"isExisting": True, "isAvailable": False}


def test_time_block_carries_the_portals_clock_and_offset(server):
    block = ask(server, "crm.item.list", {"entityTypeId": 2})["time"]
    assert block["date_start"] == "2026-03-01T12:00:00+03:00"
    assert block["operating"] > 0
    assert block["operating_reset_at"] == int(block["start"]) + 600


def test_log_holds_methods_but_never_the_code(server):
    ask(server, "batch", {"cmd": {"a": "profile", "b": "nothing.here"}})
    entry = server.log[-1]
    assert (entry.method, entry.commands, entry.status) == ("batch", ("profile", "nothing.here"), 200)
    assert server.code not in repr(list(server.log))
    assert server.log.counters["requests"] == 1


def test_hook_can_change_the_store_between_two_pages(server):
    server.on_request(lambda call: server.store.update("deals", 120, title=f"seen {call.number}"))
    ask(server, "profile")
    assert server.store.record("deals", 120)["title"] == "seen 1"


def test_stopped_server_releases_its_port(store):
    with SandboxServer(store) as first:
        port = first.port
    with SandboxServer(store, port=port) as second:
        assert ask(second, "server.time")["result"] == "2026-03-01T09:00:00+00:00"
