"""Pitfalls of writing: answers that are lost, updates that do nothing, writes that add up when they are repeated."""

from typing import Any

import pytest

from crmsync.bitrix24.client import Client
from crmsync.bitrix24.credentials import parse_webhook
from crmsync.bitrix24.errors import PortalError, TransientError
from crmsync.sandbox.calls import Credential
from tests.crmsync.bitrix24.doubles import OpenThrottle, Time
from tests.crmsync.sync.company import BOB, stamp

ADD, LIST = "crm.timeline.comment.add", "crm.timeline.comment.list"
LOST = ["commit504", "commit_close", "html502", "reset"]
MARKER = "[itogi:7]"


@pytest.fixture
def client(server, store):
    server.credentials[server.code] = Credential(1, (*store.scopes, "im"))
    throttle: Any = OpenThrottle(Time())
    with Client(parse_webhook(server.url), throttle=throttle, sleep=lambda _: None) as opened:
        yield opened


def add_comment(client, *, text=f"Позвоните клиенту {MARKER}"):
    return client.call(ADD, {"fields": {"ENTITY_ID": 9, "ENTITY_TYPE": "deal", "COMMENT": text}}).result


def list_comments(client):
    rows = client.call(LIST, {"filter": {"ENTITY_ID": 9, "ENTITY_TYPE": "deal"}, "order": {"ID": "ASC"}}).result
    return [row["COMMENT"] for row in rows]


def add_comment_once(client):
    """Repeat a comment whose answer was lost only where its marker is not found."""
    try:
        add_comment(client)
    except TransientError:
        if not any(MARKER in text for text in list_comments(client)):
            add_comment(client)


@pytest.mark.pitfall(6)
@pytest.mark.parametrize("fault", LOST)
def test_write_whose_answer_was_lost_is_done_but_not_repeated(client, server, fault):
    server.faults.add(fault, method=ADD, times=1)
    with pytest.raises(TransientError):
        add_comment(client)
    assert client.requests == 1
    assert len(list_comments(client)) == 1


@pytest.mark.pitfall(6)
@pytest.mark.parametrize("fault", LOST)
def test_read_whose_answer_was_lost_is_repeated(client, server, fault):
    add_comment(client)
    server.faults.add(fault, method=LIST, times=2)
    assert len(list_comments(client)) == 1


@pytest.mark.pitfall(6)
def test_batch_with_a_write_is_not_repeated(client, server):
    server.faults.add("commit504", times=1)
    fields = {"ENTITY_ID": 9, "ENTITY_TYPE": "deal", "COMMENT": MARKER}
    with pytest.raises(TransientError):
        client.batch({"look": ("profile", {}), "write": (ADD, {"fields": fields})})
    assert client.requests == 1
    assert list_comments(client) == [MARKER]


@pytest.mark.pitfall(6)
def test_write_that_the_full_bucket_refused_is_repeated(client, server):
    server.faults.add("query_limit", method=ADD, times=2)
    add_comment(client)
    assert client.requests == 3
    assert len(list_comments(client)) == 1


@pytest.mark.pitfall(49)
@pytest.mark.parametrize("fault", [*LOST, "internal_error"])
def test_looking_for_the_marker_first_leaves_one_comment(client, server, fault):
    server.faults.add(fault, method=ADD, times=1)
    add_comment_once(client)
    assert len(list_comments(client)) == 1


@pytest.mark.pitfall(49)
def test_blind_repeat_doubles_the_comment(client, server):
    server.faults.add("commit504", method=ADD, times=1)
    with pytest.raises(TransientError):
        add_comment(client)
    add_comment(client)
    assert len(list_comments(client)) == 2


@pytest.mark.pitfall(49)
def test_repeated_to_do_is_a_second_one(client, store):
    known = len(store.collections["activities"])
    todo = {"ownerTypeId": 2, "ownerId": 9, "deadline": stamp(30), "title": MARKER, "responsibleId": BOB}
    first, second = (client.call("crm.activity.todo.add", todo).result["id"] for _ in range(2))
    assert first != second
    assert len(store.collections["activities"]) == known + 2


@pytest.mark.pitfall(49)
@pytest.mark.parametrize(("tag", "kept"), [("", 2), (MARKER, 1)])
def test_tag_makes_a_notice_replace_its_first_copy(client, store, tag, kept):
    for _ in range(2):
        client.call("im.notify.personal.add", {"USER_ID": BOB, "MESSAGE": "План выполнен", "TAG": tag})
    assert len(store.collections["notices"]) == kept


@pytest.mark.pitfall(48)
@pytest.mark.parametrize(
    "fields", [{"STAGE_ID": "C7:WON"}, {"NO_SUCH_FIELD": 1}, {"CATEGORY_ID": 7}, {"ID": 1, "DATE_MODIFY": stamp(1)}]
)
def test_update_that_does_nothing_is_called_a_success(client, store, fields):
    before = dict(store.record("deals", 10))
    assert client.call("crm.deal.update", {"id": 10, "fields": fields}).result is True
    assert store.record("deals", 10) == before


@pytest.mark.pitfall(48)
def test_reading_back_shows_what_was_not_written(client, store):
    wanted = {"stageId": "C7:WON", "opportunity": 5000, "noSuchField": 1}
    client.call("crm.item.update", {"entityTypeId": 2, "id": 10, "fields": wanted})
    found = client.call("crm.item.get", {"entityTypeId": 2, "id": 10}).result["item"]
    assert [name for name, value in wanted.items() if found.get(name) != value] == ["stageId", "noSuchField"]


@pytest.mark.pitfall(48)
def test_stage_of_the_own_pipeline_is_written(client, store):
    fields = {"STAGE_ID": "WON", "OPPORTUNITY": "5000.50"}
    client.call("crm.deal.update", {"id": 10, "fields": fields})
    deal = store.record("deals", 10)
    assert (deal["stageId"], deal["stageSemanticId"], deal["opportunity"]) == ("WON", "S", 5000.5)


@pytest.mark.pitfall(50)
def test_phone_written_without_its_id_is_added_again(client, store):
    key = store.add("contacts", {"name": "Анна", "phone": "+70000000001"})
    phone = {"VALUE": "+70000000001", "VALUE_TYPE": "WORK"}
    for _ in range(2):
        client.call("crm.contact.update", {"id": key, "fields": {"PHONE": [phone]}})
    assert [item["value"] for item in store.record("contacts", key)["fm"]] == ["+70000000001"] * 3


@pytest.mark.pitfall(50)
def test_phone_written_with_its_id_is_changed(client, store):
    key = store.add("contacts", {"name": "Анна", "phone": "+70000000001"})
    number = store.record("contacts", key)["fm"][0]["id"]
    for value in ("+70000000002", "+70000000003"):
        fields = {"fm": [{"id": number, "typeId": "PHONE", "value": value}]}
        client.call("crm.item.update", {"entityTypeId": 3, "id": key, "fields": fields})
    contact = store.record("contacts", key)
    assert ([item["value"] for item in contact["fm"]], contact["phone"]) == (["+70000000003"], "+70000000003")


REFUSED: list[tuple[str, dict[str, Any], str]] = [
    (ADD, {"fields": {"ENTITY_ID": 9, "ENTITY_TYPE": "deal"}}, "100"),
    (ADD, {"FIELDS": {"ENTITY_ID": 9, "ENTITY_TYPE": "deal", "COMMENT": "x"}}, "100"),
    (ADD, {"fields": {"ENTITY_ID": 999, "ENTITY_TYPE": "deal", "COMMENT": "x"}}, "OWNER_NOT_FOUND"),
    ("crm.activity.todo.add", {"ownerTypeId": 2, "ownerId": 9}, "100"),
    ("crm.activity.todo.add", {"ownerTypeId": "x", "ownerId": 9, "deadline": stamp(1)}, "OWNER_NOT_FOUND"),
    ("im.notify.personal.add", {"USER_ID": BOB}, "MESSAGE_EMPTY"),
    ("im.notify.personal.add", {"MESSAGE": "x"}, "USER_ID_EMPTY"),
    ("crm.deal.update", {"id": 999, "fields": {"TITLE": "x"}}, "HTTP_400"),
]


@pytest.mark.pitfall(49)
@pytest.mark.parametrize(("method", "params", "code"), REFUSED)
def test_refused_write_is_not_repeated_and_leaves_nothing(client, store, method, params, code):
    known = len(store.collections["activities"])
    with pytest.raises(PortalError) as refused:
        client.call(method, params)
    assert (refused.value.code, client.requests) == (code, 1)
    assert len(store.collections["activities"]) == known
    assert not store.collections.keys() & {"comments", "notices"}
