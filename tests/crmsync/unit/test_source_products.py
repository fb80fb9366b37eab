"""Product lines are read for many deals a request, to the end of each list, all of them or none."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from crmsync.bitrix24.answers import Answer
from crmsync.bitrix24.errors import RequestError, StalledError, TransientError
from crmsync.bitrix24.products import DEALS_A_COMMAND
from crmsync.bitrix24.source import Bitrix24Source
from crmsync.windows import Raw
from tests.crmsync.unit.desk import Desk

PAGE = 3


def list_lines(params: Mapping[str, Any]) -> Answer:
    """Answer as the portal does: two lines a deal, PAGE lines a page."""
    owners, start = params["filter"]["=ownerId"], params["start"]
    lines = [{"id": 10 * owner + one, "ownerId": owner} for owner in owners for one in (1, 2)]
    after = start + PAGE
    return Answer({"productRows": lines[start:after]}, next=after if after < len(lines) else None)


def read(desk: Desk, deal_ids: list[int]) -> list[Raw]:
    return Bitrix24Source(desk, custom_fields={}).product_rows(deal_ids)  # type: ignore[arg-type]


def test_lines_of_many_deals_are_read_to_the_end() -> None:
    deal_ids = list(range(1, 46))
    desk = Desk(d0=list_lines, d1=list_lines, d2=list_lines)
    assert sorted(row["id"] for row in read(desk, deal_ids)) == [10 * deal + one for deal in deal_ids for one in (1, 2)]
    asked = [params["filter"]["=ownerId"] for _, params in desk.batches[0].values()]
    assert [len(ids) for ids in asked] == [DEALS_A_COMMAND, DEALS_A_COMMAND, 5]


def test_lists_that_have_ended_are_asked_no_more() -> None:
    desk = Desk(d0=list_lines, d1=list_lines)
    read(desk, list(range(1, 22)))
    assert [len(batch) for batch in desk.batches[:2]] == [2, 1]


def test_owner_type_is_named() -> None:
    desk = Desk(d0=list_lines)
    read(desk, [7])
    method, params = desk.batches[0]["d0"]
    assert (method, params["filter"]) == ("crm.item.productrow.list", {"=ownerType": "D", "=ownerId": [7]})


def test_no_deals_need_no_request() -> None:
    desk = Desk()
    assert (read(desk, []), desk.batches) == ([], [])


def test_deals_without_lines_have_none() -> None:
    assert read(Desk(d0={"productRows": []}), [1]) == []
    assert read(Desk(d0=[]), [1]) == []


@pytest.mark.parametrize("trouble", [RequestError("INVALID_ARG_VALUE"), "x", {"other": []}])
def test_trouble_with_some_deals_is_trouble_with_all(trouble: Any) -> None:
    with pytest.raises((RequestError, TransientError)):
        read(Desk(d0=list_lines, d1=trouble), list(range(1, 30)))


def test_lines_of_other_deals_are_not_believed() -> None:
    with pytest.raises(TransientError, match="FILTER_IGNORED"):
        read(Desk(d0={"productRows": [{"id": 1, "ownerId": "8"}]}), [7])


def test_list_that_changes_between_its_pages_is_not_believed() -> None:
    totals = iter([6, 5])
    desk = Desk(d0=lambda params: replace(list_lines(params), total=next(totals)))
    with pytest.raises(TransientError, match="LIST_CHANGED"):
        read(desk, [1, 2, 3])


def test_list_that_does_not_move_on_is_left() -> None:
    with pytest.raises(StalledError):
        read(Desk(d0=lambda params: replace(list_lines({**params, "start": 0}))), [1, 2, 3])
