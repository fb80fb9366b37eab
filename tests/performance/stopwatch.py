"""Time and memory of a piece of work, and how they are told."""

import resource
import statistics
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Timing:
    """One run: how long it took, the most anonymous memory during it, and what it returned."""

    seconds: float
    memory: int
    result: Any


def measure(work: Callable[[], Any]) -> Timing:
    """Run some work once and take its time and memory."""
    seen, ended = [read_anonymous()], threading.Event()

    def watch() -> None:
        while not ended.wait(0.02):
            seen.append(read_anonymous())

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    start = time.perf_counter()
    result = work()
    seconds = time.perf_counter() - start
    ended.set()
    watcher.join()
    return Timing(seconds, max(seen), result)


def take_median(timings: list[Timing]) -> float:
    """Take the median of the seconds."""
    return statistics.median(timing.seconds for timing in timings)


def describe(timings: list[Timing]) -> str:
    """Write the median, every run, and the peak of memory."""
    runs = ", ".join(f"{timing.seconds:.2f}" for timing in timings)
    peak = max(timing.memory for timing in timings) / 1e6
    return f"{take_median(timings):.2f} s ({runs}), {peak:.0f} MB anonymous"


def read_anonymous() -> int:
    """Read the anonymous memory in bytes; where the system does not tell, the largest there ever was."""
    try:
        status = Path("/proc/self/status").read_text(encoding="ascii")
    except FileNotFoundError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return next(int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("RssAnon"))


def say(line: str) -> None:
    """Print a line at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()
