"""Why a record counts, in a phrase or two: when and how that is known, at which rate, answered by what, after whom.

A page of rows is described by as many queries whatever its length.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Model, OuterRef, Q, Subquery
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from crmsync.models import Activity, Company, Contact, Deal, Lead, Portal, Semantics
from crmsync.touches import COMPANY, CONTACT, DEAL, LEAD
from kpis.explain_amounts import write_elapsed, write_money
from kpis.models import ClientRequest, LeadProgress, MarketingSpend, Sale
from surveys.models import Answer, Invitation

OWNERS: dict[int, Any] = {LEAD: Lead, DEAL: Deal, CONTACT: Contact, COMPANY: Company}
MONEY = ("revenue", "")
CYCLES = ("cycle_seconds", "cycle_deals")
SINCE_LEAD = ("lead_to_won_seconds", "lead_to_won_deals")
COSTS = ("cost", "revenue_with_cost", "deals_with_cost")
Behind = dict[int, Any]
Notes = list[str]


def describe_rows(
    rows: Sequence[Any], behind: Behind, *, source: type[Model], topic: str, portal: Portal
) -> list[Notes]:
    """Describe rows of one source. Shape: a list of phrases per row, in their order."""
    if not rows:
        return []
    if source is Sale:
        return describe_sales(rows, behind, topic, portal)
    if source is LeadProgress:
        return describe_progress(rows, behind, topic, portal)
    owners = find_owners(portal, behind.values()) if source in (Activity, ClientRequest) else {}
    if source is ClientRequest:
        return [describe_request(row, behind.get(row.pk), owners, portal) for row in rows]
    if source is Activity:
        return [describe_activity(row, owners, portal) for row in rows]
    if source is Deal:
        return [describe_deal(row, topic, portal) for row in rows]
    return [describe_other(row, portal) for row in rows]


def describe_deal(deal: Deal, topic: str, portal: Portal) -> Notes:
    """Describe a deal: when it was won or lost and how that is known, its money, who is responsible now."""
    if deal.closed_at is None and deal.closed_on is None:
        return [str(deal.get_semantics_display())]
    won = deal.semantics == Semantics.SUCCESS
    at = {"at": write_moment(deal.closed_at, portal), "source": deal.get_closed_source_display()}
    told = [(_("won %(at)s, known from: %(source)s") if won else _("lost %(at)s, known from: %(source)s")) % at]
    if deal.closed_at is None:
        told = []
    if topic in CYCLES:
        told.append(_("created %(at)s") % {"at": write_moment(deal.created_at, portal)})
    if topic in MONEY and deal.amount is not None and deal.currency not in ("", portal.base_currency):
        text = _("%(amount)s at the rate of the day") if topic else "%(amount)s"
        told.append(text % {"amount": write_money(deal.amount, deal.currency)})
    if deal.responsible_id != deal.credited_to_id:
        told.append(_("responsible now: %(name)s") % {"name": deal.responsible or _("nobody")})
    return told


def describe_activity(activity: Activity, owners: dict[Any, Any], portal: Portal) -> Notes:
    """Describe an activity: its moment, its direction and the record that it hangs on."""
    told = [write_moment(activity.started_at, portal)]
    if activity.direction != Activity.Direction.NONE:
        told.append(str(activity.get_direction_display()))
    if activity.kind in (Activity.Kind.IGNORED, Activity.Kind.UNKNOWN):
        told.append(" ".join(filter(None, (activity.provider, activity.provider_type))))
    return [*filter(None, told), *name_owner(activity.owner_type, activity.owner_external_id, owners)]


def describe_request(
    request: ClientRequest, activity: Activity | None, owners: dict[Any, Any], portal: Portal
) -> Notes:
    """Describe a request: when it was asked, what answered it and after how long."""
    told = [_("asked %(at)s") % {"at": write_moment(request.asked_at, portal)}]
    if request.count > 1:
        told.append(_("messages in a row: %(count)s") % {"count": request.count})
    told += describe_answer(request, portal) or [_("not answered")]
    kind, key = (activity.owner_type, activity.owner_external_id) if activity else (None, None)
    return [*told, *name_owner(kind, key, owners)]


def describe_answer(row: Any, portal: Portal) -> Notes:
    """Describe what answered a request or a lead, and after how long. Empty: nothing when nothing did."""
    if row.response_seconds is None:
        return []
    told = {"after": write_elapsed(row.response_seconds), "by": "", "at": ""}
    text = _("answered after %(after)s")
    if row.answer is not None:
        text = _("answered %(at)s after %(after)s by: %(by)s")
        told |= {"at": write_moment(row.answer.started_at, portal), "by": str(row.answer)}
    working = []
    if row.business_seconds is not None:
        working = [_("working time %(time)s") % {"time": write_elapsed(row.business_seconds)}]
    return [text % told, *working]


def describe_progress(rows: Sequence[Any], behind: Behind, topic: str, portal: Portal) -> list[Notes]:
    """Describe what became of leads: the won deals made from them, or the first answer to each."""
    if topic != "leads_won":
        return [describe_answer(row, portal) for row in rows]
    ids = [lead.external_id for lead in behind.values()]
    deals: dict[int | None, Deal] = {}
    for deal in Deal.objects.won().filter(portal=portal, lead_external_id__in=ids).order_by("-closed_at", "-pk"):
        deals[deal.lead_external_id] = deal
    found = [deals.get(behind[row.pk].external_id) if row.pk in behind else None for row in rows]
    return [[_("won deal: %(deal)s") % {"deal": name_record(deal, deal.closed_on)}] if deal else [] for deal in found]


def describe_sales(rows: Sequence[Sale], behind: Behind, topic: str, portal: Portal) -> list[Notes]:
    """Describe sales as the measure looks at them: their lead, their cost, or their place among the customer's."""
    if topic in SINCE_LEAD:
        leads = find_by_id(Lead, portal, (deal.lead_external_id for deal in behind.values()))
        return [describe_lead(row, behind.get(row.pk), leads, portal) for row in rows]
    if topic in COSTS:
        return [[describe_cost(row, portal)] for row in rows]
    customers = find_customers(portal, rows)
    earlier = find_earlier(portal, rows)
    return [describe_place(row, customers, earlier) for row in rows]


def describe_lead(sale: Sale, deal: Deal | None, leads: dict[int, Any], portal: Portal) -> Notes:
    """Describe the lead that a deal was made from."""
    lead = leads.get(deal.lead_external_id or 0) if deal else None
    if lead is None:
        return []
    told = {"lead": f"{lead} (ID {lead.external_id})", "at": write_moment(lead.created_at, portal)}
    return [_("lead %(lead)s of %(at)s") % told, _("won %(at)s") % {"at": write_moment(sale.won_at, portal)}]


def describe_cost(sale: Sale, portal: Portal) -> str:
    """Tell a sale's revenue and cost."""
    revenue, cost = (write_money(amount, portal.base_currency) for amount in (sale.revenue, sale.cost))
    return _("revenue %(revenue)s, cost %(cost)s") % {"revenue": revenue, "cost": cost}


def describe_place(sale: Sale, customers: dict[Any, Any], earlier: dict[int, Sale]) -> Notes:
    """Tell who bought, and after which earlier purchase."""
    told = [_("no customer")] if sale.customer_type is None else []
    if sale.customer_type is not None:
        customer = customers.get((sale.customer_type, sale.customer_external_id))
        told = [_("customer: %(name)s") % {"name": customer or f"ID {sale.customer_external_id}"}]
    if sale.pk in earlier:
        before = earlier[sale.pk]
        told.append(_("earlier purchase: %(deal)s") % {"deal": name_record(before.deal, before.won_on)})
    return [*told, _("first purchase of the customer")] if sale.is_first else told


def find_earlier(portal: Portal, rows: Iterable[Sale]) -> dict[int, Sale]:
    """Find the purchase before each repeat sale, by the sale's key."""
    bought = Sale.objects.filter(
        Q(won_at__lt=OuterRef("won_at"))
        | Q(won_at=OuterRef("won_at"), deal__external_id__lt=OuterRef("deal__external_id")),
        portal=portal,
        customer_type=OuterRef("customer_type"),
        customer_external_id=OuterRef("customer_external_id"),
    )
    newest = Subquery(bought.order_by("-won_at", "-deal__external_id").values("pk")[:1])
    repeats = Sale.objects.filter(pk__in=[row.pk for row in rows if row.is_repeat])
    before = dict(repeats.annotate(before=newest).values_list("pk", "before"))
    found = Sale.objects.select_related("deal").in_bulk([pk for pk in before.values() if pk is not None])
    return {pk: found[earlier] for pk, earlier in before.items() if earlier in found}


def find_customers(portal: Portal, rows: Iterable[Sale]) -> dict[Any, Any]:
    """Find the companies and contacts that bought, by type and id."""
    return find_targets(portal, {(row.customer_type, row.customer_external_id) for row in rows if row.customer_type})


def find_owners(portal: Portal, activities: Iterable[Any]) -> dict[Any, Any]:
    """Find the records that activities hang on, by type and id."""
    return find_targets(portal, {(row.owner_type, row.owner_external_id) for row in activities})


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


def describe_other(row: Any, portal: Portal) -> Notes:
    """Describe a lead, a cost, an invitation or an answer."""
    if isinstance(row, Lead):
        return [str(row.get_semantics_display())]
    if isinstance(row, Answer):
        return [_("score %(score)s") % {"score": row.score}]
    if isinstance(row, Invitation):
        return [_("sent %(at)s") % {"at": write_moment(row.sent_at, portal)}] if row.sent_at else []
    if isinstance(row, MarketingSpend):
        amount = write_money(row.amount, row.currency or portal.base_currency)
        return [str(row.get_kind_display()), amount, *([row.note] if row.note else [])]
    return []


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
