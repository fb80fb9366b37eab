"""A small company as the portal's REST methods would return it, and what its mirror must then hold."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from html import unescape
from typing import Any

from crmsync.models import Activity, Company, Contact, Deal, DealProduct, Employee, Lead, Portal, Product, StageChange
from crmsync.sandbox.store import Store

NOON = datetime.fromisoformat("2026-03-02T12:00:00+03:00")
ALICE, BOB, CAROL = 1, 2, 3


def stamp(days: float) -> str:
    """Write an instant some days after noon of day zero, in the portal's offset."""
    return (NOON + timedelta(days=days)).isoformat()


def make_deal(key: int, **fields: Any) -> dict[str, Any]:
    """Make an open deal of Bob's or Carol's, created on its own day."""
    known = {
        "id": key,
        "title": f"Сделка {key}",
        "assignedById": (BOB, CAROL)[key % 2],
        "createdTime": stamp(key % 20),
        "updatedTime": stamp(key % 20),
        "movedTime": stamp(key % 20),
        "stageId": "NEW",
        "stageSemanticId": "P",
        "opportunity": 1000 + key,
        "currencyId": "RUB",
    }
    return known | fields


def make_won_deal(key: int, *, days: float = 25, **fields: Any) -> dict[str, Any]:
    """Make a won deal; its history is the caller's business."""
    won = {"stageId": "WON", "stageSemanticId": "S", "movedTime": stamp(days), "updatedTime": stamp(days)}
    return make_deal(key, **won | fields)


def make_activity(key: int, **fields: Any) -> dict[str, Any]:
    """Make an outgoing e-mail of Bob's or Carol's."""
    known = {
        "ID": str(key),
        "TYPE_ID": "4",
        "PROVIDER_ID": "CRM_EMAIL",
        "DIRECTION": "2",
        "RESPONSIBLE_ID": str((BOB, CAROL)[key % 2]),
        "CREATED": stamp(key % 20),
        "START_TIME": stamp(key % 20),
        "LAST_UPDATED": stamp(key % 20),
        "OWNER_TYPE_ID": "2",
        "OWNER_ID": str(key),
    }
    return known | fields


def make_product(key: int, **fields: Any) -> dict[str, Any]:
    """Make a product, or from the fourth on a variation, that costs us seven roubles."""
    known = {"id": key, "iblockId": 14 if key < 4 else 15, "name": f"Насос {key}", "purchasingPrice": 7}
    return known | {"purchasingCurrency": "RUB"} | fields


def make_store(*, deals: int = 130, leads: int = 60, activities: int = 120, **settings: Any) -> Store:
    """Make a company with a page boundary in every big collection."""
    people = [(ALICE, "Алиса"), (BOB, "Борис"), (CAROL, "Карина")]
    records: dict[str, list[dict[str, Any]]] = {
        "departments": [{"ID": "1", "NAME": "Продажи", "UF_HEAD": "1"}],
        "users": [{"ID": str(key), "NAME": name, "ACTIVE": True, "UF_DEPARTMENT": [1]} for key, name in people],
        "leads": [make_deal(key, stageId="NEW", title=f"Лид {key}") for key in range(1, leads + 1)],
        "deals": [make_won_deal(key) if key % 3 == 0 else make_deal(key) for key in range(1, deals + 1)],
        "productrows": [
            {
                "id": key,
                "ownerId": key,
                "ownerType": "D",
                "productId": 7,
                "productName": "Насос",
                "price": 10,
                "quantity": 2,
            }
            for key in range(1, deals + 1, 2)
        ],
        "products": [make_product(key) for key in range(1, 8)],
        "activities": [make_activity(key) for key in range(1, activities + 1)],
    }
    return Store.from_records(records, **settings)


def differences(store: Store, portal: Portal) -> list[str]:
    """Compare the mirror with the portal, id by id and field by field. *Empty*: they are equal."""
    found: list[str] = []
    for collection, (mirror, read_theirs, read_ours) in COMPARED.items():
        theirs = dict(read_theirs(store.get(collection, key)) for key in store.collections[collection])
        ours = dict(
            read_ours(row)
            for row in mirror.objects.filter(portal=portal, deleted_at=None).select_related(*RELATED.get(mirror, ()))
        )
        if mirror in (DealMoves, LeadMoves):
            # The portal forgets history; the mirror must not.
            ours = {key: told for key, told in ours.items() if key in theirs}
        found += [
            f"{collection} {key}: {theirs.get(key)} / {ours.get(key)}"
            for key in {*theirs, *ours}
            if theirs.get(key) != ours.get(key)
        ]
    return found


RELATED: dict[Any, tuple[str, ...]] = {Deal: ("responsible",), Lead: ("responsible",), Activity: ("responsible",)}


def instant(raw: Any) -> datetime | None:
    """Read an instant the plain way."""
    return datetime.fromisoformat(raw).astimezone(UTC) if raw else None


def their_sold(raw: Any) -> tuple[int, tuple]:
    """Pick what is compared of a lead or deal on the portal."""
    values = (
        unescape(raw["title"]),
        raw["stageId"],
        raw["stageSemanticId"],
        int(raw["assignedById"] or 0),
        instant(raw["updatedTime"]),
    )
    return int(raw["id"]), values


def our_sold(row: Any) -> tuple[int, tuple]:
    """Pick the same of its mirror."""
    who = row.responsible.external_id if row.responsible else 0
    return row.external_id, (row.title, row.stage_external_id, row.semantics, who, row.modified_at)


def their_deal(raw: Any) -> tuple[int, tuple]:
    """Pick what is compared of a deal, its amount included."""
    key, values = their_sold(raw)
    return key, (*values, Decimal(str(raw["opportunity"])))


def our_deal(row: Deal) -> tuple[int, tuple]:
    """Pick the same of its mirror."""
    key, values = our_sold(row)
    return key, (*values, row.amount)


def their_activity(raw: Any) -> tuple[int, tuple]:
    """Pick what is compared of an activity."""
    return int(raw["ID"]), (int(raw["RESPONSIBLE_ID"]), int(raw["DIRECTION"]), instant(raw["START_TIME"]))


def our_activity(row: Activity) -> tuple[int, tuple]:
    """Pick the same of its mirror."""
    return row.external_id, (row.responsible.external_id if row.responsible else 0, row.direction, row.started_at)


def their_row(raw: Any) -> tuple[int, tuple]:
    """Pick what is compared of a product line."""
    return int(raw["id"]), (int(raw["ownerId"]), Decimal(str(raw["price"])), Decimal(str(raw["quantity"])))


def our_row(row: DealProduct) -> tuple[int, tuple]:
    """Pick the same of its mirror."""
    return row.external_id, (row.deal_external_id, row.price, row.quantity)


def their_move(raw: Any) -> tuple[int, tuple]:
    """Pick what is compared of a stage change."""
    stage = raw.get("STAGE_ID") or raw.get("STATUS_ID")
    return int(raw["ID"]), (int(raw["OWNER_ID"]), stage, instant(raw["CREATED_TIME"]))


def our_move(row: StageChange) -> tuple[int, tuple]:
    """Pick the same of its mirror."""
    return row.external_id, (row.owner_external_id, row.stage_external_id, row.changed_at)


class DealMoves:
    """The stage changes of deals only: leads number theirs apart."""

    objects = StageChange.objects.filter(entity=2)


class LeadMoves:
    """The stage changes of leads only."""

    objects = StageChange.objects.filter(entity=1)


def their_customer(raw: Any) -> tuple[int, tuple]:
    """Pick what is compared of a company or contact on the portal."""
    names = [unescape(str(raw.get(name) or "")) for name in ("title", "name", "lastName")]
    return int(raw["id"]), (*filter(None, names), instant(raw["updatedTime"]))


def our_customer(row: Company | Contact) -> tuple[int, tuple]:
    """Pick the same of its mirror."""
    names = [row.title] if isinstance(row, Company) else [row.first_name, row.last_name]
    return row.external_id, (*filter(None, names), row.modified_at)


def their_product(raw: Any) -> tuple[int, tuple]:
    """Pick what is compared of a product."""
    price = raw["purchasingPrice"]
    return int(raw["id"]), (
        raw["name"],
        None if price is None else Decimal(str(price)),
        raw["purchasingCurrency"] or "",
    )


def our_product(row: Product) -> tuple[int, tuple]:
    """Pick the same of its mirror."""
    return row.external_id, (row.name, row.purchase_price, row.purchase_currency)


COMPARED: dict[str, tuple[Any, Any, Any]] = {
    "leads": (Lead, their_sold, our_sold),
    "deals": (Deal, their_deal, our_deal),
    "activities": (Activity, their_activity, our_activity),
    "productrows": (DealProduct, their_row, our_row),
    "stagehistory_deals": (DealMoves, their_move, our_move),
    "stagehistory_leads": (LeadMoves, their_move, our_move),
    "companies": (Company, their_customer, our_customer),
    "contacts": (Contact, their_customer, our_customer),
    "products": (Product, their_product, our_product),
}


def find_deal(portal: Portal, key: int) -> Deal:
    """Find a mirrored deal."""
    return Deal.objects.select_related("responsible", "credited_to").get(portal=portal, external_id=key)


def employee_ids(portal: Portal) -> dict[int, int]:
    """Map employees' CRM ids to their rows."""
    return dict(Employee.objects.filter(portal=portal).values_list("external_id", "pk"))


def days_of(cells: Iterable[tuple[int | None, date | None]]) -> set[date | None]:
    """Pick the days of touched cells."""
    return {day for _, day in cells}
