"""Keyset walks against the sandbox: every row once and in order, few requests, and no trust in a portal that lies."""

from collections.abc import Iterator
from typing import Any

import pytest

from crmsync.bitrix24.client import Client, Listing, newest, unwrap
from crmsync.bitrix24.errors import LimitedError, PortalError, ScopeError, StalledError
from crmsync.sandbox import SandboxServer
from tests.crmsync.bitrix24.doubles import LEAD_IDS

LEADS = Listing("crm.item.list", {"entityTypeId": 1, "select": ["id"]}, key="id", items="items")
USERS = Listing("user.get", filter_name="FILTER", flat_sort=True)
LAST = LEAD_IDS[-1]


def read(pages: Iterator[list[dict[str, Any]]], *, key: str = "id") -> list[int]:
    return [int(row[key]) for rows in pages for row in rows]


def read_until_error(pages: Iterator[list[dict[str, Any]]]) -> tuple[list[int], PortalError]:
    ids: list[int] = []
    with pytest.raises(PortalError) as caught:
        ids.extend(row["id"] for rows in pages for row in rows)
    return ids, caught.value


@pytest.mark.parametrize("last", [None, LAST, LAST - 500, LAST * 10, 1])
def test_walk_reads_every_row_once_and_in_order(client: Client, last: int | None) -> None:
    assert read(client.walk(LEADS, last=last)) == LEAD_IDS


@pytest.mark.parametrize("after", [0, 99, 100, 2497, 9_999, LAST - 1, LAST, LAST + 5])
def test_walk_begins_after_the_cursor(client: Client, after: int) -> None:
    assert read(client.walk(LEADS, after=after, last=LAST)) == [number for number in LEAD_IDS if number > after]


def test_walk_asks_within_a_filter(client: Client) -> None:
    listing = Listing("crm.item.list", {**LEADS.params, "filter": {"<=id": 1000}}, key="id", items="items")
    assert read(client.walk(listing)) == [number for number in LEAD_IDS if number <= 1000]


def test_flat_sort_and_text_keys_are_walked_alike(client: Client) -> None:
    assert read(client.walk(USERS), key="ID") == list(range(1, 131))


def test_known_end_sizes_the_chains(client: Client, server: SandboxServer) -> None:
    lists = list(client.walk(LEADS, last=LAST))
    assert client.requests == len(lists) <= 5
    assert server.log.counters["rows"] <= len(LEAD_IDS) + 100


def test_unknown_end_lengthens_the_chains_step_by_step(client: Client, server: SandboxServer) -> None:
    read(client.walk(LEADS))
    assert [len(entry.commands) or 1 for entry in server.log] == [1, 2, 4, 8, 16, 20]


def test_chain_is_no_longer_than_the_depth(server: SandboxServer, client: Client) -> None:
    client.depth = 3
    assert read(client.walk(LEADS)) == LEAD_IDS
    assert max(len(entry.commands) for entry in server.log) == 3


@pytest.mark.parametrize("rows", [0, 1, 49, 50, 51, 100])
def test_walk_ends_with_the_first_short_page(client: Client, rows: int) -> None:
    begin = LEAD_IDS[-rows - 1] if rows else LAST
    assert len(read(client.walk(LEADS, after=begin, last=LAST))) == rows


def test_rows_added_while_walking_are_found(client: Client, server: SandboxServer) -> None:
    pages = client.walk(LEADS, last=LAST)
    found = [row["id"] for row in next(pages)]
    for number in (LAST + 1, LAST + 2):
        server.store.add("leads", {"id": number})
    assert found + read(pages) == [*LEAD_IDS, LAST + 1, LAST + 2]


def test_rows_deleted_while_walking_hide_no_others(client: Client, server: SandboxServer) -> None:
    pages = client.walk(LEADS, last=LAST)
    found = [row["id"] for row in next(pages)]
    for number in found[:25]:
        server.store.delete("leads", number)
    assert found + read(pages) == LEAD_IDS


def test_newest_page_tells_how_far_the_walk_has_to_go(client: Client) -> None:
    rows = unwrap(LEADS, client.call(*newest(LEADS, after=500)))
    assert [row["id"] for row in rows] == LEAD_IDS[::-1][:50]
    assert unwrap(LEADS, client.call(*newest(LEADS, after=LAST))) == []
    assert [row["ID"] for row in unwrap(USERS, client.call(*newest(USERS, after=128)))] == ["130", "129"]


@pytest.mark.parametrize("fault", ["ignore_cursor", "repeat_page"])
def test_portal_that_repeats_pages_is_left(client: Client, server: SandboxServer, fault: str) -> None:
    server.faults.add(fault)
    ids, error = read_until_error(client.walk(LEADS))
    assert type(error) is StalledError
    assert ids == LEAD_IDS[: len(ids)] and len(ids) >= 50


def test_repetition_in_the_middle_of_a_chain_keeps_the_pages_before_it(client: Client, server: SandboxServer) -> None:
    server.faults.add("repeat_page", at=5)
    ids, error = read_until_error(client.walk(LEADS, last=LAST))
    assert type(error) is StalledError
    assert ids == LEAD_IDS[: len(ids)] and len(ids) > 50


def test_page_without_the_filter_is_not_believed(client: Client, server: SandboxServer) -> None:
    server.faults.add("ignore_cursor")
    ids, error = read_until_error(client.walk(LEADS, after=1000))
    assert (ids, type(error)) == ([], StalledError)


@pytest.mark.parametrize("command", [0, 1, 7])
def test_failure_of_one_command_is_got_over(client: Client, server: SandboxServer, command: int) -> None:
    server.faults.add("batch_partial", command=command, times=3)
    assert read(client.walk(LEADS, last=LAST)) == LEAD_IDS


def test_refusal_in_a_chain_comes_after_the_good_rows(client: Client, server: SandboxServer) -> None:
    server.faults.add("batch_partial", command=2, code="insufficient_scope")
    ids, error = read_until_error(client.walk(LEADS, last=LAST))
    assert (ids, type(error)) == (LEAD_IDS[:150], ScopeError)
    assert client.requests == 2


def test_operation_limit_in_a_chain_rests_the_method(client: Client, server: SandboxServer) -> None:
    server.faults.add("operation_time", at=4, method="crm.item.list", seconds=300)
    ids, error = read_until_error(client.walk(LEADS, last=LAST))
    assert isinstance(error, LimitedError) and error.until
    assert ids == LEAD_IDS[: len(ids)] and len(ids) % 50 == 0
    asked = len(server.log)
    assert read_until_error(client.walk(LEADS))[0] == []
    assert len(server.log) == asked


@pytest.mark.parametrize("fault", ["html502", "empty200", "html200", "truncated", "cut", "reset", "query_limit"])
def test_transport_fault_is_got_over(patient: Client, server: SandboxServer, fault: str) -> None:
    server.faults.add(fault, probability=0.5)
    assert read(patient.walk(LEADS, last=LAST)) == LEAD_IDS
    assert patient.requests > 4
