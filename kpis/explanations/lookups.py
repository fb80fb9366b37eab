"""Records that stand around an explained one, found a page at a time, and how they are named."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.timezone import localtime

from crmsync.models import Company, Contact, Deal, Lead, Portal
from crmsync.touches import COMPANY, CONTACT, DEAL, LEAD
from kpis.models import Sale

Behind = dict[int, Any]
Notes = list[str]

OWNERS: dict[int, Any] = {LEAD: Lead, DEAL: Deal, CONTACT: Contact, COMPANY: Company}


def find_owners(portal: Portal, activities: Iterable[Any]) -> dict[Any, Any]:
    """Find the records that activities hang on, by type and id."""
    return find_targets(portal, {(row.owner_type, row.owner_external_id) for row in activities})


def find_customers(portal: Portal, rows: Iterable[Sale]) -> dict[Any, Any]:
    """Find the companies and contacts that bought, by type and id."""
    return find_targets(portal, {(row.customer_type, row.customer_external_id) for row in rows if row.customer_type})


def find_targets(portal: Portal, wanted: Iterable[tuple[Any, Any]]) -> dict[Any, Any]:
    """Find records by type and id, one query a type."""
    found: dict[Any, Any] = {}
    for kind, model in OWNERS.items():
        ids = {key for owner, key in wanted if owner == kind}
        found |= {(kind, key): row for key, row in find_by_id(model, portal, ids).items()}
    return found


def find_by_id(model: Any, portal: Portal, ids: Iterable[int | None]) -> dict[int, Any]:
    """Find mirrored records by their CRM ids."""
    wanted = {key for key in ids if key is not None}
    if not wanted:
        return {}
    return {row.external_id: row for row in model.objects.filter(portal=portal, external_id__in=wanted)}


def name_owner(kind: int | None, key: int | None, owners: dict[Any, Any]) -> Notes:
    """Name the record that an activity hangs on. Empty: nothing when it hangs on none."""
    if kind is None or key is None:
        return []
    owner = owners.get((kind, key))
    if owner is None:
        return [f"ID {key}"]
    return [f"{owner._meta.verbose_name} {owner} (ID {key})"]


def name_record(row: Any, day: Any) -> str:
    """Name a record with its ID and a day."""
    return ", ".join(
        filter(None, (f"{row} (ID {row.external_id})", date_format(day, "SHORT_DATE_FORMAT") if day else ""))
    )


def write_moment(at: datetime | None, portal: Portal) -> str:
    """Write an instant in the portal's zone. Empty: an empty text."""
    return date_format(localtime(at, portal.zone), "SHORT_DATETIME_FORMAT") if at else ""
