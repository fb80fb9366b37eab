"""Pitfalls of events: lost, doubled, early, odd, forged. The product takes none of them and learns all by asking."""

import socket

import pytest
import requests
from django.test import Client as Browser
from django.urls import get_resolver

from crmsync.models import Deal, SyncRun
from crmsync.sandbox.payloads import SHAPES
from tests.crmsync.pitfalls.receiver import Receiver, read_event
from tests.crmsync.sync.company import differences, find_deal
from tests.crmsync.sync.conftest import open_hasty

KEYS = range(1, 41)


@pytest.fixture
def receiver(server):
    with Receiver() as running:
        server.events.bind(running.url)
        yield running


def list_taken(receiver):
    return [read_event(form) for form in receiver.taken]


def edit_deals(store, *, title):
    for key in KEYS:
        store.update("deals", key, title=f"{title} {key}")


@pytest.mark.pitfall(41)
@pytest.mark.parametrize("drop", [0.3, 1.0])
def test_polling_finds_what_events_lost(connected, server, store, run, receiver, drop):
    run(connected)
    server.knobs.event_drop = drop
    edit_deals(store, title="Правка")
    assert server.events.deliver() == len(receiver.taken) < len(KEYS)
    assert differences(store, connected) != []
    run(connected)
    assert differences(store, connected) == []


@pytest.mark.pitfall(41)
def test_handler_that_failed_is_not_told_again(server, store, receiver):
    receiver.status = 500
    store.update("deals", 9, title="Правка")
    server.events.deliver()
    receiver.status = 200
    assert server.events.deliver() == 0
    assert server.events.answers == [("ONCRMDEALUPDATE", 500)]


@pytest.mark.pitfall(41)
def test_handler_that_is_down_is_not_told_again(server, store):
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        server.events.bind(f"http://127.0.0.1:{deaf.getsockname()[1]}/events")
        store.update("deals", 9, title="Правка")
        assert [server.events.deliver() for _ in range(2)] == [0, 0]
    assert server.events.answers == [("ONCRMDEALUPDATE", 0)]


@pytest.mark.pitfall(42)
@pytest.mark.parametrize("order", ["reversed", "shuffled"])
def test_events_come_doubled_and_out_of_order(server, store, receiver, order):
    server.knobs.event_copies, server.knobs.event_order = 2, order
    edit_deals(store, title="Правка")
    server.events.deliver()
    told = [key for _, key in list_taken(receiver)]
    assert sorted(told) == sorted([*KEYS, *KEYS])
    assert told != sorted(told)


@pytest.mark.pitfall(42)
def test_run_after_a_storm_of_events_reads_each_record_once(connected, server, store, run, receiver):
    run(connected)
    server.knobs.event_copies = 3
    edit_deals(store, title="Раз")
    edit_deals(store, title="Два")
    assert server.events.deliver() == 6 * len(KEYS)
    assert run(connected).streams["deals"]["changed"] == len(KEYS)
    assert differences(store, connected) == []


@pytest.mark.pitfall(42)
@pytest.mark.parametrize(("timing", "seen"), [("before", 1009), ("after", 4242)])
def test_event_may_come_before_what_it_tells_of(connected, server, store, run, receiver, timing, seen):
    server.knobs.event_timing = timing
    receiver.look = lambda: store.record("deals", 9)["opportunity"]
    store.update("deals", 9, opportunity=4242)
    server.events.deliver()
    assert receiver.seen == [seen]
    run(connected)
    assert find_deal(connected, 9).amount == 4242


@pytest.mark.pitfall(42)
def test_late_event_tells_nothing_new(connected, server, store, run, receiver):
    run(connected)
    store.update("deals", 9, opportunity=4242)
    run(connected)
    assert server.events.deliver() == 1
    assert run(connected).streams["deals"]["changed"] == 0
    assert find_deal(connected, 9).amount == 4242


@pytest.mark.pitfall(43)
@pytest.mark.parametrize("shape", SHAPES)
def test_every_shape_of_an_event_means_the_same(server, store, receiver, shape):
    server.knobs.event_shape = shape
    store.update("deals", 9, title="Правка")
    key = store.add("leads", {"title": "Новый"})
    store.delete("contacts", store.add("contacts", {"name": "Анна"}))
    server.events.deliver()
    told = [("ONCRMDEALUPDATE", 9), ("ONCRMLEADADD", key), ("ONCRMCONTACTADD", 1), ("ONCRMCONTACTDELETE", 1)]
    assert list_taken(receiver) == told


@pytest.mark.pitfall(43)
def test_shapes_differ_on_the_wire(server, store, receiver):
    server.knobs.event_shape = "mixed"
    for turn in range(len(SHAPES)):
        store.update("deals", 9, title=f"Правка {turn}")
    server.events.deliver()
    plain, camel, flat, bare, tokens = receiver.taken
    assert (plain["event"], camel["event"]) == ("ONCRMDEALUPDATE", "onCrmDealUpdate")
    assert (plain["data"], flat["data"]) == ({"FIELDS": {"ID": "9"}}, {"ID": "9"})
    assert "event_handler_id" not in bare and "client_endpoint" not in bare["auth"]
    assert tokens["auth"]["access_token"] == "somebody-else"


@pytest.mark.pitfall(44)
@pytest.mark.parametrize(("proof", "status"), [("wrong", 403), ("missing", 403), ("right", 200)])
def test_handler_tells_a_forged_event_by_its_token(server, store, proof, status):
    server.knobs.event_proof = proof
    with Receiver(token="the-hook's-token") as guarded:
        server.events.bind(guarded.url, token="the-hook's-token")
        store.update("deals", 9, title="Правка")
        server.events.deliver()
    assert server.events.answers == [("ONCRMDEALUPDATE", status)]
    assert len(guarded.taken) == (status == 200)


@pytest.mark.pitfall(44)
def test_handler_that_checks_nothing_takes_a_forged_event(server, store, receiver):
    server.knobs.event_proof = "wrong"
    store.update("deals", 9, title="Правка")
    assert server.events.deliver() == len(receiver.taken) == 1


@pytest.mark.pitfall(44)
def test_replayed_event_looks_like_the_first(server, store, receiver):
    now = store.clock()
    store.clock, server.knobs.event_copies = lambda: now, 2
    store.update("deals", 9, title="Правка")
    server.events.deliver()
    first, second = receiver.taken
    assert first == second


def list_doors(patterns, *, root="/"):
    """List every address of the site that takes no argument."""
    for pattern in patterns:
        address = root + str(pattern.pattern)
        if hasattr(pattern, "url_patterns"):
            yield from list_doors(pattern.url_patterns, root=address)
        elif "<" not in address:
            yield address


@pytest.mark.pitfall(44)
def test_forged_event_finds_no_door_into_the_product(connected, run):
    run(connected)
    known = list(Deal.objects.order_by("pk").values())
    forged = {"event": "ONCRMDEALDELETE", "data[FIELDS][ID]": "9", "auth[application_token]": "guessed"}
    doors = list_doors(get_resolver().url_patterns)
    answers = {door: Browser(enforce_csrf_checks=True).post(door, forged).status_code for door in doors}
    assert {"/", "/admin/"} <= answers.keys()
    assert set(answers.values()) <= {302, 403, 404, 405}
    assert list(Deal.objects.order_by("pk").values()) == known
    assert SyncRun.objects.count() == 1


@pytest.mark.pitfall(45)
@pytest.mark.parametrize(("echo", "told"), [(True, [("ONCRMDEALUPDATE", 9)]), (False, [])])
def test_own_write_comes_back_as_an_event(connected, server, receiver, echo, told):
    server.knobs.event_echo = echo
    client = open_hasty(connected, on_request=lambda: None).client
    client.call("crm.deal.update", {"id": 9, "fields": {"TITLE": "Правка"}})
    server.events.deliver()
    client.close()
    assert list_taken(receiver) == told


@pytest.mark.pitfall(45)
def test_own_write_is_read_back_once(connected, server, store, run):
    run(connected)
    client = open_hasty(connected, on_request=lambda: None).client
    client.call("crm.deal.update", {"id": 9, "fields": {"OPPORTUNITY": "4242.00"}})
    client.close()
    assert [run(connected).streams["deals"]["changed"] for _ in range(2)] == [1, 0]
    assert find_deal(connected, 9).amount == 4242


@pytest.mark.pitfall(30)
@pytest.mark.parametrize(("is_app", "told"), [(True, [("ONCRMDEALMOVETOCATEGORY", 9)]), (False, [])])
def test_move_to_another_pipeline_is_told_to_applications_only(connected, server, store, run, is_app, told):
    run(connected)
    with Receiver() as receiver:
        server.events.bind(receiver.url, is_app=is_app)
        store.update("deals", 9, categoryId=7, stageId="C7:NEW")
        server.events.deliver()
    assert list_taken(receiver) == told
    run(connected)
    assert find_deal(connected, 9).stage_external_id == "C7:NEW"


def ask(server, method, **params):
    """Call a method as an application, or with `auth=None` as a webhook; return the body."""
    auth = params.setdefault("auth", server.grant()["access_token"])
    root = f"{server.origin}/rest/" if auth else server.url
    return requests.post(root + method, data=params, timeout=10).json()


@pytest.mark.pitfall(43)
def test_only_an_application_binds_events(server, store, receiver):
    server.events.bindings.clear()
    wanted = {"event": "onCrmDealUpdate", "handler": receiver.url}
    assert ask(server, "event.bind", auth=None, **wanted)["error"] == "ACCESS_DENIED"
    assert ask(server, "event.bind", **wanted)["result"] is True
    store.update("deals", 9, title="Правка")
    store.update("leads", 9, title="Правка")
    server.events.deliver()
    assert list_taken(receiver) == [("ONCRMDEALUPDATE", 9)]


@pytest.mark.pitfall(43)
def test_bound_event_is_listed_until_it_is_unbound(server):
    wanted = {"event": "ONCRMLEADADD", "handler": "http://127.0.0.1:9/events"}
    ask(server, "event.bind", **wanted)
    assert ask(server, "event.get")["result"] == [{**wanted, "auth_type": "0", "offline": 0}]
    assert ask(server, "event.unbind", **wanted)["result"] == {"count": 1}
    assert ask(server, "event.get")["result"] == []


@pytest.mark.pitfall(44)
@pytest.mark.parametrize("url", ["https://handler.example/", "http://127.0.0.1.example/", "file:///etc/passwd", ""])
def test_sandbox_posts_to_no_other_machine(server, url):
    assert ask(server, "event.bind", event="ONCRMLEADADD", handler=url)["error"] == ""
    assert server.events.bindings == []
