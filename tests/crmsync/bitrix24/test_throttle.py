"""The throttle: a bucket that all threads and processes fill together, and methods that rest."""

import random
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from crmsync.bitrix24.throttle import Throttle
from crmsync.models.state import RateLimit
from crmsync.sandbox.errors import RestError
from crmsync.sandbox.knobs import Knobs
from crmsync.sandbox.limits import LeakyBucket
from tests.crmsync.bitrix24.doubles import Time

HOST = "romashka.example"


def make_throttle(time: Time, *, capacity: int = 50, leak: float = 2.0, key: str = HOST) -> Throttle:
    return Throttle(key, capacity=capacity, leak=leak, clock=time.now, sleep=time.sleep)


def count_refusals(arrivals: list[float], *, capacity: int = 50, leak: float = 2.0) -> int:
    """Let requests arrive at the sandbox's bucket and count the refused ones."""
    time, refusals = Time(), 0
    bucket = LeakyBucket(Knobs(bucket_capacity=capacity, bucket_leak=leak), clock=time.clock)
    for time.seconds in sorted(arrivals):
        try:
            bucket.admit()
        except RestError:
            refusals += 1
    return refusals


def plan_arrivals(*, requests: int, latency: Callable[[], float], capacity: int = 50) -> list[float]:
    """Admit requests of many workers that all ask at once every second; return when they reach the portal."""
    time = Time()
    delays: list[float] = []
    throttle = Throttle(HOST, capacity=capacity, leak=2.0, clock=time.now, sleep=delays.append)
    arrivals = []
    for number in range(requests):
        delays.clear()
        throttle.acquire()
        arrivals.append(time.seconds + sum(delays) + latency())
        time.seconds += number % 10 == 9
    return arrivals


@pytest.mark.django_db
def test_full_bucket_lets_two_requests_a_second_through() -> None:
    time = Time()
    throttle = make_throttle(time)
    for _ in range(45):
        throttle.acquire()
    assert time.naps == []
    for _ in range(20):
        throttle.acquire()
    assert time.naps == pytest.approx([0.5] * 20)


@pytest.mark.django_db
def test_portal_never_refuses_though_requests_bunch_up_on_their_way() -> None:
    chance = random.Random(7)
    assert count_refusals(plan_arrivals(requests=600, latency=lambda: chance.uniform(0, 2.4))) == 0


@pytest.mark.django_db
def test_portal_refuses_without_headroom() -> None:
    chance = random.Random(7)
    assert count_refusals(plan_arrivals(requests=600, latency=lambda: chance.uniform(0, 2.4), capacity=56)) > 0


@pytest.mark.django_db
def test_requests_wait_in_the_order_of_asking() -> None:
    arrivals = plan_arrivals(requests=200, latency=lambda: 0.0)
    assert arrivals == sorted(arrivals)


@pytest.mark.django_db
def test_tiny_bucket_still_lets_requests_through() -> None:
    time = Time()
    throttle = make_throttle(time, capacity=1, leak=1.0)
    for _ in range(3):
        throttle.acquire()
    assert time.naps == pytest.approx([1.0, 1.0])


@pytest.mark.django_db
def test_bucket_filled_by_others_is_waited_for() -> None:
    time = Time()
    throttle = make_throttle(time)
    throttle.flood()
    throttle.acquire()
    assert time.naps == pytest.approx([3.0])


@pytest.mark.django_db
def test_bucket_belongs_to_one_host() -> None:
    time = Time()
    make_throttle(time).flood()
    make_throttle(time, key="another.example").acquire()
    assert time.naps == []


def test_no_limit_needs_no_database() -> None:
    throttle = make_throttle(Time(), leak=0)
    throttle.acquire()
    throttle.flood()


@pytest.mark.django_db
def test_clock_that_was_set_back_does_not_block() -> None:
    time = Time()
    throttle = make_throttle(time)
    throttle.acquire()
    time.seconds -= 3600
    throttle.flood()
    for _ in range(3):
        throttle.acquire()
    assert time.naps == pytest.approx([3.0, 0.5, 0.5])


@pytest.mark.django_db
def test_clocks_a_little_apart_do_not_leak_twice() -> None:
    slow, fast = Time(), Time()
    fast.seconds = 5.0
    throttles = [make_throttle(time, capacity=5) for time in (fast, slow)] * 20
    for throttle in throttles:
        throttle.sleep = lambda _: None
        throttle.acquire()
    assert RateLimit.objects.get().level == pytest.approx(40)


@pytest.mark.django_db
def test_resting_method_is_known_to_everybody() -> None:
    time = Time()
    until = time.now() + timedelta(minutes=10)
    make_throttle(time).pause("user.get", until)
    assert make_throttle(time).paused_until("user.get") == until
    assert make_throttle(time).paused_until("department.get") is None
    assert make_throttle(time, key="another.example").paused_until("user.get") is None


@pytest.mark.django_db
def test_rest_ends_by_itself() -> None:
    time = Time()
    throttle = make_throttle(time)
    throttle.pause("user.get", time.now() + timedelta(minutes=10))
    time.seconds += 600
    assert throttle.paused_until("user.get") is None


@pytest.mark.django_db
def test_rest_does_not_touch_the_bucket() -> None:
    time = Time()
    throttle = make_throttle(time)
    throttle.acquire()
    throttle.pause("user.get", time.now())
    assert RateLimit.objects.get(key=HOST).level == 1


@pytest.mark.django_db(transaction=True)
def test_lock_is_never_held_over_a_request() -> None:
    with transaction.atomic(), pytest.raises(RuntimeError, match="durable"):
        make_throttle(Time()).acquire()


def run_threads(work: Callable[[], Any], *, threads: int) -> None:
    def run() -> None:
        try:
            work()
        finally:
            connection.close()

    running = [threading.Thread(target=run) for _ in range(threads)]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join()


@pytest.mark.django_db(transaction=True)
def test_places_taken_at_once_all_count() -> None:
    throttle = Throttle(HOST, capacity=1000, leak=1.0, clock=Time().now)

    def take_places() -> None:
        for _ in range(10):
            throttle.acquire()

    run_threads(take_places, threads=4)
    assert RateLimit.objects.get().level == 40


@pytest.mark.django_db(transaction=True)
def test_places_taken_at_once_would_be_lost_without_the_lock() -> None:
    barrier = threading.Barrier(4)
    throttle = Throttle(HOST, capacity=1000, leak=1.0, clock=Time().now)
    throttle.acquire()

    def take_unlocked() -> None:
        row = RateLimit.objects.get()
        barrier.wait(timeout=10)
        throttle._pour(row, drops=1.0)

    run_threads(take_unlocked, threads=4)
    assert RateLimit.objects.get().level == 2
