"""Fixtures of the sandbox's tests: a small store, and a clock that moves when told to."""

from collections.abc import Iterator

import pytest

from crmsync.sandbox import SandboxServer, Store

DAY_ZERO = 1_772_355_600.0  # 2026-03-01 12:00 in Moscow


class Clock:
    """Portal time for tests."""

    def __init__(self) -> None:
        self.now = DAY_ZERO

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(clock: Clock) -> Store:
    deals = [
        {
            "id": number,
            "title": f"Сделка {number}",
            "stageId": "WON" if number % 3 == 0 else "NEW",
            "opportunity": 100.5 * number,
            "createdTime": f"2026-02-{1 + number % 28:02d}T10:00:00+03:00",
            "assignedById": 1 + number % 2,
            "comments": "secret",
        }
        for number in range(1, 121)
    ]
    users = [{"ID": "1", "NAME": "Alice", "ACTIVE": True}, {"ID": "2", "NAME": "Bob", "ACTIVE": False}]
    return Store.from_records({"deals": deals, "users": users}, clock=clock)


@pytest.fixture
def server(store: Store) -> Iterator[SandboxServer]:
    with SandboxServer(store, bucket_capacity=0) as running:
        yield running
