"""Batches: every command has its outcome, partial errors are errors, and parameters arrive as they were meant."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from crmsync.bitrix24.answers import Answer
from crmsync.bitrix24.client import Client
from crmsync.bitrix24.encoding import encode_command
from crmsync.bitrix24.errors import (
    ConfigurationError,
    LimitedError,
    NotExecuted,
    RequestError,
    TransientError,
    classify,
)
from crmsync.sandbox import SandboxServer
from tests.crmsync.bitrix24.doubles import Script, Time, batch_answer, make_client

COMMANDS: dict[str, Any] = {"a": ("user.get", {"ID": 1}), "b": ("crm.status.list", {}), "c": ("scope", {})}
INNER_FAULT = {"error": "INTERNAL_SERVER_ERROR", "error_description": ""}

ENCODED = [
    ({"id": 5, "start": -1}, "id=5&start=-1"),
    ({"filter": {">id": 5, "!=stageId": "C1:NEW"}}, "filter[%3Eid]=5&filter[%21%3DstageId]=C1%3ANEW"),
    ({"select": ["id", "ufCrm_1"]}, "select[0]=id&select[1]=ufCrm_1"),
    ({"filter": {"@id": [1, 2], "a": {"b": {"c": "d"}}}}, "filter[%40id][0]=1&filter[%40id][1]=2&filter[a][b][c]=d"),
    ({"q": "a+b & c=д"}, "q=a%2Bb%20%26%20c%3D%D0%B4"),
    ({"q": "100%"}, "q=100%25"),
    ({"yes": True, "no": False, "none": None, "empty": [], "map": {}}, "yes=1&no=0"),
    ({"sum": Decimal("1.50"), "day": date(2026, 3, 2)}, "sum=1.50&day=2026-03-02"),
    ({"filter": {">id": "$result[p3][items][49][id]"}}, "filter[%3Eid]=$result[p3][items][49][id]"),
    ({"q": "$result[x] costs $5"}, "q=%24result%5Bx%5D%20costs%20%245"),
]


@pytest.mark.parametrize(("params", "query"), ENCODED)
def test_parameters_are_written_for_php(params: dict[str, Any], query: str) -> None:
    assert encode_command("m", params) == f"m?{query}"


def test_command_without_parameters_has_no_query() -> None:
    assert encode_command("profile", {"none": None}) == "profile"


def test_each_command_has_its_outcome_in_order() -> None:
    body = batch_answer(
        {"c": ["crm"], "a": None},
        {"b": {"error": "INSUFFICIENT_SCOPE", "error_description": ""}},
        result_total={"a": "3"},
        result_next={"a": 0},
        result_time={"a": {"operating": 1}},
    )
    found = make_client(Script(body)).batch(COMMANDS)
    assert list(found) == ["a", "b", "c"]
    assert found["a"] == Answer(None, total=3, next=0, operating=1.0)
    assert (type(found["b"]).__name__, found["b"].method) == ("ScopeError", "crm.status.list")  # type: ignore[union-attr]


def test_command_that_is_not_accounted_for_is_an_error() -> None:
    found = make_client(Script(batch_answer({"a": []}))).batch(COMMANDS)
    assert [type(outcome) for outcome in found.values()] == [Answer, NotExecuted, NotExecuted]
    assert isinstance(found["b"], TransientError)


def test_commands_after_a_halt_are_not_executed() -> None:
    script = Script(batch_answer({"a": []}, {"b": INNER_FAULT}))
    found = make_client(script).batch(COMMANDS, halt=True)
    assert script.sent[0][1]["halt"] == 1
    assert [type(outcome) for outcome in found.values()] == [Answer, TransientError, NotExecuted]


def test_empty_maps_may_be_lists() -> None:
    found = make_client(Script(batch_answer([], []))).batch({"a": ("scope", {})})
    assert type(found["a"]) is NotExecuted


def test_map_with_numbered_keys_may_be_a_list() -> None:
    found = make_client(Script(batch_answer([["x"], ["y"]]))).batch({"0": ("scope", {}), "1": ("scope", {})})
    assert found == {"0": Answer(["x"]), "1": Answer(["y"])}


@pytest.mark.parametrize("result", [None, True, "x", [], {}, {"items": []}])
def test_answer_that_is_no_batch_is_asked_for_again(result: Any) -> None:
    script = Script({"result": result}, batch_answer({"a": 1}))
    assert make_client(script).batch({"a": ("scope", {})}) == {"a": Answer(1)}


def test_error_of_the_whole_batch_is_raised() -> None:
    with pytest.raises(ConfigurationError):
        make_client(Script(ConfigurationError("NO_AUTH_FOUND", method="batch"))).batch(COMMANDS)


def test_more_than_fifty_commands_are_several_requests() -> None:
    def respond(_method: str, params: Any) -> Any:
        return batch_answer({key: key for key in params["cmd"]})

    script = Script(respond, respond, respond)
    commands: dict[str, Any] = {f"k{index}": ("scope", {}) for index in range(120)}
    found = make_client(script).batch(commands)
    assert [len(params["cmd"]) for _, params in script.sent] == [50, 50, 20]
    assert [outcome.result for outcome in found.values()] == list(commands)  # type: ignore[union-attr]


def test_chain_is_never_cut() -> None:
    with pytest.raises(ValueError, match="50"):
        make_client(Script()).batch({str(index): ("scope", {}) for index in range(51)}, halt=True)


def test_no_commands_make_no_request() -> None:
    assert make_client(Script()).batch({}) == {}


def test_batch_of_reads_is_repeated_and_one_with_a_write_is_not() -> None:
    fault = TransientError("TIMEOUT", method="batch")
    assert make_client(Script(fault, batch_answer({"a": 1}))).batch({"a": ("scope", {})}) == {"a": Answer(1)}
    with pytest.raises(TransientError):
        make_client(Script(fault)).batch({"a": ("scope", {}), "b": ("crm.item.add", {})})


def test_refused_method_rests_and_the_others_go_on() -> None:
    time = Time()
    limit = {"error": "operation_time_limit", "error_description": ""}
    script = Script(batch_answer({"a": 1, "c": 3}, {"b": limit}), batch_answer({"a": 1, "c": 3}))
    client = make_client(script, time)
    for _ in range(2):
        found = client.batch(COMMANDS)
        assert [type(outcome) for outcome in found.values()] == [Answer, LimitedError, Answer]
        assert found["b"].until == time.now() + timedelta(minutes=10)  # type: ignore[union-attr]
    assert list(script.sent[1][1]["cmd"]) == ["a", "c"]


def test_operation_limit_of_the_whole_batch_rests_all_its_methods() -> None:
    time = Time()
    error = classify(status=429, body={"error": "OPERATION_TIME_LIMIT"}, method="batch")
    client = make_client(Script(error), time)
    with pytest.raises(LimitedError) as caught:
        client.batch(COMMANDS)
    rests = [client.throttle.paused_until(method) for method, _ in COMMANDS.values()]
    assert rests == [caught.value.until] * 3 == [time.now() + timedelta(minutes=10)] * 3


def test_chain_of_a_resting_method_is_not_asked_for() -> None:
    time, script = Time(), Script()
    client = make_client(script, time)
    client.throttle.pause("user.get", time.now() + timedelta(minutes=1))
    with pytest.raises(LimitedError):
        client.batch(COMMANDS, halt=True)
    assert script.sent == []


def test_portal_understands_what_was_meant(client: Client, server: SandboxServer) -> None:
    title = "50% & «ёж» + a=b [x]?"
    server.store.add("deals", {"id": 1, "title": title, "stageId": "C1:NEW"})
    wanted = {"entityTypeId": 2, "select": ["id", "title"], "filter": {"=title": title, "@id": [1, 2]}}
    found = client.batch({"good": ("crm.item.list", wanted), "bad": ("crm.nothing", {})})
    assert [row["title"] for row in found["good"].result["items"]] == [title]  # type: ignore[union-attr]
    assert isinstance(found["bad"], RequestError)
