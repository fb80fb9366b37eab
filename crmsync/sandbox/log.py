"""What the sandbox was asked and how it answered, in memory, for tests to read; never with the webhook's code."""

import threading
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass

LOG_LENGTH = 20_000


@dataclass(frozen=True)
class Entry:
    """One HTTP request: when (monotonic), what, how it ended; for a batch also its commands' methods."""

    at: float
    method: str
    status: int
    error: str = ""
    commands: tuple[str, ...] = ()
    rows: int = 0
    fault: str = ""


class Log:
    """The newest entries, and counters of everything since the start."""

    def __init__(self) -> None:
        self.entries: deque[Entry] = deque(maxlen=LOG_LENGTH)
        self.counters: Counter[str] = Counter()
        self._lock = threading.Lock()

    def __iter__(self) -> Iterator[Entry]:
        return iter(list(self.entries))

    def __len__(self) -> int:
        return len(self.entries)

    def __getitem__(self, position: int) -> Entry:
        return self.entries[position]

    def clear(self) -> None:
        """Forget entries and counters."""
        self.entries.clear()
        self.counters.clear()

    def write(self, entry: Entry) -> None:
        """Add an entry and count it."""
        with self._lock:
            self.entries.append(entry)
            self.counters.update({"requests": 1, "rows": entry.rows, f"status {entry.status}": 1})
            self.counters.update(entry.commands or (entry.method,))
