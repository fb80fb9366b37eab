"""Stand-ins for the client's tests: a throttle without a database, a scripted transport, clocks that tests move."""

from collections import deque
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from crmsync.bitrix24.client import Client
from crmsync.bitrix24.credentials import Webhook
from crmsync.bitrix24.errors import PortalError

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
SECRET = "canary-s3cret-7f3a"
LEAD_IDS = [*range(100, 2500, 3), *range(10_000, 11_000)]  # sparse at first, then a gap, then dense
WEBHOOK = Webhook("https://romashka.example", 1, SECRET)

Outcome = Mapping[str, Any] | PortalError | Callable[[str, Mapping[str, Any]], Any]


class Time:
    """One time for everybody; sleeping moves it and is remembered."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.naps: list[float] = []

    def clock(self) -> float:
        return self.seconds

    def now(self) -> datetime:
        return START + timedelta(seconds=self.seconds)

    def sleep(self, seconds: float) -> None:
        self.naps.append(seconds)
        self.seconds += seconds


class OpenThrottle:
    """Admits everything and remembers what it was told."""

    def __init__(self, time: Time) -> None:
        self.time = time
        self.acquired = 0
        self.floods = 0
        self.rests: dict[str, datetime] = {}

    def acquire(self) -> None:
        self.acquired += 1

    def flood(self) -> None:
        self.floods += 1

    def pause(self, method: str, until: datetime) -> None:
        self.rests[method] = until

    def paused_until(self, method: str) -> datetime | None:
        until = self.rests.get(method)
        return until if until and until > self.time.now() else None


class Script:
    """A transport that answers from a list: an object, an error to raise, or a function of the request."""

    def __init__(self, *outcomes: Outcome, time: Time | None = None, seconds: float = 0.0) -> None:
        self.outcomes = deque(outcomes)
        self.sent: list[tuple[str, Mapping[str, Any]]] = []
        self.allowed: list[float] = []
        self.time = time
        self.seconds = seconds

    def send(self, method: str, params: Mapping[str, Any], *, seconds: float) -> Any:
        self.sent.append((method, params))
        self.allowed.append(seconds)
        if self.time:
            self.time.seconds += min(self.seconds, seconds)
        outcome = self.outcomes.popleft()
        if isinstance(outcome, PortalError):
            raise outcome
        return outcome(method, params) if callable(outcome) else outcome


def make_client(script: Script, time: Time | None = None, **options: Any) -> Client:
    time = time or Time()
    options = {"throttle": OpenThrottle(time), **options}
    return Client(WEBHOOK, transport=script, sleep=time.sleep, clock=time.clock, now=time.now, **options)  # type: ignore[arg-type]


def answer(result: Any, **envelope: Any) -> dict[str, Any]:
    return {"result": result, **envelope}


def batch_answer(result: Any, errors: Any = (), **parts: Any) -> dict[str, Any]:
    empty: list[Any] = []
    lists = {name: parts.get(name, empty) for name in ("result_total", "result_next", "result_time")}
    return {"result": {"result": result, "result_error": errors or empty, **lists}}
