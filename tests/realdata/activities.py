"""Activities around leads and deals by a script: requests of clients, answers, and what is neither (rule R10)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from tests.realdata.people import Staff
from tests.realdata.stamps import at_ten, write_blank, write_instant
from tests.realdata.tables import Row

Record = dict[str, Any]
LEAD, DEAL, CONTACT = 1, 2, 3
HOUR, DAY = 3_600, 86_400
# TYPE_ID, PROVIDER_ID, DIRECTION, COMPLETED
KINDS: dict[str, tuple[str, str, str, str]] = {
    "mail in": ("4", "CRM_EMAIL", "1", "N"),
    "mail out": ("4", "CRM_EMAIL", "2", "Y"),
    "call missed": ("2", "VOXIMPLANT_CALL", "1", "N"),
    "call taken": ("2", "VOXIMPLANT_CALL", "1", "Y"),
    "call out": ("2", "VOXIMPLANT_CALL", "2", "Y"),
    "chat in": ("6", "IMOPENLINES_SESSION", "1", "Y"),
    "chat out": ("6", "IMOPENLINES_SESSION", "2", "Y"),
    "meeting": ("1", "CRM_MEETING", "0", "Y"),
    "meeting planned": ("1", "CRM_MEETING", "0", "N"),
    "task": ("6", "CRM_TASKS_TASK", "0", "Y"),
    "task open": ("3", "TASKS", "0", "N"),
    "message": ("6", "CRM_SMS", "2", "Y"),
}


@dataclass(frozen=True)
class Step:
    """One activity: so many seconds after its record's creation, on the record or on another of the same id."""

    after: int
    kind: str
    owner_type: int | None = None
    starts: bool = True


# The scripts of leads by the rule's number; `jitter` of a lead is added to steps after the first.
SCRIPTS: tuple[tuple[Step, ...], ...] = (
    (Step(HOUR, "meeting planned"), Step(2 * HOUR, "task open")),
    (Step(60, "mail out"), Step(DAY, "mail out")),
    (Step(HOUR, "mail in"), Step(2 * HOUR, "mail in"), Step(2 * HOUR, "chat in"), Step(3 * HOUR, "call out")),
    (Step(HOUR, "call missed"), Step(5 * HOUR, "call taken"), Step(6 * HOUR, "mail out")),
    (Step(HOUR, "call taken"), Step(2 * HOUR, "mail in")),
    (Step(-HOUR, "mail out"), Step(HOUR, "mail in"), Step(26 * HOUR, "chat out"), Step(27 * HOUR, "call out")),
    (Step(13 * HOUR + 3_000, "chat in"), Step(14 * HOUR + 600, "mail in"), Step(14 * HOUR + 1_200, "mail out")),
    (Step(HOUR, "mail in"), Step(2 * HOUR, "mail out", DEAL), Step(3 * HOUR, "call out", CONTACT)),
    (Step(0, "mail out"), Step(HOUR, "mail in"), Step(HOUR, "call missed"), Step(9 * DAY, "call taken")),
    (Step(HOUR, "mail in", starts=False), Step(2 * HOUR, "message"), Step(3 * HOUR, "chat out", starts=False)),
    (Step(HOUR, "mail in"), Step(2 * HOUR, "meeting"), Step(3 * HOUR, "task"), Step(4 * HOUR, "mail out")),
    (
        Step(HOUR, "chat in"),
        Step(HOUR, "chat out"),
        Step(DAY, "mail out"),
        Step(DAY, "chat in"),
        Step(40 * DAY, "task"),
    ),
)
LATE = ((), (Step(DAY + 27_000, "mail in"), Step(DAY + 28_000, "call out")), (Step(DAY + 27_000, "call missed"),))
LATER = (Step(DAY + 27_000, "mail in"), Step(4 * DAY, "mail out"), Step(5 * DAY, "meeting"))


def list_activities(leads: list[Row], pipeline: list[Row], staff: Staff) -> list[Record]:
    """List what crm.activity.list returns: ids grow with time, as on a portal."""
    planned = [*follow_leads(leads, sorted(staff.olist.values())), *follow_deals(pipeline, staff)]
    planned.sort(key=lambda entry: entry[0])
    return [_write_activity(key, *entry) for key, entry in enumerate(planned, start=1)]


Planned = tuple[datetime, int, Step, int, int]


def follow_leads(leads: list[Row], people: list[int]) -> list[Planned]:
    """Follow every third lead by one of the scripts; each step is the next person's."""
    planned = []
    for number, row in enumerate(leads, start=1):
        created, script = at_ten(row["first_contact_date"]), SCRIPTS[number // 3 % len(SCRIPTS)]
        for place, step in enumerate(script if number % 3 == 1 else ()):
            jitter = number * 37 % 600 if step.after >= 2 * HOUR else 0
            at = created + timedelta(seconds=step.after + jitter)
            planned.append((at, number, step, people[(number + place) % len(people)], LEAD))
    return planned


def follow_deals(pipeline: list[Row], staff: Staff) -> list[Planned]:
    """Follow every eighth engaged opportunity: not asked, answered soon, never, or days later."""
    planned = []
    for number, row in enumerate(pipeline, start=1):
        if number % 8 == 0 and row["engage_date"]:
            for step in (*LATE, LATER)[number // 8 % 4]:
                at = at_ten(row["engage_date"]) + timedelta(seconds=step.after + number % 500)
                planned.append((at, number, step, staff.agents[row["sales_agent"]], DEAL))
    return planned


def _write_activity(key: int, at: datetime, owner: int, step: Step, person: int, owner_type: int) -> Record:
    kind, provider, direction, completed = KINDS[step.kind]
    written = write_instant(at)
    # Only a record's second thought is later: START_TIME is what counts, CREATED where there is none.
    start, created = (written, write_instant(at + timedelta(days=3))) if step.starts else (write_blank(key), written)
    return {
        "ID": str(key),
        "TYPE_ID": kind,
        "PROVIDER_ID": provider,
        "DIRECTION": direction,
        "COMPLETED": completed,
        "OWNER_TYPE_ID": str(step.owner_type or owner_type),
        "OWNER_ID": str(owner),
        "RESPONSIBLE_ID": str(person),
        "START_TIME": start,
        "CREATED": created,
        "LAST_UPDATED": write_instant(at + timedelta(days=3)),
        "SUBJECT": step.kind,
    }
