"""One valid row of each table of the mirror, with a hostile name wherever a name fits."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from crmsync.models import (
    Activity,
    Company,
    Contact,
    CreditChange,
    Currency,
    CurrencyRate,
    Deal,
    DealProduct,
    Department,
    Employee,
    Lead,
    Pipeline,
    Portal,
    Product,
    Proof,
    Quarantine,
    Slot,
    Source,
    Stage,
    StageChange,
    StreamState,
    SyncRun,
)

HOSTILE = "<script>alert(1)</script>"
NOON = datetime(2026, 3, 2, 9, tzinfo=UTC)
DAY = date(2026, 3, 2)
SOLD: dict[str, Any] = {"title": HOSTILE, "stage_external_id": "NEW", "source_external_id": "WEB", "created_on": DAY}
CLOSED: dict[str, Any] = {"semantics": "S", "closed_at": NOON, "closed_on": DAY, "planned_close_on": DAY}
VALUED: dict[str, Any] = {"amount": Decimal(1000), "amount_base": Decimal(1000), "cycle_seconds": 86_400}
FIELDS: dict[type, dict[str, Any]] = {
    Department: {"name": HOSTILE, "parent_external_id": 1, "head_external_id": 1},
    Employee: {"last_name": HOSTILE, "first_name": "Ева", "position": HOSTILE},
    Pipeline: {"name": HOSTILE},
    Stage: {"name": HOSTILE, "entity": 2},
    Source: {"name": HOSTILE},
    StageChange: {"entity": 2, "owner_external_id": 1, "stage_external_id": "NEW", "changed_at": NOON},
    Currency: {"name": HOSTILE, "rate": Decimal("90.5")},
    CurrencyRate: {"rated_on": DAY, "rate": Decimal("90.5")},
    Company: {"title": HOSTILE, "email": HOSTILE, "custom_fields": {"UF_CRM_NOTE": HOSTILE}},
    Contact: {"last_name": HOSTILE, "company_external_id": 1},
    Lead: {**SOLD, "company_external_id": 1},
    Deal: {**SOLD, **CLOSED, **VALUED, "company_external_id": 1, "lead_external_id": 1, "created_at": NOON},
    DealProduct: {"deal_external_id": 1, "product_name": HOSTILE, "price": Decimal("9.9"), "quantity": Decimal(2)},
    Product: {"name": HOSTILE, "purchase_price": Decimal("6.3"), "purchase_currency": "USD"},
    Activity: {"kind": "email", "provider": HOSTILE, "started_at": NOON, "owner_type": 2, "owner_external_id": 1},
    SyncRun: {"started_at": NOON, "seen_at": NOON, "error": HOSTILE},
    StreamState: {"error": HOSTILE, "watermark_at": NOON},
    Proof: {"started_at": NOON, "error": HOSTILE, "outcome": "failed"},
    Slot: {"job": "sync", "done_at": NOON},
    CreditChange: {"entity": 2, "field": "responsible", "before": HOSTILE, "after": "1", "changed_by_external_id": 1},
    Quarantine: {"stream": "deals", "reason": HOSTILE, "payload": {"title": HOSTILE}}
    | dict.fromkeys(("first_seen_at", "last_seen_at"), NOON),
}
MIRRORED = tuple(FIELDS)


def make_row(model: type[Any], portal: Portal, number: int = 1, **fields: Any) -> Any:
    """Create a row of a table; `number` makes it distinct."""
    values = {**FIELDS[model], **fields}
    if model is CurrencyRate:
        values |= {"currency": f"C{number:02}"}
    elif model is StreamState:
        values |= {"stream": f"stream {number}"}
    elif model is Currency:
        values |= {"external_id": f"C{number:02}"}
    elif model is Slot:
        values |= {"due_at": NOON - timedelta(minutes=number)}
    elif model not in (SyncRun, Proof):
        values |= {"external_id": values.get("external_id", number)}
    return model.objects.create(portal=portal, **values)


def fill_tables(portal: Portal) -> dict[type, Any]:
    """Create a row of every table."""
    return {model: make_row(model, portal) for model in MIRRORED}
