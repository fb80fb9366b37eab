"""Calls: what is repeated and what is not, for how long, and what an answer tells besides its result."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from crmsync.bitrix24.errors import (
    BlockedError,
    ConfigurationError,
    LimitedError,
    PortalError,
    RequestError,
    TransientError,
    classify,
)
from tests.crmsync.bitrix24.doubles import OpenThrottle, Script, Time, answer, make_client

RESET = 1_900_000_000
GOOD = answer([1])


def fault(code: str = "TIMEOUT") -> TransientError:
    return TransientError(code, method="crm.item.list")


def refusal(code: str, **body: Any) -> PortalError:
    return classify(status=503, body={"error": code, **body}, method="user.get")


def test_answer_is_read_with_its_meters() -> None:
    time = {"operating": Decimal("1.5"), "operating_reset_at": RESET, "date_start": "2026-03-02T12:00:00+03:00"}
    found = make_client(Script(answer([1], total=7, next=50, time=time))).call("user.get")
    assert (found.result, found.total, found.next, found.operating) == ([1], 7, 50, 1.5)
    assert found.reset_at == datetime.fromtimestamp(RESET, UTC)
    assert found.server_time == datetime(2026, 3, 2, 9, tzinfo=UTC)
    assert found.server_time.utcoffset() == timedelta(hours=3)


@pytest.mark.parametrize(
    ("reset", "read"),
    [
        ("2026-03-02T12:10:00+03:00", datetime(2026, 3, 2, 9, 10, tzinfo=UTC)),
        (str(RESET), datetime.fromtimestamp(RESET, UTC)),
        (Decimal("1900000000.0"), datetime.fromtimestamp(RESET, UTC)),
        ("2026-03-02T12:10:00", None),
        ("soon", None),
        (10**30, None),
        (True, None),
        ([], None),
    ],
)
def test_reset_is_read_in_every_shape(reset: Any, read: datetime | None) -> None:
    assert make_client(Script(answer([], time={"operating_reset_at": reset}))).call("user.get").reset_at == read


@pytest.mark.parametrize("envelope", [{}, {"time": []}, {"time": None}, {"total": "x", "next": None}, {"total": 1.5}])
def test_missing_meters_are_none(envelope: dict[str, Any]) -> None:
    found = make_client(Script(answer([], **envelope))).call("user.get")
    assert (found.total, found.next, found.operating, found.reset_at, found.server_time) == (None,) * 5


def test_zero_is_not_missing() -> None:
    found = make_client(Script(answer([], total=0, next=0, time={"operating": 0}))).call("user.get")
    assert (found.total, found.next, found.operating) == (0, 0, 0.0)


def test_transient_fault_is_repeated_with_growing_pauses() -> None:
    time, script = Time(), Script(*[fault()] * 5, GOOD)
    client = make_client(script, time)
    assert client.call("crm.item.list").result == [1]
    assert client.requests == 6
    assert all(0 <= nap <= 2**turn for turn, nap in enumerate(time.naps))
    assert len(set(time.naps)) == 5


def test_sixth_failure_is_final() -> None:
    script = Script(*[fault()] * 9)
    with pytest.raises(TransientError):
        make_client(script).call("crm.item.list")
    assert len(script.sent) == 6


def test_deadline_ends_the_attempts_before_their_number() -> None:
    time = Time()
    script = Script(*[fault()] * 9, time=time, seconds=65)
    with pytest.raises(TransientError):
        make_client(script, time, deadline=180.0).call("crm.item.list")
    assert (time.seconds, len(script.sent)) == (180, 3)
    assert script.allowed[:2] == [75, 75] and 45 < script.allowed[2] <= 50


def test_waiting_in_line_does_not_use_up_the_deadline() -> None:
    time, script = Time(), Script(GOOD)
    throttle = OpenThrottle(time)
    throttle.acquire = lambda: time.sleep(500)  # type: ignore[method-assign]
    assert make_client(script, time, throttle=throttle).call("user.get").result == [1]
    assert script.allowed == [75]


@pytest.mark.parametrize("code", ["OVERLOAD_LIMIT", "NO_AUTH_FOUND", "insufficient_scope", "INVALID_ARG_VALUE"])
def test_final_refusal_is_not_repeated(code: str) -> None:
    script = Script(refusal(code), GOOD)
    with pytest.raises((BlockedError, ConfigurationError, RequestError)):
        make_client(script).call("user.get")
    assert len(script.sent) == 1


def test_full_bucket_is_waited_for() -> None:
    time, script = Time(), Script(refusal("query_limit_exceeded"), GOOD)
    throttle = OpenThrottle(time)
    assert make_client(script, time, throttle=throttle).call("user.get").result == [1]
    assert (throttle.floods, throttle.acquired) == (1, 2)
    assert 1 <= time.naps[0] <= 2


def test_wait_that_the_portal_bids_is_kept() -> None:
    error = refusal("QUERY_LIMIT_EXCEEDED")
    error.retry_after = 17
    time = Time()
    make_client(Script(error, GOOD), time).call("user.get")
    assert time.naps == [17]


def test_unknown_outcome_of_a_write_is_not_repeated() -> None:
    script = Script(fault(), GOOD)
    with pytest.raises(TransientError):
        make_client(script).call("crm.item.add")
    assert len(script.sent) == 1


def test_write_that_was_not_executed_is_repeated() -> None:
    script = Script(refusal("QUERY_LIMIT_EXCEEDED"), GOOD)
    assert make_client(script).call("crm.item.add").result == [1]


def test_lease_is_renewed_before_every_attempt_and_every_pause() -> None:
    renewals: list[int] = []
    script = Script(fault(), GOOD)
    make_client(script, on_request=lambda: renewals.append(len(script.sent))).call("user.get")
    assert renewals == [0, 1, 1]


def test_lost_lease_stops_before_the_request() -> None:
    def lose() -> None:
        raise RuntimeError("lease lost")

    script = Script(GOOD)
    client = make_client(script, on_request=lose)
    with pytest.raises(RuntimeError):
        client.call("user.get")
    assert (script.sent, client.requests) == ([], 0)


def test_operation_limit_rests_the_method_until_its_last_reset() -> None:
    time = Time()
    meters = {"operating": 470, "date_start": "2026-03-02T10:00:00+00:00", "operating_reset_at": 1772445900}
    script = Script(answer([], time=meters), refusal("OPERATION_TIME_LIMIT"), GOOD)
    client = make_client(script, time)
    client.call("user.get")
    with pytest.raises(LimitedError) as caught:
        client.call("user.get")
    # The portal's clock is an hour ahead of ours: its 10:05 is five minutes from now.
    assert caught.value.until == time.now() + timedelta(minutes=5)
    assert client.throttle.paused_until("user.get") == caught.value.until
    assert client.call("department.get").result == [1]


def test_resting_method_is_not_asked() -> None:
    time, script = Time(), Script(refusal("OPERATION_TIME_LIMIT"), GOOD)
    client = make_client(script, time)
    for _ in range(2):
        with pytest.raises(LimitedError) as caught:
            client.call("user.get")
        assert caught.value.until == time.now() + timedelta(minutes=10)
    assert len(script.sent) == 1
    time.seconds += 601
    assert client.call("user.get").result == [1]


def test_reset_that_has_passed_is_followed_by_another_minute() -> None:
    time = Time()
    meters = {"date_start": "2026-03-02T09:00:00+00:00", "operating_reset_at": "2026-03-02T09:00:30+00:00"}
    client = make_client(Script(answer([], time=meters), refusal("OPERATION_TIME_LIMIT")), time)
    client.call("user.get")
    time.seconds += 45
    with pytest.raises(LimitedError) as caught:
        client.call("user.get")
    assert caught.value.until == time.now() + timedelta(minutes=1)


def test_reset_in_the_refusal_itself_counts() -> None:
    time = Time()
    meters = {"date_start": "2026-03-02T09:00:00+00:00", "operating_reset_at": "2026-03-02T09:02:00+00:00"}
    with pytest.raises(LimitedError) as caught:
        make_client(Script(refusal("OPERATION_TIME_LIMIT", time=meters)), time).call("user.get")
    assert caught.value.until == time.now() + timedelta(minutes=2)


def test_reset_in_a_distant_future_is_not_believed() -> None:
    time = Time()
    meters = {"operating_reset_at": "2036-03-02T09:00:00+00:00"}
    with pytest.raises(LimitedError) as caught:
        make_client(Script(refusal("OPERATION_TIME_LIMIT", time=meters)), time).call("user.get")
    assert caught.value.until == time.now() + timedelta(hours=1)
