"""Mirror rows for tests, as the synchronisation would have left them."""

from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import count
from typing import Any

from crmsync.models import Activity, Deal, Employee, Lead, Portal, Semantics, Tombstone, TouchedDay

NUMBERS = count(1)
MISSED_AT, GONE_AT = (datetime(2026, 4, day, 2, tzinfo=UTC) for day in (1, 2))


def add_lead(portal: Portal, on: date | None, by: Employee | None, **fields: Any) -> Lead:
    return Lead.objects.create(portal=portal, external_id=next(NUMBERS), created_on=on, responsible=by, **fields)


def add_deal(portal: Portal, on: date | None, by: Employee | None, **fields: Any) -> Deal:
    return Deal.objects.create(portal=portal, external_id=next(NUMBERS), created_on=on, responsible=by, **fields)


def win_deal(portal: Portal, on: date, by: Employee | None, amount: str | None, **fields: Any) -> Deal:
    base = None if amount is None else Decimal(amount)
    won = {"semantics": Semantics.SUCCESS, "closed_on": on, "credited_to": by, "amount_base": base}
    return add_deal(portal, fields.pop("created_on", on), by, **(won | fields))


def win_deal_at(portal: Portal, at: datetime, by: Employee, amount: str) -> Deal:
    """Win a deal at an instant; its business day is the portal's own."""
    return win_deal(portal, at.astimezone(portal.zone).date(), by, amount, closed_at=at)


def add_activity(
    portal: Portal, on: date | None, by: Employee | None, kind: str, direction: int = 0, **fields: Any
) -> Activity:
    return Activity.objects.create(
        portal=portal,
        external_id=next(NUMBERS),
        started_on=on,
        responsible=by,
        kind=kind,
        direction=direction,
        **fields,
    )


def send_email(portal: Portal, on: date, by: Employee | None) -> Activity:
    return add_activity(portal, on, by, Activity.Kind.EMAIL, Activity.Direction.OUTGOING)


def touch(portal: Portal, day: date | None, by: Employee | None = None) -> TouchedDay:
    return TouchedDay.objects.create(portal=portal, employee=by, day=day)


def bury(record: Lead | Deal | Activity, **state: Any) -> Tombstone:
    """Take a record for deleted, as the sweep does; `state` changes what its tombstone says."""
    moments = {"missed_at": MISSED_AT, "last_missed_at": GONE_AT, "deleted_at": GONE_AT} | state
    record.deleted_at = None if moments.get("restored_at") else moments["deleted_at"]
    record.save()
    stream = {Lead: "leads", Deal: "deals", Activity: "activities"}[type(record)]
    told = {"row_id": record.pk, "external_id": str(record.external_id), "name": str(record)}
    return Tombstone.objects.create(portal=record.portal, stream=stream, **told, **moments)
