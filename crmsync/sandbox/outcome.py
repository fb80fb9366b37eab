"""How a call ended: its answer or its error, with the time block every envelope carries."""

from typing import Any

from crmsync.sandbox.errors import RestError


class Outcome:
    """One executed call, ready for an envelope or for a place in a batch."""

    def __init__(
        self,
        error: RestError | None = None,
        *,
        result: Any = None,
        total: int | None = None,
        following: int | None = None,
        time: dict[str, Any] | None = None,
        rows: int = 0,
        method: str = "",
    ) -> None:
        self.error = error
        self.result = result
        self.total = total
        self.next = following
        self.time = time or {}
        self.rows = rows
        self.method = method

    @property
    def status(self) -> int:
        """Return the HTTP status of the call on its own."""
        return self.error.status if self.error else 200

    def envelope(self) -> dict[str, Any]:
        """Return the body of a response; `next` and `total` only where they exist."""
        if self.error:
            return self.error.body()
        body = {"result": self.result, "total": self.total, "next": self.next, "time": self.time}
        return {key: value for key, value in body.items() if value is not None or key == "result"}
