"""Why a sale counts: its lead, its cost, or its place among the purchases of its customer."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import OuterRef, Q, Subquery
from django.utils.translation import gettext as _

from crmsync.models import Deal, Lead, Portal
from kpis.explanations.amounts import write_money
from kpis.explanations.lookups import Behind, Notes, find_by_id, find_customers, name_record, write_moment
from kpis.models import Sale

SINCE_LEAD = ("lead_to_won_seconds", "lead_to_won_deals")


COSTS = ("cost", "revenue_with_cost", "deals_with_cost")


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
