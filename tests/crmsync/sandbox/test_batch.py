"""The batch method: chains, placeholders, halting, PHP's empty maps."""

import pytest

from .wire import ask, batch, page_command


def found_ids(result, key):
    return [item["id"] for item in result["result"][key]["items"]]


def test_chained_pages_follow_each_other(server):
    chain = {"p0": page_command(), "p1": page_command(after="$result[p0][items][49][id]")}
    result = batch(server, chain, halt=1)
    assert found_ids(result, "p1") == list(range(51, 101))
    assert set(result["result_time"]) == {"p0", "p1"}


def test_chain_past_a_short_page_starts_again(server):
    chain = {f"p{n}": page_command(after=f"$result[p{n - 1}][items][49][id]") for n in range(1, 4)}
    result = batch(server, {"p0": page_command(), **chain}, halt=1)
    assert found_ids(result, "p2") == list(range(101, 121))
    assert found_ids(result, "p3")[0] == 1


def test_empty_maps_are_lists_as_php_writes_them(server):
    result = batch(server, {"a": "profile"})
    assert result["result_error"] == result["result_total"] == result["result_next"] == []


def test_list_of_commands_gives_lists_until_there_is_a_gap(server):
    whole = batch(server, ["server.time", "server.time"])
    gap = batch(server, ["nothing.here", "server.time"])
    assert isinstance(whole["result"], list)
    assert list(gap["result"]) == ["1"]


@pytest.mark.parametrize(("halt", "executed"), [(1, {}), (0, {"b"})])
def test_halt_stops_at_the_first_error(server, halt, executed):
    result = batch(server, {"a": "nothing.here", "b": "server.time"}, halt=halt)
    assert set(result["result"]) == set(executed)
    assert result["result_error"]["a"]["error"] == "ERROR_METHOD_NOT_FOUND"


def test_unresolved_placeholder_stays_literal_text(server):
    seen = []
    server.on_request(lambda call: seen.append(call.params))
    batch(server, {"a": "profile", "b": "crm.item.get?entityTypeId=2&id=$result[a][NONE]&x=n$result[a][ID]"})
    assert seen[1]["id"] == "$result[a][NONE]"
    assert seen[1]["x"] == "n1"


def test_counted_list_in_a_batch_has_total_and_next(server):
    result = batch(server, {"d": "crm.item.list?entityTypeId=2", "p": "profile"})
    assert result["result_total"] == {"d": 120}
    assert result["result_next"] == {"d": 50}


def test_commands_beyond_fifty_fail_one_by_one_or_all_together(server):
    commands = {f"c{n}": "server.time" for n in range(51)}
    assert batch(server, commands)["result_error"]["c50"]["error"] == "ERROR_BATCH_LENGTH_EXCEEDED"
    server.knobs.batch_overflow = "request"
    assert ask(server, "batch", {"cmd": commands})["error"] == "ERROR_BATCH_LENGTH_EXCEEDED"


def test_batch_inside_a_batch_is_refused(server):
    result = batch(server, {"a": "batch?cmd[x]=profile"})
    assert result["result_error"]["a"]["error"] == "ERROR_BATCH_METHOD_NOT_ALLOWED"


def test_inner_methods_are_charged_and_the_batch_is_not(server):
    server.knobs.seconds_per_call = 10
    answer = ask(server, "batch", {"cmd": {"a": "profile", "b": "profile"}})
    assert answer["time"]["operating"] == 0
    assert answer["result"]["result_time"]["b"]["operating"] == pytest.approx(20, abs=0.5)
