"""How leads and deals travel through their stages: a few typical paths, each a column index instead of rows."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from crmsync.sandbox.changes import CREATED, FINISHED, MOVED, REROUTED
from crmsync.sandbox.columns import Array
from crmsync.sandbox.company.chances import order_by_time
from crmsync.sandbox.dictionaries import DEAL_STAGES, LEAD_STATUSES

PIPELINES = 2
STAGES_IN_PIPELINE = len(DEAL_STAGES)
WON, LOSE, APOLOGY = 5, 6, 7
CONVERTED, JUNK = 3, 4
DEAL_CODES = [code for code, *_ in DEAL_STAGES]
STAGE_IDS = [f"{prefix}{code}"[:21] for prefix in ("", "C1:") for code in DEAL_CODES]
STAGE_MEANINGS = [meaning or "P" for *_, meaning in DEAL_STAGES] * PIPELINES
STATUS_IDS = [code for code, *_ in LEAD_STATUSES]
STATUS_MEANINGS = [meaning or "P" for *_, meaning in LEAD_STATUSES]

# A step is a stage; one below zero is a move to pipeline 1, stage -1-step there.
TO_OTHER = -1
WON_PATHS = ((0, 1, 3, 5), (0, 1, 2, 3, 5), (0, 3, 5), (0, 1, 2, 3, 4, 5), (0, 1, 5), (0, 5))
WON_REOPENED = ((0, 1, 5, 3, 5), (0, 1, 6, 3, 5))
WON_REROUTED = ((0, 1, TO_OTHER, 3, 5),)
LOST_PATHS = ((0, 1, 6), (0, 6), (0, 1, 3, 6), (0, 1, 2, 7), (0, 7), (0, 1, 2, 3, 4, 6))
LOST_REOPENED = ((0, 1, 5, 3, 6),)
OPEN_PATHS = ((0,), (0, 1), (0, 1, 2), (0, 1, 2, 3), (0, 1, 2, 3, 4))
OPEN_REOPENED = ((0, 1, 3, 5, 3),)
LEAD_WON_PATHS = ((0, 1, 3), (0, 3), (0, 1, 2, 3))
LEAD_LOST_PATHS = ((0, 4), (0, 1, 4))
LEAD_OPEN_PATHS = ((0,), (0, 1), (0, 1, 2))


@dataclass(frozen=True)
class Paths:
    """Typical paths as tables: by path and step, the stage, the TYPE_ID and whether it is still the first pipeline."""

    lengths: Array
    stages: Array
    types: Array
    before_move: Array

    def last_stage(self, path: Array) -> Array:
        """Return the stage each path ends in."""
        return self.stages[path, self.lengths[path] - 1]


def tabulate(paths: Sequence[tuple[int, ...]], *, final: frozenset[int]) -> Paths:
    """Turn paths into tables."""
    width = max(map(len, paths))
    stages, types, before = (np.zeros((len(paths), width), dtype=np.uint8) for _ in range(3))
    for row, path in enumerate(paths):
        moved = path.index(TO_OTHER) if TO_OTHER in path else 0
        for step, stage in enumerate(path):
            stages[row, step] = 0 if stage == TO_OTHER else stage
            types[row, step] = CREATED if step == 0 else FINISHED if stage in final else MOVED
            before[row, step] = step < moved
        if moved:
            types[row, moved] = REROUTED
    lengths = np.array([len(path) for path in paths], dtype=np.uint8)
    return Paths(lengths, stages, types, before)


DEAL_GROUPS = (WON_PATHS, WON_REOPENED, WON_REROUTED, LOST_PATHS, LOST_REOPENED, OPEN_PATHS, OPEN_REOPENED)
DEAL_PATHS = tabulate([path for group in DEAL_GROUPS for path in group], final=frozenset({WON, LOSE, APOLOGY}))
LEAD_GROUPS = (LEAD_WON_PATHS, LEAD_LOST_PATHS, LEAD_OPEN_PATHS)
LEAD_PATHS = tabulate([path for group in LEAD_GROUPS for path in group], final=frozenset({CONVERTED, JUNK}))


def first_of(groups: Sequence[Sequence[tuple[int, ...]]], group: Sequence[tuple[int, ...]]) -> int:
    """Return the number of a group's first path in the table made of all groups."""
    place = next(i for i, candidate in enumerate(groups) if candidate is group)
    return sum(len(earlier) for earlier in groups[:place])


@dataclass(frozen=True)
class History:
    """Rows of stage history in the order of time: the owner's id, when, what it says."""

    owners: Array
    at: Array
    stages: Array
    types: Array


def write_history(
    chance: Generator, paths: Paths, *, path: Array, created: Array, moved: Array, pipeline: Array | None = None
) -> History:
    """Spread every record's steps between its creation and its last move.

    Shape: one row per record and step, sorted by moment.
    """
    lengths = paths.lengths[path].astype(np.int64)
    owners = np.repeat(np.arange(len(path), dtype=np.int32), lengths)
    steps = np.arange(len(owners)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    share = steps / np.maximum(1, lengths - 1)[owners]
    bend = chance.uniform(-0.7, 0.7, len(path))[owners]
    share += bend * share * (1 - share)
    at = (created[owners] + np.rint(share * (moved - created)[owners])).astype(np.uint32)
    stages, types = paths.stages[path[owners], steps], paths.types[path[owners], steps]
    if pipeline is not None:
        here = pipeline[owners] * (1 - paths.before_move[path[owners], steps])
        stages = stages + (here * STAGES_IN_PIPELINE).astype(np.uint8)
    del steps, share, bend
    order = order_by_time(at)
    return History(owners[order] + 1, at[order], stages[order], types[order])
