"""Compares many random cases with the calculation by hand. Exit 0 only when all agree.

Run from the project's folder: python -m tests.targets.scoring.many [--cases 100000] [--seed 1]
"""

import argparse
import sys
import time

from tests.targets.scoring.comparison import find_differences

SHOWN = 3


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    start, found = time.perf_counter(), 0
    for case, product, hand in find_differences(cases=options.cases, seed=options.seed):
        found += 1
        if found <= SHOWN:
            sys.stdout.write(f"{case}\n    product {product}\n    by hand {hand}\n")
    seconds = time.perf_counter() - start
    sys.stdout.write(f"{options.cases} cases, seed {options.seed}: {found} differ ({seconds:.0f} s)\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
