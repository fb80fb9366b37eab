"""The oracle's conversations: activities of the converted folder, requests with their answers, first answers to leads.

Of equal moments the smaller id comes first. What happened in the very second of a lead's creation came after it.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from tests.realdata.book import Book

Length = Callable[[datetime, datetime], int]
COUNTED = {"mail 2": "emails_sent", "call 2": "calls_made"}


@dataclass(frozen=True)
class Talk:
    """One activity as it counts."""

    at: datetime
    number: int
    kind: str
    direction: str
    done: bool
    owner: tuple[str, int]
    by: int

    @property
    def asks(self) -> bool:
        """Tell whether a client waits for an answer after it."""
        return self.direction == "1" and (self.kind in ("mail", "chat") or (self.kind == "call" and not self.done))

    @property
    def reaches_out(self) -> bool:
        """Tell whether we spoke to the client."""
        return self.direction == "2" and self.kind in ("mail", "chat", "call")

    @property
    def answers(self) -> bool:
        """Tell whether a waiting client has been answered by it."""
        return self.reaches_out or (self.direction == "1" and self.kind == "call" and self.done)


def read_talks(folder: Path) -> list[Talk]:
    """Read the activities in the order in which they happened."""
    lines = (folder / "activities.jsonl").read_text(encoding="utf-8").splitlines()
    return sorted((_read_talk(json.loads(line)) for line in lines), key=lambda talk: (talk.at, talk.number))


def _read_talk(row: dict[str, str]) -> Talk:
    kinds = {"1": "meeting", "2": "call", "3": "task", "4": "mail"}
    providers = {"IMOPENLINES_SESSION": "chat", "CRM_TASKS_TASK": "task"}
    return Talk(
        at=datetime.fromisoformat(row["START_TIME"] or row["CREATED"]),
        number=int(row["ID"]),
        kind=kinds.get(row["TYPE_ID"]) or providers.get(row["PROVIDER_ID"], ""),
        direction=row["DIRECTION"],
        done=row["COMPLETED"] == "Y",
        owner=(row["OWNER_TYPE_ID"], int(row["OWNER_ID"])),
        by=int(row["RESPONSIBLE_ID"]),
    )


def enter_talks(book: Book, talks: list[Talk], *, length: Length) -> None:
    """Enter what people did, and how long clients waited for it."""
    for talk in talks:
        on = book.day_of(talk.at)
        book.add(on, talk.by, COUNTED.get(f"{talk.kind} {talk.direction}", "trace"))
        if talk.done and talk.kind in ("meeting", "task"):
            book.add(on, talk.by, {"meeting": "meetings_held", "task": "tasks_done"}[talk.kind])
    for asked, answer in pair_talks(talks):
        if answer:
            on = book.day_of(asked.at)
            book.add(on, asked.by, "requests_answered")
            book.add(on, asked.by, "response_seconds", length(asked.at, answer.at))


def pair_talks(talks: list[Talk]) -> Iterator[tuple[Talk, Talk | None]]:
    """Pair each request with its answer, a record at a time; who asks again before one has asked once."""
    records = defaultdict(list)
    for talk in talks:
        records[talk.owner].append(talk)
    for chain in records.values():
        waiting = None
        for talk in chain:
            if talk.asks:
                waiting = waiting or talk
            elif talk.answers and waiting:
                yield waiting, talk
                waiting = None
        if waiting:
            yield waiting, None


def enter_first_answers(
    book: Book, talks: list[Talk], leads: dict[int, tuple[datetime, int | None]], *, length: Length
) -> None:
    """Enter for each lead how long its first answer took."""
    open_leads = dict(leads)
    for talk in talks:
        kind, number = talk.owner
        if kind == "1" and talk.reaches_out and number in open_leads and talk.at >= open_leads[number][0]:
            created, owner = open_leads.pop(number)
            book.add(book.day_of(created), owner, "leads_answered")
            book.add(book.day_of(created), owner, "first_response_seconds", length(created, talk.at))
