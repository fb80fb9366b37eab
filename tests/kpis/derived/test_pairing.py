"""Which activities are one request, and which answers it: the rules of docs/algorithms/derived.md, on plain frames."""

from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpis.derived.pairing import Role, find_first_answers, pair_requests

O, T, S = Role.OPENS, Role.TAKEN, Role.SENT  # noqa: E741
Event = tuple[int, int, Role]
COLUMNS = ["owner_type", "owner", "at", "external_id", "activity", "employee", "role", "asked_on"]


def frame(events: list[Event]) -> pd.DataFrame:
    """Make activities of (owner, moment, role); ids count from 1, keys from 101."""
    rows = [(2, owner, at, 1 + n, 101 + n, 0, int(role), None) for n, (owner, at, role) in enumerate(events)]
    return pd.DataFrame(rows, columns=COLUMNS)


def pair(events: list[Event]) -> list[tuple[int, int, int, int]]:
    """Pair and tell each request's key, count, answer and seconds."""
    found = pair_requests(frame(events))
    return list(
        zip(found["activity"], found["count"], found["answer"], found["answered_at"] - found["at"], strict=True)
    )


CASES: list[tuple[list[Event], list[tuple[int, int, int, int]]]] = [
    ([(1, 10, O)], [(101, 1, 0, 0)]),
    ([(1, 10, S)], []),
    ([(1, 10, O), (1, 70, S)], [(101, 1, 102, 60)]),
    ([(1, 10, O), (1, 70, T)], [(101, 1, 102, 60)]),
    # Three letters before the answer are one request, timed from the first.
    ([(1, 10, O), (1, 20, O), (1, 30, O), (1, 70, S)], [(101, 3, 104, 60)]),
    # The second answer answers nothing; a new letter opens a new request.
    ([(1, 10, O), (1, 20, S), (1, 30, S), (1, 40, O)], [(101, 1, 102, 10), (104, 1, 0, 0)]),
    # Another record's answer is no answer.
    ([(1, 10, O), (2, 20, S)], [(101, 1, 0, 0)]),
    ([(1, 10, O), (2, 20, O)], [(101, 1, 0, 0), (102, 1, 0, 0)]),
    # In order of time, whatever the order of arrival; at one moment, by id.
    ([(1, 70, S), (1, 10, O)], [(102, 1, 101, 60)]),
    ([(1, 10, O), (1, 10, S)], [(101, 1, 102, 0)]),
    ([(1, 10, S), (1, 10, O)], [(102, 1, 0, 0)]),
]


@pytest.mark.parametrize(("events", "expected"), CASES)
def test_requests_are_paired(events: list[Event], expected: list[tuple[int, int, int, int]]) -> None:
    assert pair(events) == expected


def test_same_id_of_another_type_is_another_record() -> None:
    rows = frame([(1, 10, O), (1, 20, S)])
    rows["owner_type"] = [2, 3]
    assert pair_requests(rows)["answer"].tolist() == [0]


def count_slowly(events: list[Event]) -> list[tuple[int, int, int, int]]:
    """Pair by looking at one activity after another."""
    found: list[list[Any]] = []
    waiting: dict[int, list[Any]] = {}
    for number, (owner, at, role) in sorted(enumerate(events), key=lambda e: (e[1][0], e[1][1], e[0])):
        if role != O:
            if request := waiting.pop(owner, None):
                request[2:] = [101 + number, at - request[3]]
        elif owner in waiting:
            waiting[owner][1] += 1
        else:
            waiting[owner] = [101 + number, 1, 0, at]
            found.append(waiting[owner])
    for request in waiting.values():
        request[3] = 0
    return [tuple(request) for request in found]


EVENTS = st.lists(st.tuples(st.integers(1, 3), st.integers(0, 20), st.sampled_from(Role)), max_size=30)


@given(EVENTS)
def test_pairing_equals_one_activity_after_another(events: list[Event]) -> None:
    assert sorted(pair(events)) == sorted(count_slowly(events))


def answer(events: list[Event], created: dict[int, int]) -> list[tuple[int, int, int]]:
    leads = pd.DataFrame({"owner": list(created), "at": list(created.values())})
    found = find_first_answers(frame(events), leads)
    return list(zip(found["owner"], found["answer"], found["answered_at"] - found["created_at"], strict=True))


ANSWERS: list[tuple[list[Event], list[tuple[int, int, int]]]] = [
    ([(1, 60, S), (1, 50, S)], [(1, 102, 40)]),
    ([(1, 9, S), (1, 10, S)], [(1, 102, 0)]),
    ([(1, 9, S)], []),
    ([(1, 60, T), (1, 60, O)], []),
    ([(1, 60, S), (1, 60, S)], [(1, 101, 50)]),
    ([(2, 60, S), (3, 60, S)], [(2, 101, 40)]),
]


@pytest.mark.parametrize(("events", "expected"), ANSWERS)
def test_first_answer_is_the_first_since_the_lead_came(
    events: list[Event], expected: list[tuple[int, int, int]]
) -> None:
    assert answer(events, {1: 10, 2: 20}) == expected
