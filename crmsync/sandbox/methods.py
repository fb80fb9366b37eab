"""The methods this portal knows: the scope each needs and what answers it; also the probes about the portal itself."""

from crmsync.sandbox import catalog, classic, items, notes, writes
from crmsync.sandbox.calls import Answer, Call, Handler
from crmsync.sandbox.instants import format_utc
from crmsync.sandbox.params import read_param

BATCH = "batch"
USER_SCOPES = frozenset({"user", "user_basic"})
CRM = frozenset({"crm"})
CATALOG = frozenset({"catalog"})
OPEN: frozenset[str] = frozenset()


def show_profile(call: Call) -> Answer:
    """Answer profile, the cheapest ping; of a user who was dismissed it tells nothing."""
    user = call.store.get("users", call.credential.user_id) or {}
    if user.get("ACTIVE") is False:
        return Answer([])
    return Answer(
        {
            "ID": str(call.credential.user_id),
            "ADMIN": True,
            "NAME": user.get("NAME", ""),
            "LAST_NAME": user.get("LAST_NAME", ""),
            "PERSONAL_GENDER": "",
            "TIME_ZONE": user.get("TIME_ZONE", ""),
        }
    )


def list_scopes(call: Call) -> Answer:
    """Answer scope with what the webhook was given."""
    return Answer(list(call.credential.scopes))


def show_time(call: Call) -> Answer:
    """Answer server.time, in UTC."""
    return Answer(format_utc(call.store.clock()))


def check_method(call: Call) -> Answer:
    """Answer method.get: whether a method exists and whether this webhook may call it."""
    name = str(read_param(call.params, "name", "")).lower()
    exists = name in METHODS or name == BATCH
    available = exists and is_allowed(name, call.credential.scopes)
    return Answer({"isExisting": exists, "isAvailable": available})


def is_allowed(method: str, scopes: tuple[str, ...]) -> bool:
    """Tell whether any of the scopes opens a method."""
    needed = METHODS[method][0] if method in METHODS else OPEN
    return not needed or not needed.isdisjoint(scopes)


METHODS: dict[str, tuple[frozenset[str], Handler]] = {
    "profile": (OPEN, show_profile),
    "scope": (OPEN, list_scopes),
    "server.time": (OPEN, show_time),
    "method.get": (OPEN, check_method),
    "user.get": (USER_SCOPES, classic.list_users),
    "user.current": (USER_SCOPES, classic.show_current_user),
    "department.get": (frozenset({"department"}), classic.list_departments),
    "crm.status.list": (CRM, classic.list_statuses),
    "crm.category.list": (CRM, classic.list_categories),
    "crm.currency.list": (CRM, classic.list_currencies),
    "crm.currency.base.get": (CRM, classic.show_base_currency),
    "crm.stagehistory.list": (CRM, classic.list_stage_history),
    "crm.activity.list": (CRM, classic.list_activities),
    "crm.deal.userfield.list": (CRM, classic.list_deal_fields),
    "crm.item.list": (CRM, items.list_items),
    "crm.item.get": (CRM, items.get_item),
    "crm.item.fields": (CRM, items.describe_items),
    "crm.item.productrow.list": (CRM, items.list_product_rows),
    "catalog.catalog.list": (CATALOG, catalog.list_catalogs),
    "catalog.product.list": (CATALOG, catalog.list_products),
    "crm.item.update": (CRM, writes.update_item),
    "crm.lead.update": (CRM, writes.update_classic("leads")),
    "crm.deal.update": (CRM, writes.update_classic("deals")),
    "crm.contact.update": (CRM, writes.update_classic("contacts")),
    "crm.company.update": (CRM, writes.update_classic("companies")),
    "crm.timeline.comment.add": (CRM, notes.add_comment),
    "crm.timeline.comment.list": (CRM, notes.list_comments),
    "crm.activity.todo.add": (CRM, notes.add_todo),
    "im.notify.personal.add": (frozenset({"im"}), notes.notify),
}
