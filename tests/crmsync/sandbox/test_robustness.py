"""The sandbox stays up whatever it is given, and stays a model of its own."""

import ast
import logging
import threading
from http.client import RemoteDisconnected
from pathlib import Path

import pytest

from crmsync import sandbox
from crmsync.sandbox import SandboxServer, Store

from .wire import ask, send


def test_malformed_records_are_served_as_they_are():
    odd = {"id": 1, "createdTime": {}, "updatedTime": "soon", "opportunity": "много", "companyId": [1], "closedate": 7}
    with SandboxServer(Store.from_records({"deals": [odd, {"id": 2}]})) as server:
        wanted = {"entityTypeId": 2, "filter": {">=createdTime": "2020-01-01"}, "select": ["id"]}
        assert ask(server, "crm.item.list", wanted)["result"]["items"] == [{"id": 2}]
        whole = ask(server, "crm.item.get", {"entityTypeId": 2, "id": 1})["result"]["item"]
    assert {name: whole[name] for name in odd} == odd


@pytest.mark.parametrize(
    "params",
    [
        {"entityTypeId": "x"},
        {"entityTypeId": 2, "start": "many"},
        {"entityTypeId": 2, "filter": "x", "order": 5, "select": 7},
        {"entityTypeId": 2, "filter": {"": 1}},
        {"entityTypeId": 2, "filter": {"id": {"a": 1}}},
        {"entityTypeId": 2, "filter": {"%title": [None, 1]}},
        {"entityTypeId": 2, "order": {"id": None}},
    ],
)
def test_odd_parameters_get_an_answer(server, params):
    assert send(server, "crm.item.list", params)[0] in (200, 400)


def test_failure_inside_is_logged_and_not_hidden(server, caplog):
    def fail(call):
        raise LookupError("a hook gone wrong")

    server.on_request(fail)
    with caplog.at_level(logging.ERROR), pytest.raises((RemoteDisconnected, ConnectionResetError)):
        send(server, "profile")
    assert "a hook gone wrong" in caplog.text
    assert server.code not in caplog.text


def test_many_readers_and_a_writer_get_along(server, store):
    def write():
        for number in range(60):
            store.add("deals", {"title": f"New {number}"})

    writers = [threading.Thread(target=write) for _ in range(2)]
    for writer in writers:
        writer.start()
    statuses = {send(server, "crm.item.list", {"entityTypeId": 2})[0] for _ in range(20)}
    for writer in writers:
        writer.join()
    assert statuses == {200}
    assert len(store.collections["deals"]) == 240


def test_sandbox_imports_nothing_of_what_it_serves():
    files = Path(sandbox.__file__).parent.rglob("*.py")
    nodes = [node for file in files for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))]
    names = {node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)}
    names |= {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    foreign = [name for name in names if name.split(".")[0] in ("crmsync", "django", "config")]
    assert all(name.startswith("crmsync.sandbox") for name in foreign)
    assert foreign
