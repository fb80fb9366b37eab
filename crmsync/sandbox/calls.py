"""One method call and its answer: what passes between the dispatcher and the methods."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from crmsync.sandbox.params import Params
from crmsync.sandbox.store import Store


@dataclass(frozen=True)
class Credential:
    """Whom a webhook acts for and which scopes it was given."""

    user_id: int
    scopes: tuple[str, ...]


@dataclass
class Call:
    """One method call, alone or at its position in a batch; quirks are the lies a fault makes it tell."""

    method: str
    params: Params
    store: Store
    credential: Credential
    number: int = 0
    position: int | None = None
    uncounted_total: str = "absent"
    user_tz_shift: int = 0
    quirks: frozenset[str] = field(default_factory=frozenset)


@dataclass
class Answer:
    """A method's result with, for lists, the total and the next start; rows is what the call is charged for."""

    result: Any
    total: int | None = None
    next: int | None = None
    rows: int = 0


Handler = Callable[[Call], Answer]
