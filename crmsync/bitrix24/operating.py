"""Operating time: what each method has used of its ten minutes on the portal, and how long it must rest."""

from datetime import datetime, timedelta

from crmsync.bitrix24.advice import ADVICE
from crmsync.bitrix24.answers import Answer
from crmsync.bitrix24.errors import LimitedError

REFUSAL = "OPERATION_TIME_LIMIT"
ASSUMED_LIMIT_SECONDS = 480.0  # Bitrix24 publishes no figure; its documentation uses this one
LOWEST_LIMIT_SECONDS = 60.0  # a refusal at less use comes from a meter that others have filled
WINDOW = timedelta(minutes=10)
BUCKET = timedelta(minutes=1)
LONGEST_REST = timedelta(hours=1)


class OperatingTime:
    """Follows the meters in the answers of one client."""

    def __init__(self) -> None:
        self._used: dict[str, float] = {}
        self._limits: dict[str, float] = {}
        self._resets: dict[str, datetime] = {}

    def note(self, method: str, answer: Answer, *, now: datetime) -> None:
        """Remember an answer's meters, its reset moved from the portal's clock to ours."""
        if answer.operating is not None:
            self._used[method] = answer.operating
        if answer.reset_at is not None:
            self._resets[method] = now + (answer.reset_at - (answer.server_time or now))

    def share(self, method: str) -> float:
        """Return the used part of the method's limit, 0 when the portal does not tell."""
        return self._used.get(method, 0.0) / self._limits.get(method, ASSUMED_LIMIT_SECONDS)

    def rest_until(self, method: str, *, now: datetime) -> datetime:
        """Decide how long a method refused for its operating time rests, and learn the limit from the refusal.

        Time: the reset of the method's last success, by our clock; the whole window when there is none.
        A reset that has already passed was only the oldest minute's: the next one is a minute away.
        """
        if self._used.get(method, 0.0) >= LOWEST_LIMIT_SECONDS:
            self._limits[method] = self._used[method]
        until = self._resets.get(method, now + WINDOW)
        return min(until if until > now else now + BUCKET, now + LONGEST_REST)


def refuse_call(method: str, *, until: datetime) -> LimitedError:
    """Build the refusal that the portal would give a resting method."""
    error = LimitedError(REFUSAL, method=method, advice=ADVICE["operation"])
    error.until = until
    return error
