"""What a walk makes of single pages: odd wrappers, odd keys, odd lengths; and how it chooses the next chain."""

from typing import Any

import pytest

from crmsync.bitrix24.answers import Answer
from crmsync.bitrix24.client import Listing, unwrap
from crmsync.bitrix24.errors import StalledError, TransientError
from crmsync.bitrix24.keyset import read_page
from crmsync.bitrix24.pace import Pace, Stretch, read_stretch
from tests.crmsync.bitrix24.doubles import Script, Time, answer, batch_answer, make_client

PLAIN = Listing("crm.activity.list")
WRAPPED = Listing("crm.item.list", key="id", items="items")


def rows(*keys: Any, key: str = "ID") -> list[dict[str, Any]]:
    return [{key: value} for value in keys]


def keys_of(found: list[dict[str, Any]]) -> list[Any]:
    return [row.get("ID") for row in found]


def full(begin: int) -> list[dict[str, Any]]:
    return rows(*range(begin, begin + 50))


@pytest.mark.parametrize(
    ("listing", "result", "found"),
    [
        (PLAIN, [{"ID": 1}], [{"ID": 1}]),
        (PLAIN, [], []),
        (PLAIN, {}, []),
        (PLAIN, {"0": {"ID": 1}, "2": {"ID": 2}}, [{"ID": 1}, {"ID": 2}]),
        (PLAIN, [None, "x"], [{"row": None}, {"row": "x"}]),
        (WRAPPED, {"items": [{"id": 1}]}, [{"id": 1}]),
        (WRAPPED, {"items": {}}, []),
        (WRAPPED, {}, []),
        (WRAPPED, [], []),
    ],
)
def test_rows_are_found_where_the_portal_puts_them(listing: Listing, result: Any, found: Any) -> None:
    assert unwrap(listing, Answer(result)) == found


@pytest.mark.parametrize("result", [None, True, "x", 5, {"other": []}, {"items": None}, {"items": "x"}])
def test_answer_without_rows_is_not_taken_for_an_empty_one(result: Any) -> None:
    with pytest.raises(TransientError):
        unwrap(WRAPPED, Answer(result))


def test_text_keys_are_compared_as_numbers() -> None:
    page = read_page(PLAIN, Answer(rows("9", 10, "100")), after=8)
    assert (page.cursor, page.is_last, len(page.rows)) == (100, True, 3)


def test_repeated_row_is_dropped() -> None:
    assert keys_of(read_page(PLAIN, Answer(rows(1, 2, 2, 3)), after=0).rows) == [1, 2, 3]


@pytest.mark.parametrize("keys", [[5], [4, 6], [7, 6], [6, 7, 5]])
def test_row_that_breaks_the_order_or_the_filter_stalls(keys: list[int]) -> None:
    with pytest.raises(StalledError):
        read_page(PLAIN, Answer(rows(*keys)), after=5)


def test_unreadable_keys_are_passed_on_while_others_move() -> None:
    page = read_page(PLAIN, Answer([*rows(None, "abc", 7), {"NAME": "x"}]), after=5)
    assert (keys_of(page.rows), page.cursor) == ([None, "abc", 7, None], 7)


def test_full_page_without_a_readable_key_stalls() -> None:
    with pytest.raises(StalledError):
        read_page(PLAIN, Answer(rows(*["x"] * 50)), after=5)
    assert read_page(PLAIN, Answer(rows(*["x"] * 49)), after=5).is_last


def test_rows_after_a_short_page_are_junk() -> None:
    pages = [Answer(full(1)), Answer(rows(51, 52)), Answer(full(1)), Answer(True)]
    stretch = read_stretch(PLAIN, pages, after=0)
    assert (keys_of(stretch.rows), stretch.cursor) == (list(range(1, 53)), 52)
    assert (stretch.is_last, stretch.failure) == (True, None)


def test_chain_is_left_where_its_link_is_unreadable() -> None:
    broken = [*full(51)[:-1], *rows("x")]
    stretch = read_stretch(PLAIN, [Answer(full(1)), Answer(broken), Answer(full(1))], after=0)
    assert (len(stretch.rows), stretch.cursor, stretch.is_last, stretch.failure) == (100, 99, False, None)


def test_walk_goes_on_behind_an_unreadable_link() -> None:
    broken = [*full(51)[:-1], *rows("x")]
    chain = batch_answer({"p0": broken, "p1": full(1)})
    script = Script(answer(full(1)), chain, batch_answer({"p0": rows(100)}))
    lists = list(make_client(script).walk(PLAIN))
    assert keys_of([row for found in lists for row in found]) == [*range(1, 100), "x", 100]


def note(pace: Pace, *, seconds: float = 1.0, share: float = 0.0, density: float = 1.0) -> None:
    pace.note(Stretch([], 0, False, density, seconds), share=share)


def test_chain_covers_the_rows_expected() -> None:
    pace = Pace(most=20, last=1000)
    assert pace.choose_pages(0) == 1
    note(pace, density=0.5)
    assert [pace.choose_pages(cursor) for cursor in (0, 500, 900, 1000)] == [11, 6, 2, 1]


@pytest.mark.parametrize(("seconds", "share"), [(26.0, 0.0), (1.0, 0.51)])
def test_chain_is_halved_when_the_portal_works_hard(seconds: float, share: float) -> None:
    pace = Pace(most=20, last=10**6)
    depths = []
    for _ in range(6):
        note(pace, seconds=seconds, share=share)
        depths.append(pace.choose_pages(0))
    assert depths == [10, 5, 2, 1, 1, 1]
    note(pace)
    assert pace.choose_pages(0) == 2


def test_slow_chain_makes_the_next_one_shorter() -> None:
    time = Time()
    sizes: list[int] = []

    def respond(method: str, params: Any) -> Any:
        sizes.append(len(params["cmd"]) if method == "batch" else 1)
        time.seconds += 30 if method == "batch" else 1
        begin = 50 * sum(sizes[:-1]) + 1
        if method != "batch":
            return answer(full(begin))
        return batch_answer({key: full(begin + 50 * place) for place, key in enumerate(params["cmd"])})

    pages = make_client(Script(*[respond] * 4), time).walk(PLAIN, last=10**6)
    assert [len(next(pages)) for _ in range(4)] == [50, 1000, 500, 250]
    assert sizes == [1, 20, 10, 5]


def test_chain_that_times_out_is_replaced_by_a_single_page() -> None:
    fault = TransientError("TIMEOUT", method="batch")
    script = Script(answer(full(1)), *[fault] * 6, answer(full(51)), batch_answer({"p0": full(101), "p1": rows(151)}))
    lists = list(make_client(script).walk(PLAIN, last=500))
    assert keys_of([row for found in lists for row in found]) == list(range(1, 152))
    assert [method for method, _ in script.sent[-2:]] == ["crm.activity.list", "batch"]


def test_portal_that_is_down_is_given_up() -> None:
    fault = TransientError("TIMEOUT", method="batch")
    script = Script(answer(full(1)), *[fault] * 12)
    pages = make_client(script).walk(PLAIN, last=500)
    assert len(next(pages)) == 50
    with pytest.raises(TransientError):
        next(pages)


def test_failure_that_stays_is_raised_after_the_good_rows() -> None:
    chain = batch_answer({"p0": full(51)}, {"p1": {"error": "INTERNAL_SERVER_ERROR"}})
    fault = TransientError("TIMEOUT", method="crm.activity.list")
    pages = make_client(Script(answer(full(1)), chain, *[fault] * 6)).walk(PLAIN)
    assert [keys_of(next(pages)) for _ in range(2)] == [list(range(1, 51)), list(range(51, 101))]
    with pytest.raises(TransientError) as caught:
        next(pages)
    assert caught.value.code == "TIMEOUT"
