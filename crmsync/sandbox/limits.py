"""The two limits of the portal: a leaky bucket for requests and operating time for each method."""

import math
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field

from crmsync.sandbox.errors import RestError
from crmsync.sandbox.knobs import Knobs

WINDOW_SECONDS = 600
SLICE_SECONDS = 60


class LeakyBucket:
    """Fills by one a request and leaks steadily; a request that would overflow it is refused, not executed."""

    def __init__(self, knobs: Knobs, *, clock: Callable[[], float]) -> None:
        self._knobs = knobs
        self._clock = clock
        self._level = 0.0
        self._at = clock()

    def admit(self) -> None:
        """Let a request in.

        Raises: RestError when the bucket is full.
        """
        if not self._knobs.bucket_capacity:
            return
        now = self._clock()
        self._level = max(0.0, self._level - (now - self._at) * self._knobs.bucket_leak)
        self._at = now
        if self._level + 1 > self._knobs.bucket_capacity:
            raise RestError(503, "QUERY_LIMIT_EXCEEDED", "Too many requests")
        self._level += 1


@dataclass
class Slice:
    """One minute of a method's work: when its first call came and how long all of them took."""

    first_call: float
    seconds: float = 0.0


@dataclass
class OperatingTime:
    """Seconds each method has worked in the last ten minutes, kept by the minute."""

    knobs: Knobs
    clock: Callable[[], float]
    slices: dict[str, list[Slice]] = field(default_factory=lambda: defaultdict(list))
    blocked: dict[str, float] = field(default_factory=dict)

    def check(self, method: str) -> None:
        """Let a call of a method begin; the one that crosses the line still completes.

        Raises: RestError when the method has used its time up.
        """
        used_up = self.knobs.operating_limit and self.used(method) >= self.knobs.operating_limit
        if used_up or self.clock() < self.blocked.get(method, 0):
            raise RestError(429, "OPERATION_TIME_LIMIT", "Method is blocked due to operation time limit.")

    def charge(self, method: str, *, seconds: float) -> None:
        """Book the time a call has taken."""
        now, slices = self.clock(), self.slices[method]
        if not slices or now - slices[-1].first_call >= SLICE_SECONDS:
            slices.append(Slice(now))
        slices[-1].seconds += seconds

    def block(self, method: str, *, seconds: float) -> None:
        """Refuse a method for some time, as if its time were used up."""
        self.blocked[method] = self.clock() + seconds

    def used(self, method: str) -> float:
        """Return the seconds a method has used in the window."""
        oldest = self.clock() - WINDOW_SECONDS
        slices = self.slices[method]
        while slices and slices[0].first_call <= oldest:
            slices.pop(0)
        return sum(part.seconds for part in slices)

    def resets_at(self, method: str) -> int:
        """Return when the oldest minute in use drops out, in epoch seconds."""
        slices = self.slices[method]
        earliest = int((slices[0].first_call if slices else self.clock()) + WINDOW_SECONDS)
        until = self.blocked.get(method, 0)
        return math.ceil(until) if until > self.clock() else earliest
