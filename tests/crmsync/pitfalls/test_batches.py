"""Pitfalls 36 to 39: batches that fail in part, are too long, are chained past a failure, or are encoded carelessly."""

import pytest

from crmsync.bitrix24.answers import Answer
from crmsync.bitrix24.batch import Command, read_batch, write_batch
from crmsync.bitrix24.client import Listing
from crmsync.bitrix24.errors import NotExecuted, PortalError, TransientError
from tests.crmsync.sync.company import differences, make_deal

PROFILE: Command = ("profile", {})
DEALS = Listing("crm.item.list", params={"entityTypeId": 2, "select": ["id", "title"]}, key="id", items="items")
HOSTILE = "Ромашка & Ко +7%20 #1 = [50%] ?a=b;"


@pytest.mark.pitfall(36)
@pytest.mark.parametrize(("halt", "last"), [(False, Answer), (True, NotExecuted)])
def test_every_command_of_a_batch_has_its_own_outcome(caller, server, halt, last):
    server.faults.add("batch_partial", command=1)
    outcomes = caller.batch({"a": PROFILE, "b": PROFILE, "c": PROFILE}, halt=halt)
    assert [type(outcome) for outcome in outcomes.values()] == [Answer, TransientError, last]


@pytest.mark.pitfall(36)
def test_failed_command_loses_no_record(connected, server, store, run):
    fault = server.faults.add("batch_partial", method="crm.item.list", times=3)
    run(connected)
    run(connected)
    assert fault.hits == 3
    assert differences(store, connected) == []


@pytest.mark.pitfall(37)
def test_many_commands_are_sent_fifty_a_request(caller, server):
    outcomes = caller.batch({f"c{number}": PROFILE for number in range(120)})
    assert all(isinstance(outcome, Answer) for outcome in outcomes.values())
    assert [len(entry.commands) for entry in server.log if entry.method == "batch"] == [50, 50, 20]


@pytest.mark.pitfall(37)
@pytest.mark.parametrize("overflow", ["commands", "request"])
def test_fifty_first_command_would_be_refused(caller, server, overflow):
    server.knobs.batch_overflow = overflow
    commands = {f"c{number}": PROFILE for number in range(51)}
    try:
        last = read_batch(caller.line.transport.send("batch", write_batch(commands, halt=False)), commands)["c50"]
    except PortalError as refusal:
        last = refusal
    assert isinstance(last, PortalError) and last.code == "ERROR_BATCH_LENGTH_EXCEEDED"


@pytest.mark.pitfall(37)
def test_batch_inside_a_batch_is_refused_alone(caller):
    nested = ("batch", {"cmd": {"x": "profile"}})
    outcomes = caller.batch({"nested": nested, "plain": PROFILE})
    assert outcomes["nested"].code == "ERROR_BATCH_METHOD_NOT_ALLOWED"
    assert isinstance(outcomes["plain"], Answer)


@pytest.mark.pitfall(38)
def test_failed_link_of_a_chain_sends_nothing_back_to_the_start(caller, server, store):
    fault = server.faults.add("batch_partial", command=1, times=1)
    walked = [row["id"] for rows in caller.walk(DEALS, expected=130) for row in rows]
    assert (walked, fault.hits) == (sorted(store.collections["deals"]), 1)


@pytest.mark.pitfall(38)
def test_chain_that_does_not_halt_would_start_again(caller, server):
    server.faults.add("batch_partial", command=1)
    outcomes = caller.batch(DEALS.chain(after=0, pages=3), halt=False)
    assert outcomes["p2"].result["items"][0]["id"] == 1


@pytest.mark.pitfall(39)
def test_values_of_a_command_arrive_as_they_were(caller, store):
    key = store.add("deals", make_deal(500, title=HOSTILE))
    outcome = caller.batch({"one": (DEALS.method, {**DEALS.params, "filter": {"=title": HOSTILE}})})["one"]
    assert outcome.result["items"] == [{"id": key, "title": HOSTILE}]


@pytest.mark.pitfall(39)
def test_value_that_is_not_encoded_would_be_another_one(caller, store):
    store.add("deals", make_deal(500, title=HOSTILE))
    careless = {"cmd": {"one": f"crm.item.list?entityTypeId=2&filter[%3Dtitle]={HOSTILE}"}}
    answer = caller.line.transport.send("batch", careless)
    assert answer["result"]["result"]["one"]["items"] == []
