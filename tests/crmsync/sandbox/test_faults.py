"""Each fault bites, only where it was ordered; without one the same call is sound."""

import json
from http.client import IncompleteRead

import pytest

from crmsync.sandbox import SandboxServer, Store
from crmsync.sandbox.faults import parse_fault

from .wire import ask, batch, exchange, page_command, send

PAGE = {"entityTypeId": 2, "select": ["id"], "order": {"id": "ASC"}, "start": -1}


def items(server, **params):
    return ask(server, "crm.item.list", {**PAGE, **params})["result"]["items"]


@pytest.mark.parametrize(
    ("kind", "status", "code"),
    [
        ("internal_error", 500, "INTERNAL_SERVER_ERROR"),
        ("query_limit", 503, "QUERY_LIMIT_EXCEEDED"),
        ("overload", 503, "OVERLOAD_LIMIT"),
        ("revoked", 401, "NO_AUTH_FOUND"),
        ("insufficient_scope", 403, "insufficient_scope"),
        ("batch_partial", 200, None),
    ],
)
def test_error_faults_answer_with_their_code_once(server, kind, status, code):
    server.faults.add(kind, times=1)
    answers = [send(server, "crm.item.list", PAGE) for _ in range(2)]
    assert answers[0][0] == status
    assert json.loads(answers[0][1]).get("error") == code
    assert answers[1][0] == 200


@pytest.mark.parametrize(
    ("kind", "status"), [("html502", 502), ("html200", 200), ("empty200", 200), ("truncated", 200)]
)
def test_body_faults_are_not_json(server, kind, status):
    server.faults.add(kind, times=1)
    answer, body = send(server, "crm.item.list", PAGE)
    assert answer == status
    with pytest.raises(ValueError, match="line 1"):
        json.loads(body)
    assert len(items(server)) == 50


@pytest.mark.parametrize(("kind", "error"), [("cut", IncompleteRead), ("reset", ConnectionResetError)])
def test_connection_faults_break_the_connection(server, kind, error):
    server.faults.add(kind, times=1)
    with pytest.raises(error):
        send(server, "crm.item.list", PAGE)
    assert len(items(server)) == 50


def test_redirect_points_to_another_host(server):
    server.faults.add("redirect302", location="http://127.0.0.1:9")
    response, body = exchange(server, "GET", "/rest/1/sandbox-secret/profile")
    assert (response.status, body) == (302, b"")
    assert response.headers["Location"] == "http://127.0.0.1:9/rest/1/sandbox-secret/profile"


def test_hang_outlasts_the_client_and_ends_with_the_server(store):
    server = SandboxServer(store).start()
    server.faults.add("hang", times=1)
    with pytest.raises(TimeoutError):
        send(server, "profile", timeout=0.2)
    server.stop()
    assert server.log[-1].fault == "hang"


def test_dripped_body_arrives_whole(server):
    server.faults.add("drip", seconds=0.001)
    assert len(items(server)) == 50


def test_huge_body_is_valid_json_with_a_long_tail(server):
    server.faults.add("huge_body", size=100_000)
    body = send(server, "profile")[1]
    assert len(body) > 100_000
    assert json.loads(body)["result"]["ID"] == "1"


def test_operation_time_announces_its_reset_then_blocks_one_method(server, clock):
    server.faults.add("operation_time", method="crm.item.list", times=1, seconds=5)
    announced = ask(server, "crm.item.list", PAGE)["time"]["operating_reset_at"]
    assert announced == clock.now + 5
    assert send(server, "crm.item.list", PAGE)[0] == 429
    assert send(server, "profile")[0] == 200
    clock.now += 5
    assert send(server, "crm.item.list", PAGE)[0] == 200


def test_odd_errors_go_through_their_shapes(server):
    server.faults.add("odd_error", times=7)
    codes = [ask(server, "profile")["error"] for _ in range(7)]
    assert codes == [200040300010, 0, "", "query_limit_exceeded", "Invalid parameters.", "100", "ERROR_CORE"]


def test_partial_batch_fails_the_command_ordered(server):
    server.faults.add("batch_partial", command=1)
    result = batch(server, {"a": "profile", "b": "profile", "c": "profile"})
    assert list(result["result_error"]) == ["b"]
    assert set(result["result"]) == {"a", "c"}


def test_ignored_cursor_gives_the_first_page_again(server):
    assert items(server, filter={">id": 50})[0] == {"id": 51}
    server.faults.add("ignore_cursor")
    assert items(server, filter={">id": 50})[0] == {"id": 1}


def test_ignored_filter_keeps_only_the_cursor(server):
    wanted = {"filter": {">id": 100, "stageSemanticId": "S"}}
    assert items(server, **wanted)[0] == {"id": 102}
    server.faults.add("ignore_filter")
    assert items(server, **wanted)[0] == {"id": 101}


def test_repeated_page_is_the_one_before(server):
    first = items(server)
    server.faults.add("repeat_page", times=1)
    assert items(server, filter={">id": 50}) == first
    assert items(server, filter={">id": 50}) != first


def test_total_lies(server):
    server.faults.add("total_lies", total=50)
    assert ask(server, "crm.item.list", {**PAGE, "start": 0})["total"] == 50


@pytest.mark.parametrize(("shape", "kind"), [("missing", type(None)), ("iso", str)])
def test_operating_reset_changes_its_shape(server, shape, kind):
    server.faults.add("operating_shape", shape=shape)
    assert isinstance(ask(server, "profile")["time"].get("operating_reset_at"), kind)


def test_empty_maps_of_a_batch_become_objects(server):
    server.faults.add("empty_map", method="batch")
    assert batch(server, {"a": "profile"})["result_error"] == {}


def test_nothing_is_spelled_in_every_way_the_portal_knows(server):
    server.faults.add("empty_values")
    wanted = {"select": ["id", "companyId", "leadId", "closedate", "opportunity"]}
    rows = items(server, **wanted)
    spellings = {json.dumps(row["companyId"]) for row in rows}
    assert spellings == {"null", '""', '"0"', "0", "false"}
    assert {json.dumps(row["closedate"]) for row in rows} == {"null", '""', "{}"}
    assert [row["id"] for row in rows] == list(range(1, 51))


def test_malformed_records_are_those_chosen_and_the_store_stays_sound(server, store):
    server.faults.add("malformed", ids=[2], fields={"opportunity": "много"})
    rows = items(server, select=["id", "opportunity"])
    assert [row["id"] for row in rows if row["opportunity"] == "много"] == [2]
    assert store.record("deals", 2)["opportunity"] == 201.0


def test_fault_for_an_inner_method_hits_the_batch_that_calls_it(server):
    server.faults.add("html502", method="crm.item.list")
    assert send(server, "batch", {"cmd": {"a": "profile"}})[0] == 200
    assert send(server, "batch", {"cmd": {"a": page_command()}})[0] == 502


def test_fault_strikes_at_the_call_ordered_and_at_its_rate(store):
    with SandboxServer(store, bucket_capacity=0) as server:
        server.faults.add("html502", at=2)
        assert [send(server, "profile")[0] for _ in range(3)] == [200, 502, 200]
        server.faults.clear()
        rare = server.faults.add("html502", probability=0.3)
        for _ in range(100):
            send(server, "profile")
    assert 15 <= rare.hits <= 45


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("html502", {"kind": "html502"}),
        ("reset:crm.item.list:0.05", {"kind": "reset", "method": "crm.item.list", "probability": 0.05}),
        ("delay=1.5:3", {"kind": "delay", "seconds": 1.5, "times": 3}),
        ("odd_error=html", {"kind": "odd_error", "shape": "html"}),
    ],
)
def test_fault_is_read_from_the_command_line(text, made):
    assert parse_fault(text) == made


@pytest.mark.parametrize("text", ["explode", "html502=3"])
def test_unknown_fault_is_refused(text):
    with pytest.raises(ValueError, match="fault"):
        parse_fault(text)


def test_log_names_the_fault(server):
    server.faults.add("html502")
    send(server, "profile")
    assert (server.log[-1].fault, server.log[-1].status) == ("html502", 502)


def test_activity_maps_are_emptied_to_objects():
    with SandboxServer(Store.from_records({"activities": [{"ID": "1"}]})) as server:
        assert ask(server, "crm.activity.list")["result"][0]["SETTINGS"] == []
        server.faults.add("empty_map", method="crm.activity.list")
        assert ask(server, "crm.activity.list")["result"][0]["SETTINGS"] == {}
