"""Faults to order: what goes wrong, for which method, and when. Off unless a test or an operator adds one."""

import random
import threading
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

TRANSPORT = frozenset(
    {
        *("html502", "empty200", "html200", "truncated", "cut", "reset", "hang", "delay", "drip"),
        *("internal_error", "query_limit", "overload", "redirect302", "revoked", "huge_body"),
        *("commit504", "commit_close"),
    }
)
ERRORS = frozenset({"odd_error", "insufficient_scope", "batch_partial", "operation_time"})
LIES = frozenset({"ignore_cursor", "ignore_filter", "repeat_page", "total_lies", "operating_shape"})
SHAPES = frozenset({"empty_map", "empty_values", "malformed", "date_shape", "dialect", "wrong_end"})
KINDS = TRANSPORT | ERRORS | LIES | SHAPES
MAIN_OPTION = {
    "delay": "seconds",
    "hang": "seconds",
    "drip": "seconds",
    "operation_time": "seconds",
    "odd_error": "shape",
    "operating_shape": "shape",
    "revoked": "code",
    "batch_partial": "command",
    "huge_body": "size",
    "total_lies": "total",
    "date_shape": "shape",
    "dialect": "of",
    "wrong_end": "hours",
}


@dataclass
class Fault:
    """One fault: the next `times` matching calls, only call number `at`, a share of them, or every one."""

    kind: str
    method: str | None = None
    times: int | None = None
    probability: float | None = None
    at: int | None = None
    options: dict[str, Any] = field(default_factory=dict)
    seen: int = 0
    hits: int = 0

    def matches(self, methods: Iterable[str]) -> bool:
        """Tell whether a request that calls these methods is one the fault is for."""
        return self.method is None or self.method in methods

    def strikes(self, chance: random.Random) -> bool:
        """Count a matching call and tell whether it is hit."""
        self.seen += 1
        hit = (
            (self.at is None or self.seen == self.at)
            and (self.times is None or self.hits < self.times)
            and (self.probability is None or chance.random() < self.probability)
        )
        self.hits += hit
        return hit


class Faults:
    """The faults of one server; they may be added and cleared while it serves."""

    def __init__(self, *, seed: int = 1) -> None:
        self._faults: list[Fault] = []
        self._chance = random.Random(seed)
        self._lock = threading.Lock()

    def __iter__(self) -> Any:
        return iter(list(self._faults))

    def add(
        self,
        kind: str,
        *,
        method: str | None = None,
        times: int | None = None,
        probability: float | None = None,
        at: int | None = None,
        **options: Any,
    ) -> Fault:
        """Add a fault; without times, probability or at it hits every matching call until cleared.

        Raises: ValueError for a kind that does not exist.
        """
        if kind not in KINDS:
            raise ValueError(f"unknown fault {kind!r}; known: {', '.join(sorted(KINDS))}")
        fault = Fault(kind, method, times, probability, at, options)
        self._faults.append(fault)
        return fault

    def clear(self) -> None:
        """Remove every fault."""
        self._faults.clear()

    def strike(self, kinds: frozenset[str], methods: Iterable[str], *, position: int | None = None) -> list[Fault]:
        """Return the faults of some kinds that hit this request or call.

        Empty: position is the place of a command in its batch, None outside one.
        """
        if not self._faults:
            return []
        with self._lock:
            candidates = [fault for fault in self._faults if fault.kind in kinds and fault.matches(methods)]
            return [f for f in candidates if fits_position(f, position) and f.strikes(self._chance)]


def fits_position(fault: Fault, position: int | None) -> bool:
    """Tell whether a batch_partial fault is meant for the command at this place; other faults fit anywhere."""
    if fault.kind != "batch_partial":
        return True
    return position is not None and int(fault.options.get("command", position)) == position


def parse_fault(text: str) -> dict[str, Any]:
    """Read KIND[=OPTION][:METHOD][:TIMES or PROBABILITY] into the arguments of `Faults.add`.

    Units: a whole number is times, one with a point a probability.
    Raises: ValueError when the text is none of this.
    """
    head, *rest = text.split(":")
    kind, _, option = head.partition("=")
    if kind not in KINDS:
        raise ValueError(f"unknown fault {kind!r}; known: {', '.join(sorted(KINDS))}")
    made: dict[str, Any] = {"kind": kind}
    if option:
        made[option_name(kind)] = float(option) if option.replace(".", "", 1).isdigit() else option
    for part in rest:
        if part.isdigit():
            made["times"] = int(part)
        elif part.replace(".", "", 1).isdigit():
            made["probability"] = float(part)
        else:
            made["method"] = part
    return made


def option_name(kind: str) -> str:
    """Return the option a fault's `=value` sets.

    Raises: ValueError for a fault without one.
    """
    if kind not in MAIN_OPTION:
        raise ValueError(f"fault {kind!r} takes no value")
    return MAIN_OPTION[kind]
