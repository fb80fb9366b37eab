"""What passes between the sync and a source: a window to read, and the first look at it. Pure."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

Raw = dict[str, Any]


@dataclass(frozen=True)
class Window:
    """What one walk reads: records changed since an instant (None: all) whose ids lie after a cursor."""

    since: datetime | None = None
    after: int = 0


@dataclass(frozen=True)
class Glance:
    """The first look at a window: all of its rows when `complete`, else its first or newest ones.

    `expected` is its number of records, estimated unless `counted`; `last` is its greatest id where pages walk
    by id, `next_start` the offset where they do not.
    """

    rows: list[Raw]
    complete: bool
    last: int | None = None
    expected: int | None = None
    counted: bool = False
    next_start: int | None = None
