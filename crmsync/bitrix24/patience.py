"""How often and how long a request is repeated: which failures, with what pauses, until when."""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass

import structlog

from crmsync.bitrix24.errors import LimitedError, PortalError, TransientError
from crmsync.bitrix24.throttle import Throttle

log = structlog.get_logger(__name__)

FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 1.0, 30.0
ATTEMPT_SECONDS = 75.0  # connecting, and the longest silence that the transport bears
READS = {"profile", "scope", "server.time", "user.current", "methods"}


def is_read(method: str) -> bool:
    """Tell a method that changes nothing, so that it may be repeated when its outcome is unknown."""
    return method.endswith((".list", ".get", ".fields")) or method in READS


@dataclass(frozen=True)
class Patience:
    """The bounds for every request; `deadline` in seconds over all attempts, waiting in line apart."""

    deadline: float = 180.0
    attempts: int = 6
    sleep: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic


class Attempts:
    """The attempts of one request so far."""

    def __init__(self, patience: Patience, method: str, *, is_read: bool, throttle: Throttle) -> None:
        self.patience = patience
        self.method = method
        self.is_read = is_read
        self.throttle = throttle
        self.made = 0
        self._end = patience.clock() + patience.deadline

    def begin(self) -> float:
        """Wait for a place under the portal's limit and return the seconds this attempt may take."""
        asked = self.patience.clock()
        self.throttle.acquire()
        admitted = self.patience.clock()
        self._end += admitted - asked
        self.made += 1
        return min(ATTEMPT_SECONDS, self._end - admitted)

    def pause_after(self, error: PortalError) -> bool:
        """Sleep before the next attempt; False when there shall be none."""
        if error.code == "QUERY_LIMIT_EXCEEDED":
            self.throttle.flood()
        delay = self._choose_delay(error)
        left = self._end - self.patience.clock()
        if not self._may_repeat(error) or self.made >= self.patience.attempts or delay >= left:
            return False
        log.warning("portal_retry", method=self.method, code=error.code, attempt=self.made, delay=round(delay, 2))
        self.patience.sleep(delay)
        return True

    def _may_repeat(self, error: PortalError) -> bool:
        """Repeat what was surely not executed, and of the rest what only reads."""
        if error.code == "QUERY_LIMIT_EXCEEDED":
            return True
        passing = isinstance(error, TransientError | LimitedError) and error.code != "OPERATION_TIME_LIMIT"
        return passing and self.is_read

    def _choose_delay(self, error: PortalError) -> float:
        ceiling = min(LONGEST_PAUSE_SECONDS, FIRST_PAUSE_SECONDS * 2 ** (self.made - 1))
        delay = random.uniform(0, ceiling)
        if error.code == "QUERY_LIMIT_EXCEEDED":
            # A full bucket needs time to leak, so here chance may only lengthen the pause.
            delay += FIRST_PAUSE_SECONDS
        return max(delay, min(error.retry_after or 0.0, LONGEST_PAUSE_SECONDS))
