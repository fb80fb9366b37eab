"""The leaky bucket and operating time, on a clock that the tests move."""

import json

from crmsync.sandbox import SandboxServer

from .wire import ask, batch, send


def statuses(server, count):
    return [send(server, "profile")[0] for _ in range(count)]


def test_full_bucket_refuses_until_it_leaks(store, clock):
    with SandboxServer(store, bucket_capacity=3, bucket_leak=2) as server:
        assert statuses(server, 5) == [200, 200, 200, 503, 503]
        clock.now += 1
        assert statuses(server, 3) == [200, 200, 503]


def test_refusal_names_the_query_limit_and_runs_nothing(store):
    with SandboxServer(store, bucket_capacity=1) as server:
        statuses(server, 1)
        assert json.loads(send(server, "profile")[1])["error"] == "QUERY_LIMIT_EXCEEDED"
        assert server.portal.dispatcher.calls == 1


def test_batch_is_one_request_for_the_bucket(store):
    with SandboxServer(store, bucket_capacity=2) as server:
        batch(server, {f"c{n}": "profile" for n in range(20)})
        assert statuses(server, 2) == [200, 503]


def test_capacity_of_zero_switches_the_bucket_off(server):
    assert set(statuses(server, 60)) == {200}


def test_method_out_of_time_is_refused_while_others_go_on(server, clock):
    server.knobs.operating_limit = 100
    server.knobs.seconds_per_row = 1.0
    page = {"entityTypeId": 2}
    answers = [ask(server, "crm.item.list", page) for _ in range(3)]
    assert [answer.get("error") for answer in answers] == [None, None, "OPERATION_TIME_LIMIT"]
    assert answers[1]["time"]["operating"] >= 100
    assert send(server, "user.get")[0] == 200


def test_operating_time_returns_when_its_minute_drops_out(server, clock):
    server.knobs.operating_limit = 50
    server.knobs.seconds_per_row = 1.0
    announced = ask(server, "crm.item.list", {"entityTypeId": 2})["time"]["operating_reset_at"]
    clock.now = announced - 1
    assert send(server, "crm.item.list", {"entityTypeId": 2})[0] == 429
    clock.now = announced
    assert send(server, "crm.item.list", {"entityTypeId": 2})[0] == 200


def test_only_the_oldest_minute_drops_out(server, clock):
    server.knobs.operating_limit = 50
    server.knobs.seconds_per_row = 0.5
    for _ in range(2):
        clock.now += 120
        ask(server, "crm.item.list", {"entityTypeId": 2})
    clock.now += 480
    assert 25 <= ask(server, "crm.item.list", {"entityTypeId": 2})["time"]["operating"] < 55
