"""The strongest promise: any sequence of edits, refilled in any portions, equals a rebuild from scratch."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crmsync.models import Activity, Deal, Employee, Lead, Portal, Semantics, TouchedDay
from kpis.facts import rebuild, refill
from kpis.ranges import fill_range, plan
from tests.conftest import Cast
from tests.kpis.mirror import add_activity, add_deal, add_lead, touch
from tests.kpis.rows import read_facts

Record = Lead | Deal | Activity
Cell = tuple[Employee | None, date]
FIRST = date(2026, 1, 29)

GONE_AT = datetime(2026, 4, 1, tzinfo=UTC)

CREATIONS = ("lead", "deal", "email", "task")
CHANGES = ("win", "lose", "reopen", "reassign", "move", "reprice", "bury", "restore", "erase")
FILLS = ("refill", "plan", "range")
VERBS = (*CREATIONS, *CHANGES, *FILLS)
EDITS = st.tuples(st.sampled_from(VERBS), st.integers(0, 50), st.integers(0, 3), st.integers(0, 5))
SCRIPTS = st.lists(EDITS, min_size=1, max_size=30)
FEW = settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


class Story:
    """A mirror that is edited step by step, each step touching the cells it leaves and enters."""

    def __init__(self, portal: Portal, cast: Cast) -> None:
        self.portal, self.people, self.records = portal, (None, *cast[:3]), list[Record]()

    def play(self, verb: str, which: int, who: int, when: int) -> None:
        person, day = self.people[who], FIRST + timedelta(days=when)
        if verb in FILLS:
            self.fill(verb, 1 + which % 5)
        elif verb in CREATE:
            self.records.append(CREATE[verb](self.portal, day, person))
            self.touch(self.records[-1])
        elif self.records:
            self.edit(self.records[which % len(self.records)], verb, person, day)

    def fill(self, verb: str, size: int) -> None:
        if verb == "refill":
            refill(self.portal, batch=size)
        elif verb == "plan":
            plan(self.portal, records=size)
        else:
            fill_range(self.portal)

    def edit(self, record: Record, verb: str, person: Employee | None, day: date) -> None:
        self.touch(record)
        if verb == "erase":
            record.delete()
            self.records.remove(record)
            return
        CHANGE.get((verb, type(record)), CHANGE["any"])(record, person, day)
        record.save()
        self.touch(record)

    def touch(self, record: Record) -> None:
        for person, day in list_cells(record):
            touch(self.portal, day, person)


def list_cells(record: Record) -> list[Cell]:
    if isinstance(record, Activity):
        return [(record.responsible, record.started_on)] if record.started_on else []
    cells = [(record.responsible, record.created_on)] if record.created_on else []
    return [*cells, (record.credited_to, record.closed_on)] if isinstance(record, Deal) and record.closed_on else cells


def close(record: Any, person: Employee | None, day: date, semantics: str) -> None:
    record.semantics, record.closed_on, record.credited_to = semantics, day, person
    record.amount_base = Decimal(day.day) / 3 if semantics == Semantics.SUCCESS else None
    record.cycle_seconds = (day - FIRST).days * 86_400 or None


def reopen(record: Deal, _person: Employee | None, _day: date) -> None:
    record.semantics, record.closed_on, record.credited_to = Semantics.PROCESS, None, None


def reprice(record: Any, _person: Employee | None, day: date) -> None:
    record.amount_base, record.is_recurring = Decimal(-day.day), day.day % 2 == 0


def reassign(record: Record, person: Employee | None, _day: date) -> None:
    record.responsible = person


def move(record: Record, _person: Employee | None, day: date) -> None:
    setattr(record, "started_on" if isinstance(record, Activity) else "created_on", day if day.day % 7 else None)


def bury(record: Record, _person: Employee | None, _day: date) -> None:
    record.deleted_at = GONE_AT


def restore(record: Record, _person: Employee | None, _day: date) -> None:
    record.deleted_at = None


def convert(record: Lead, _person: Employee | None, _day: date) -> None:
    record.semantics = Semantics.SUCCESS


CREATE: dict[str, Callable[[Portal, date, Employee | None], Record]] = {
    "lead": lambda portal, day, person: add_lead(portal, day, person),
    "deal": lambda portal, day, person: add_deal(portal, day, person),
    "email": lambda portal, day, person: add_activity(portal, day, person, "email", 2),
    "task": lambda portal, day, person: add_activity(portal, day, person, "task", is_completed=day.day % 2 == 0),
}
CHANGE: dict[object, Callable[..., None]] = {
    "any": reassign,
    ("win", Deal): lambda record, person, day: close(record, person, day, Semantics.SUCCESS),
    ("lose", Deal): lambda record, person, day: close(record, person, day, Semantics.FAILURE),
    ("win", Lead): convert,
    ("reopen", Deal): reopen,
    ("reprice", Deal): reprice,
    **{("move", kind): move for kind in (Lead, Deal, Activity)},
    **{("bury", kind): bury for kind in (Lead, Deal, Activity)},
    **{("restore", kind): restore for kind in (Lead, Deal, Activity)},
}


@FEW
@given(script=SCRIPTS, batch=st.integers(1, 40))
def test_any_sequence_of_increments_equals_a_rebuild(
    portal: Portal, cast: Cast, script: list[tuple[str, int, int, int]], batch: int
) -> None:
    with transaction.atomic():
        story = Story(portal, cast)
        for edit in script:
            story.play(*edit)
        refill(portal, batch=batch)
        increments = read_facts(portal)
        rebuild(portal)
        assert increments == read_facts(portal)
        transaction.set_rollback(True)


def test_withheld_touch_makes_the_comparison_fail(portal: Portal, cast: Cast) -> None:
    # The control: the comparison above notices a single cell that was not refilled.
    story = Story(portal, cast)
    for edit in [("deal", 0, 1, 0), ("refill", 0, 0, 0), ("win", 0, 2, 3)]:
        story.play(*edit)
    TouchedDay.objects.filter(employee=cast.bob).delete()
    refill(portal)
    increments = read_facts(portal)
    rebuild(portal)
    with pytest.raises(AssertionError):
        assert increments == read_facts(portal)
