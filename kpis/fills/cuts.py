"""Where planned ranges begin, so that each holds enough records and workers can share them. Pure."""

from collections.abc import Mapping
from datetime import date
from typing import TypeVar

Start = TypeVar("Start", date, tuple[int, int])


def cut_ranges(counts: Mapping[Start, int], *, records: int, first: Start) -> list[Start]:
    """Choose where ranges begin, so that each but the last has as many records or is indivisible.

    Shape: `counts` by where an indivisible portion begins; sorted starts, of which the first is `first`.
    """
    starts, gathered = [first], 0
    for start, count in sorted(counts.items()):
        if gathered >= records:
            starts.append(start)
            gathered = 0
        gathered += count
    return starts
