"""One HTTP request as it came, and what is known of it on the way to its answer."""

from dataclasses import dataclass, field

from crmsync.sandbox.faults import Fault
from crmsync.sandbox.log import Entry
from crmsync.sandbox.outcome import Outcome


@dataclass(frozen=True)
class Request:
    """One HTTP request as it came."""

    path: str
    query: str
    body: bytes
    content_type: str


@dataclass
class Exchange:
    """A request on its way to an answer: what was called, what came of it, which faults struck."""

    method: str = ""
    outcome: Outcome = field(default_factory=Outcome)
    commands: list[Outcome] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    def entry(self, *, at: float, status: int) -> Entry:
        """Make the log's entry."""
        error = self.outcome.error
        return Entry(
            at,
            self.method,
            status,
            str(error.code) if error else "",
            tuple(command.method for command in self.commands),
            self.outcome.rows + sum(command.rows for command in self.commands),
            ",".join(fault.kind for fault in self.faults),
        )
