"""Draws that several parts of the company share."""

import numpy as np
from numpy.random import Generator

from crmsync.sandbox.columns import Array
from crmsync.sandbox.instants import DAY_SECONDS


def edit_later(chance: Generator, moved: Array, *, now: int) -> Array:
    """Return modification stamps: mostly the last move, for every fourth record an edit some days later."""
    lag = chance.exponential(3 * DAY_SECONDS, len(moved)) * (chance.random(len(moved)) < 0.25)
    return np.minimum(moved + lag.astype(np.int64), now)


def scatter(numbers: Array) -> Array:
    """Scatter numbers over 32 bits, the same way every time."""
    mixed = (numbers.astype(np.uint64) * np.uint64(2_654_435_761) + np.uint64(97)) & np.uint64(0xFFFFFFFF)
    return (mixed >> np.uint64(7)).astype(np.int64)


def order_by_time(at: Array) -> Array:
    """Return the positions in the order of their moments, ties by position."""
    # One sort of packed numbers is several times faster than a stable argsort.
    packed = (at.astype(np.uint64) << np.uint64(32)) | np.arange(len(at), dtype=np.uint64)
    packed.sort()
    return (packed & np.uint64(0xFFFFFFFF)).astype(np.int64)


def draw_code(chance: Generator, weights: Array, size: int) -> Array:
    """Draw small codes with the given weights."""
    passed = np.cumsum(weights) / np.sum(weights)
    return np.searchsorted(passed, chance.random(size), side="right").clip(0, len(weights) - 1).astype(np.uint8)
