"""Mirror rows for tests, as the synchronisation would have left them."""

from datetime import date, datetime
from decimal import Decimal
from itertools import count
from typing import Any

from crmsync.models import Activity, Deal, Employee, Lead, Portal, Semantics, TouchedDay

NUMBERS = count(1)


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
