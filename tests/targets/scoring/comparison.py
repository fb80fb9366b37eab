"""Holds the product against the calculation by hand, case after case."""

from collections.abc import Iterator
from random import Random
from typing import Any

from targets.scoring.case import read_case
from targets.scoring.outcome import score
from targets.scoring.results import describe_outcome
from tests.targets.scoring.by_hand import calculate
from tests.targets.scoring.cases import make_case

Json = dict[str, Any]


def find_differences(*, cases: int, seed: int) -> Iterator[tuple[Json, Json, Json]]:
    """Find the cases in which product and hand differ, with what each says."""
    random = Random(seed)
    for _ in range(cases):
        case = make_case(random)
        found, wanted = describe_outcome(score(read_case(case))), calculate(case)
        if found != wanted:
            yield case, found, wanted
