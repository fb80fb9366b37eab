"""Mirror rows that belong together, as derivations meet them, and what was derived as plain values."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from crmsync.deals import touch as touch_days
from crmsync.deals import touch_records
from crmsync.models import Activity, Company, Deal, Employee, Lead, Portal, Semantics
from crmsync.touches import find_cells, find_records
from kpis.models import ClientRequest, LeadProgress, Sale
from tests.kpis.mirror import NUMBERS, add_activity, add_deal, add_lead

# Ten in the morning of 2 March, Moscow time.
TEN = datetime(2026, 3, 2, 7, tzinfo=UTC)
DERIVED = (Sale, LeadProgress, ClientRequest)
Record = Lead | Deal | Activity | Company


def minutes(number: int) -> datetime:
    """An instant so many minutes after ten."""
    return TEN + timedelta(minutes=number)


def days(number: int) -> datetime:
    """Ten o'clock so many days later."""
    return TEN + timedelta(days=number)


def find_day(portal: Portal, at: datetime | None) -> Any:
    return at.astimezone(portal.zone).date() if at else None


def receive_lead(portal: Portal, at: datetime | None, by: Employee | None = None, **fields: Any) -> Lead:
    return add_lead(portal, fields.pop("on", find_day(portal, at)), by, created_at=at, **fields)


def sell(portal: Portal, at: datetime, by: Employee | None = None, **fields: Any) -> Deal:
    """Win a deal for 100; `company`, `contact` and `lead` are ids of the CRM."""
    links = {f"{name}_external_id": fields.pop(name, None) for name in ("company", "contact", "lead")}
    won = {"semantics": Semantics.SUCCESS, "closed_at": at, "closed_on": find_day(portal, at), "credited_to": by}
    return add_deal(portal, find_day(portal, at), by, **({"amount_base": Decimal(100)} | won | links | fields))


def talk(
    portal: Portal, role: str, at: datetime | None, by: Employee | None, owner: tuple[int, int], **fields: Any
) -> Activity:
    """Add an activity on a record; "email in", "email out", "call in" and so on, "call missed" for nobody took it."""
    kind, way = role.split()
    direction = Activity.Direction.OUTGOING if way == "out" else Activity.Direction.INCOMING
    told = {"owner_type": owner[0], "owner_external_id": owner[1], "started_at": at, "is_completed": way == "in"}
    return add_activity(portal, find_day(portal, at), by, kind, direction, **(told | fields))


def add_company(portal: Portal, *, is_own: bool = False) -> Company:
    return Company.objects.create(portal=portal, external_id=next(NUMBERS), is_own=is_own)


def read_derived(portal: Portal) -> list[list[tuple[Any, ...]]]:
    """Read every derived row of the portal."""
    return [sorted(model.objects.filter(portal=portal).values_list(), key=repr) for model in DERIVED]


def find_columns(record: Record) -> dict[str, Any]:
    return {field.attname: getattr(record, field.attname) for field in record._meta.concrete_fields}


def note(portal: Portal, pairs: Iterable[tuple[str, dict[str, Any] | None, dict[str, Any] | None]]) -> None:
    """Touch what changes touch, by the rules of the synchronisation. Shape: table, columns before and after."""
    for table, *sides in pairs:
        before, after = (row if row and not row["deleted_at"] else None for row in sides)
        touch_days(portal, find_cells(table, before, after))
        touch_records(portal, find_records(table, before, after))


def change(record: Record, **fields: Any) -> None:
    """Change a record as the synchronisation does, with what that touches."""
    before = find_columns(type(record)._default_manager.get(pk=record.pk))
    for name, value in fields.items():
        setattr(record, name, value)
    record.save()
    note(record.portal, [(record._meta.model_name or "", before, find_columns(record))])


def bring(record: Record) -> None:
    """Touch what the arrival of a record touches."""
    note(record.portal, [(record._meta.model_name or "", None, find_columns(record))])
