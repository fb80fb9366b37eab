"""What the derivations read of the mirror: instants as whole seconds, and the activities that ask or answer."""

from typing import Any

import pandas as pd
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import BigIntegerField, Case, F, Func, Q, Value, When
from django.db.models.functions import Coalesce
from django.db.models.sql.compiler import SQLCompiler

from crmsync.models import Activity, Portal
from kpis.derived.objects import Objects
from kpis.derived.pairing import NOBODY, Role

COLUMNS = ["owner_type", "owner", "at", "external_id", "activity", "employee", "role", "asked_on"]
KINDS = (Activity.Kind.EMAIL, Activity.Kind.CALL, Activity.Kind.CHAT)
DIRECTIONS = (Activity.Direction.INCOMING, Activity.Direction.OUTGOING)
# An incoming call that nobody took is not completed.
ROLE = Case(
    When(direction=Activity.Direction.OUTGOING, then=Value(Role.SENT.value)),
    When(Q(kind=Activity.Kind.CALL, is_completed=True), then=Value(Role.TAKEN.value)),
    default=Value(Role.OPENS.value),
)


class Epoch(Func):
    """An instant as whole seconds since 1970; driver and ORM make no object of it."""

    output_field = BigIntegerField()
    template = "CAST(FLOOR(EXTRACT(EPOCH FROM %(expressions)s)) AS bigint)"

    def as_sqlite(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **_: Any
    ) -> tuple[str, tuple[Any, ...]]:
        return self.as_sql(compiler, connection, template="CAST(strftime('%%%%s', %(expressions)s) AS INTEGER)")


def read_activities(portal: Portal, objects: Objects) -> pd.DataFrame:
    """Read the activities on these records that open or answer requests, as `pairing` takes them.

    Empty: a frame without rows; an activity without a moment takes no part.
    """
    asked = Activity.objects.live().filter(objects.owning(), portal=portal, kind__in=KINDS, direction__in=DIRECTIONS)
    rows = (
        asked.filter(started_at__isnull=False, started_on__isnull=False)
        .annotate(at=Epoch("started_at"), employee=Coalesce("responsible_id", NOBODY), role=ROLE)
        .values_list("owner_type", "owner_external_id", "at", "external_id", "pk", "employee", "role", F("started_on"))
    )
    return make_frame(list(rows), COLUMNS)


def make_frame(rows: list[tuple[Any, ...]], columns: list[str]) -> pd.DataFrame:
    """Make a frame of rows; whole numbers also where there is none, for sums and comparisons to work."""
    frame = pd.DataFrame.from_records(rows, columns=columns)
    return frame if rows else frame.astype("int64")
