"""How the deals of the made-up company go: won or lost as their manager is good, sooner or later, by which stages."""

from collections.abc import Sequence

import numpy as np
from numpy.random import Generator

from crmsync.sandbox.columns import Array
from crmsync.sandbox.company import paths
from crmsync.sandbox.company.chances import draw_code
from crmsync.sandbox.company.origins import Origin
from crmsync.sandbox.company.paths import DEAL_GROUPS, first_of
from crmsync.sandbox.company.seasons import Calendar
from crmsync.sandbox.company.staff import Staff
from crmsync.sandbox.instants import DAY_SECONDS

WIN_RATE = 0.36
MEDIAN_DAYS = 18
STALLED_SHARE = 0.03


def draw_fates(
    chance: Generator, origin: Origin, staff: Staff, *, returning: Array, calendar: Calendar
) -> tuple[Array, Array]:
    """Draw every deal's path and the moment of its last move."""
    count = len(origin.created)
    days = chance.lognormal(np.log(MEDIAN_DAYS), 0.7, count) * staff.pace[origin.manager]
    days = days * np.where(origin.pipeline == 1, 0.5, 1.0)
    ends = calendar.snap_to_work(chance, origin.created + (days * DAY_SECONDS).astype(np.int64))
    ends = np.maximum(ends, origin.created + 900)
    odds = WIN_RATE * staff.conversion[origin.manager] * np.where(returning, 1.35, 1.0)
    won = chance.random(count) < odds.clip(0.04, 0.92)
    open_ = (ends >= calendar.now) | (chance.random(count) < STALLED_SHARE)
    progress = ((calendar.now - origin.created) / (ends - origin.created)).clip(0, 1)
    path = np.where(
        won,
        pick_path(chance, count, WON_CHOICES, origin.pipeline),
        pick_path(chance, count, LOST_CHOICES, origin.pipeline),
    )
    steps = (progress * chance.random(count) * len(paths.OPEN_PATHS)).astype(np.int64)
    going = first_of(DEAL_GROUPS, paths.OPEN_PATHS) + steps.clip(0, len(paths.OPEN_PATHS) - 1)
    going[chance.random(count) < 0.02] = first_of(DEAL_GROUPS, paths.OPEN_REOPENED)
    latest = np.minimum(ends, calendar.now)
    halfway = origin.created + ((latest - origin.created) * chance.uniform(0.3, 0.98, count)).astype(np.int64)
    return np.where(open_, going, path).astype(np.uint8), np.where(open_, halfway, ends)


def path_choices(*weighted: tuple[Sequence[tuple[int, ...]], float]) -> tuple[Array, Array]:
    """List the paths of some groups with their weights, shared evenly inside a group."""
    numbers: list[int] = []
    weights: list[float] = []
    for group, weight in weighted:
        first = first_of(DEAL_GROUPS, group)
        numbers += range(first, first + len(group))
        weights += [weight / len(group)] * len(group)
    return np.array(numbers), np.array(weights)


WON_CHOICES = path_choices((paths.WON_PATHS, 0.95), (paths.WON_REOPENED, 0.03), (paths.WON_REROUTED, 0.02))
LOST_CHOICES = path_choices((paths.LOST_PATHS, 0.98), (paths.LOST_REOPENED, 0.02))
PLAIN_WON = first_of(DEAL_GROUPS, paths.WON_PATHS)
REROUTED_PATH = first_of(DEAL_GROUPS, paths.WON_REROUTED)


def pick_path(chance: Generator, count: int, choices: tuple[Array, Array], pipeline: Array) -> Array:
    """Draw paths; only deals of the second pipeline can have come there from the first."""
    numbers, weights = choices
    drawn = numbers[draw_code(chance, weights, count)]
    return np.where((drawn == REROUTED_PATH) & (pipeline == 0), PLAIN_WON, drawn)


def draw_close_days(chance: Generator, path: Array, created: Array, moved: Array, *, offset: int) -> Array:
    """Draw close dates: of closed deals mostly the day they were closed, of open ones a plan, often overdue.

    Units: day numbers in the portal's zone.
    """
    count = len(path)
    closed = path < first_of(DEAL_GROUPS, paths.OPEN_PATHS)
    plan = created + (chance.uniform(7, 60, count) * DAY_SECONDS).astype(np.int64)
    agrees = closed & (chance.random(count) < 0.85)
    off = plan + chance.integers(-10, 10, count) * DAY_SECONDS
    return ((np.where(agrees, moved, np.where(closed, off, plan)) + offset) // DAY_SECONDS).astype(np.int32)
