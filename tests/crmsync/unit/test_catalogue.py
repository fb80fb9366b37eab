"""Several catalogues read side by side are one stream in order of its ids."""

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmsync.bitrix24.answers import Answer
from crmsync.bitrix24.catalogue import list_within, merge_walks, read_catalogues
from crmsync.bitrix24.errors import PortalError, ScopeError, TransientError
from crmsync.bitrix24.glances import find_id, join_glances
from crmsync.bitrix24.keyset import Listing
from crmsync.bitrix24.source import Bitrix24Source
from crmsync.bitrix24.streams import BY_KEY
from crmsync.windows import Glance, Raw, Window
from tests.crmsync.unit.desk import Desk

PRODUCTS = BY_KEY["products"]
CATALOGUES = {"catalogs": [{"iblockId": 15}, {"iblockId": "14"}, {"iblockId": None}]}
REFUSED = ScopeError("INSUFFICIENT_SCOPE")


def read_key(row: Raw) -> int | None:
    return find_id(row.get("id"))


def number(*ids: Any) -> list[Raw]:
    return [{"id": one} for one in ids]


def merge(*lists: list[list[Raw]]) -> list[Raw]:
    walks: list[Iterator[list[Raw]]] = [iter(pages) for pages in lists]
    return [row for page in merge_walks(walks, read_id=read_key) for row in page]


def open_source(**laid: Any) -> tuple[Bitrix24Source, Desk, Any]:
    desk = Desk(**({"catalogues": CATALOGUES} | laid))
    source = Bitrix24Source(desk, custom_fields={})  # type: ignore[arg-type]
    return source, desk, source.open({"products": Window()})[1]["products"]


@given(st.lists(st.sets(st.integers(1, 3000)), min_size=2, max_size=4), st.integers(1, 60))
def test_merged_walks_hold_every_row_in_order(found: list[set[int]], size: int) -> None:
    lists = [[number(*sorted(ids)[at : at + size]) for at in range(0, len(ids), size)] for ids in found]
    assert [row["id"] for row in merge(*lists)] == sorted(key for ids in found for key in ids)


def test_row_without_an_id_keeps_its_place() -> None:
    merged = merge([number(1, "x", 9)], [number(2, 8)])
    assert [row["id"] for row in merged] == [1, "x", 2, 8, 9]


def test_single_walk_keeps_its_pages() -> None:
    pages = [number(1, 2), number(3)]
    assert list(merge_walks([iter(pages)], read_id=read_key)) == pages


def test_error_of_one_walk_comes_after_the_rows_before_it() -> None:
    def fail() -> Iterator[list[Raw]]:
        yield number(1)
        raise TransientError("HTTP_500")

    pages = merge_walks([fail(), iter([number(5)])], read_id=read_key)
    with pytest.raises(TransientError):
        list(pages)


@pytest.mark.parametrize(
    ("answer", "ids"),
    [(Answer(CATALOGUES), [14, 15]), (Answer({"catalogs": []}), []), (Answer([]), []), (REFUSED, None)],
)
def test_catalogues_are_read_from_their_list(answer: Answer | PortalError, ids: Any) -> None:
    assert read_catalogues(answer) == (REFUSED if ids is None else ids)


def test_answer_that_is_no_list_of_catalogues_is_an_error() -> None:
    assert isinstance(read_catalogues(Answer("?")), TransientError)


def test_each_catalogue_is_asked_for_beside_other_bounds() -> None:
    listing = Listing("m", params={"filter": {">x": 1}, "select": ["id"]})
    assert [one.params["filter"] for one in list_within(listing, [14, 15])] == [
        {">x": 1, "iblockId": 14},
        {">x": 1, "iblockId": 15},
    ]


def test_joined_looks_are_complete_only_when_all_are() -> None:
    first, second = Glance(number(1, 4), complete=True, expected=2), Glance(number(3), complete=True, expected=1)
    assert join_glances([first, second], read_id=read_key) == Glance(number(1, 3, 4), complete=True, expected=3)
    open_ended = Glance([], complete=False, last=3, expected=70, counted=True)
    assert join_glances([first, open_ended], read_id=read_key) == Glance([], complete=False, last=4, expected=72)
    assert join_glances([first, REFUSED], read_id=read_key) is REFUSED


def test_catalogues_are_looked_at_in_two_requests() -> None:
    _, desk, glance = open_source(products={"products": number(9, 2)}, products1={"products": number(5)})
    assert [len(commands) for commands in desk.batches] == [2, 2]
    assert (glance.complete, [row["id"] for row in glance.rows]) == (True, [2, 5, 9])


def test_refused_catalogue_is_asked_for_nothing_more() -> None:
    source, desk, glance = open_source(catalogues=REFUSED)
    assert (glance, len(desk.batches[1])) == (REFUSED, 0)
    for read in (lambda: list(source.headings(PRODUCTS, after=0, expected=0)), lambda: source.fetch(PRODUCTS, [1])):
        with pytest.raises(ScopeError):
            read()


def test_portal_without_catalogues_has_no_products() -> None:
    assert open_source(catalogues={"catalogs": []})[2] == Glance([], complete=True, expected=0)


def test_products_are_fetched_by_a_bare_list_of_ids_from_every_catalogue() -> None:
    source, desk, _ = open_source(i0={"products": number(3)}, i1={"products": number(7)})
    assert source.fetch(PRODUCTS, [3, 7]) == number(3, 7)
    asked = [params["filter"] for _, params in desk.batches[-1].values()]
    assert asked == [{"iblockId": key, "id": [3, 7], ">id": 0} for key in (14, 15)]


def test_source_that_has_not_looked_asks_for_the_catalogues_itself() -> None:
    desk = Desk(again={"catalog.catalog.list": CATALOGUES}, walked=[number(1)])
    source = Bitrix24Source(desk, custom_fields={})  # type: ignore[arg-type]
    assert len(list(source.headings(PRODUCTS, after=0, expected=0))) == 1
    assert [method for method, *_ in desk.walks] == ["catalog.product.list"] * 2
