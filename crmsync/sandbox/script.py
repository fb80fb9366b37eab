"""Scripted mutations: what happens to the records between two pages of a list."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from crmsync.sandbox.calls import Call


@dataclass
class Script:
    """Acts once, right before call number `at` of a list: `server.on_request(Script("crm.item.list", 3, act))`.

    `params` narrows the calls that count, as {"entityTypeId": 2} does; commands of batches count like any call.
    """

    method: str
    at: int
    act: Callable[[], object]
    params: Mapping[str, Any] = field(default_factory=dict)
    seen: int = 0

    def __call__(self, call: Call) -> None:
        """Count a call, and act when its turn has come."""
        if call.method != self.method or any(str(call.params.get(k)) != str(v) for k, v in self.params.items()):
            return
        self.seen += 1
        if self.seen == self.at:
            self.act()

    @property
    def played(self) -> bool:
        """Tell whether the script has acted."""
        return self.seen >= self.at
