"""Pitfalls 5, 7, 12 and 47: answers that are none, answers that take long, refusals of one method, odd errors."""

import pytest

from crmsync.bitrix24.errors import TransientError
from crmsync.bitrix24.transport import READ_SECONDS
from crmsync.models import Deal, StreamState, SyncRun
from crmsync.sandbox.calls import Credential
from tests.crmsync.sync.company import differences
from tests.crmsync.sync.conftest import open_hasty

PORTAL_CUTS_AT_SECONDS = 60
NO_ANSWERS = ["html502", "html200", "empty200", "truncated"]


@pytest.mark.pitfall(5)
@pytest.mark.parametrize("kind", NO_ANSWERS)
def test_answer_that_is_none_is_asked_for_again(connected, server, store, run, kind):
    fault = server.faults.add(kind, times=2)
    assert run(connected).outcome == SyncRun.Outcome.COMPLETE
    assert fault.hits == 2
    assert differences(store, connected) == []


@pytest.mark.pitfall(5)
@pytest.mark.parametrize("kind", NO_ANSWERS)
def test_portal_that_gives_no_answer_is_not_taken_for_an_empty_one(connected, server, store, run, kind):
    run(connected)
    server.faults.add(kind)
    assert run(connected).error_class == "TransientError"
    assert differences(store, connected) == []


@pytest.mark.pitfall(7)
def test_client_outwaits_the_portal_that_cuts_its_own_requests():
    assert READ_SECONDS > PORTAL_CUTS_AT_SECONDS


@pytest.mark.pitfall(7)
def test_slow_answer_is_waited_for(caller, server):
    server.faults.add("delay", seconds=0.2, times=1)
    assert caller.call("profile").result["ID"] == "1"
    assert caller.requests == 1


@pytest.mark.pitfall(7)
def test_answer_that_never_comes_is_given_up(connected, server):
    server.faults.add("hang")
    source = open_hasty(connected, on_request=lambda: None, deadline=0.2, attempts=1)
    with source.client as client, pytest.raises(TransientError) as failure:
        client.call("profile")
    assert failure.value.code == "TIMEOUT"


@pytest.mark.pitfall(12)
@pytest.mark.parametrize("status", [403, 401])
def test_missing_scope_stops_only_its_stream(connected, server, store, run, status):
    server.knobs.scope_status = status
    server.credentials[server.code] = Credential(1, ("crm", "department"))
    ended = run(connected)
    assert [key for key, tally in ended.streams.items() if tally["error"]] == ["people"]
    assert ended.streams["people"]["error"] == "ScopeError"
    assert Deal.objects.count() == len(store.collections["deals"])


@pytest.mark.pitfall(47)
@pytest.mark.parametrize(
    ("shape", "error_class"),
    [
        ("int", "ScopeError"),
        ("zero", "RequestError"),
        ("empty", "RequestError"),
        ("lower", "LimitedError"),
        ("text", "RequestError"),
        ("numeric", "RequestError"),
        ("html", "RequestError"),
    ],
)
def test_odd_error_is_classed_and_shown_without_tags(connected, server, run, shape, error_class):
    server.faults.add("odd_error", method="crm.activity.list", shape=shape)
    ended = run(connected)
    state = StreamState.objects.get(stream="activities")
    assert state.error_class == error_class
    assert state.error and "<" not in state.error
    assert Deal.objects.count() == ended.streams["deals"]["read"] == 130
