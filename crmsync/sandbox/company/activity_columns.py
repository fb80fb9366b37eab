"""Shows the activities of the made-up company as crm.activity.list prints them: texts, ids as strings."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from crmsync.sandbox.choices import Choices, Constant, Derived, Serial
from crmsync.sandbox.columns import Array, Column, Instants, Numbers
from crmsync.sandbox.company import names
from crmsync.sandbox.company.activities import KINDS, Activities, Kind
from crmsync.sandbox.company.staff import Staff
from crmsync.sandbox.schema import ACTIVITIES
from crmsync.sandbox.table import Table

FOREVER = "9999-12-31T00:00:00"
LONGEST_SECONDS = 1800


def tabulate_activities(made: Activities, staff: Staff, *, offset: int) -> Table:
    """Show activities as crm.activity.list prints them."""
    length = len(made)
    start = Instants(made.at, offset=offset, ascending=True)
    person = Choices(made.manager, [str(user) for user in staff.ids.tolist()])

    def ends(at: Array) -> Sequence[Any]:
        lasting = Instants((made.at[at] + at % LONGEST_SECONDS).astype(np.int64), offset=offset)
        return lasting.values(np.arange(len(at)))

    def deadlines(at: Array) -> Sequence[Any]:
        moments = start.values(at)
        forever = FOREVER + moments[0][19:] if moments else FOREVER
        endless = [KINDS[kind].endless for kind in made.kind[at].tolist()]
        return [forever if none else moment for none, moment in zip(endless, moments, strict=True)]

    columns: dict[str, Column] = {
        "ID": Serial(length=length, text=True),
        "OWNER_ID": Numbers(made.owner, text=True),
        "OWNER_TYPE_ID": Choices(made.owner_type, ["0", "1", "2", "3", "4"]),
        **dict.fromkeys(("CREATED", "START_TIME"), start),
        "LAST_UPDATED": Instants(made.updated, offset=offset),
        "END_TIME": Derived(ends, length=length),
        "DEADLINE": Derived(deadlines, length=length),
        **dict.fromkeys(("RESPONSIBLE_ID", "AUTHOR_ID", "EDITOR_ID"), person),
        **kind_columns(made),
        "DESCRIPTION": described(made, lambda kind, n: f"{names.comment(n) or kind.subject}"),
        "COMMUNICATIONS": Derived(communications, length=length),
        "NOTIFY_TYPE": Constant("1", length=length),
        "NOTIFY_VALUE": Constant("15", length=length),
    }
    return Table(ACTIVITIES, columns, length=length)


def kind_columns(made: Activities) -> dict[str, Column]:
    """Return what follows from the kind of an activity."""

    def by_kind(show: Callable[[Kind], Any]) -> Choices:
        return Choices(made.kind, [show(kind) for kind in KINDS])

    return {
        "TYPE_ID": by_kind(lambda kind: kind.type_id),
        "PROVIDER_ID": by_kind(lambda kind: kind.provider),
        "PROVIDER_TYPE_ID": by_kind(lambda kind: kind.provider_type),
        "DIRECTION": by_kind(lambda kind: kind.direction),
        "COMPLETED": by_kind(lambda kind: kind.completed),
        "STATUS": by_kind(lambda kind: "2" if kind.completed == "Y" else "1"),
        "DESCRIPTION_TYPE": by_kind(lambda kind: "3" if kind.type_id == "4" else "1"),
        "SUBJECT": by_kind(lambda kind: kind.subject),
    }


def described(made: Activities, text: Callable[[Kind, int], str]) -> Derived:
    """Make a text that depends on the kind and on the number."""

    def values(at: Array) -> Sequence[Any]:
        kinds = (KINDS[kind] for kind in made.kind[at].tolist())
        return [text(kind, number) for kind, number in zip(kinds, (at + 1).tolist(), strict=True)]

    return Derived(values, length=len(made))


def communications(at: Array) -> Sequence[Any]:
    """Return whom an activity reached: private data, shown only when named."""
    return [
        [
            {
                "ID": str(number),
                "TYPE": "PHONE",
                "VALUE": names.phone(number),
                "ENTITY_ID": str(number),
                "ENTITY_TYPE_ID": "3",
                "ENTITY_SETTINGS": {"NAME": names.first_name(number), "LAST_NAME": names.last_name(number)},
            }
        ]
        for number in (at + 1).tolist()
    ]
