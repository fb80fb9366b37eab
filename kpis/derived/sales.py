"""Sales: each won deal's place among its customer's purchases, its lead's time and its cost.

A sale is at home with its customer, one without customer with its deal: a customer's deals are always ranked together.
"""

from collections.abc import Callable, Collection, Iterable
from datetime import date

from django.db.models import Q

from crmsync.models import Portal
from crmsync.touches import COMPANY, CONTACT, DEAL, LEAD, Cell
from kpis.derived.costs import Costs, find_costs
from kpis.derived.deals import Customer, WonDeal, read_deals
from kpis.derived.differences import Rows, Table, write
from kpis.derived.objects import Objects, list_objects
from kpis.models import KpiOptions, Sale

TABLE = Table(
    Sale,
    (
        "deal_id",
        "employee_id",
        "won_at",
        "won_on",
        "customer_type",
        "customer_external_id",
        "next_on",
        "is_first",
        "is_repeat",
        "revenue",
        "lead_seconds",
        "cost",
    ),
    dated="won_on",
    instant="won_at",
)
LINKS = {CONTACT: "contact_external_id", COMPANY: "company_external_id"}
Home = Callable[[WonDeal], bool]


def compute_sales(deals: Collection[WonDeal], costs: Costs) -> Rows:
    """Compute the sales that these deals are, in the shape of the table; all deals of a customer must be among them."""
    order = sorted(deals, key=lambda deal: (deal.won_at, deal.external_id))
    nexts, seen = find_nexts(order), set[Customer]()
    rows: Rows = {}
    for deal in order:
        customer = deal.customer
        is_repeat = customer in seen
        if customer:
            seen.add(customer)
        places = (*(customer or (None, None)), nexts.get(deal.key))
        firsts = (customer is not None and not is_repeat, is_repeat)
        since = count_since(deal)
        rows[deal.key] = (
            *(deal.key, deal.employee, deal.won_at, deal.won_on),
            *(*places, *firsts, deal.revenue, since, costs.get(deal.key)),
        )
    return rows


def find_nexts(order: Iterable[WonDeal]) -> dict[int, date]:
    """Find on which day the customer of each deal bought next, by the deal's key. Shape: deals in their order."""
    newest: dict[Customer, int] = {}
    nexts: dict[int, date] = {}
    for deal in order:
        if deal.customer:
            if deal.customer in newest:
                nexts[newest[deal.customer]] = deal.won_on
            newest[deal.customer] = deal.key
    return nexts


def count_since(deal: WonDeal) -> int | None:
    """Count the seconds from the lead's creation. Empty: None without a lead, or when it is younger than the deal."""
    if deal.lead_created_at is None or deal.lead_created_at > deal.won_at:
        return None
    return deal.won_at - deal.lead_created_at


def write_sales(portal: Portal, deals: Iterable[WonDeal], stored: Rows, *, home: Q, options: KpiOptions) -> set[Cell]:
    """Compute the sales of these deals and make the stored ones the same."""
    chosen = list(deals)
    return write(TABLE, compute_sales(chosen, find_costs(portal, chosen, options)), stored, home=home, portal=portal)


def derive_ranged(portal: Portal, objects: Objects, *, options: KpiOptions) -> None:
    """Derive the sales that are at home with a range of customers, or of deals."""
    if objects.owner_type == DEAL:
        where = objects.among("external_id") & Q(contact_external_id=None)
        home = objects.among("deal__external_id") & Q(customer_type=None)
    else:
        where = objects.among(LINKS[objects.owner_type])
        home = objects.among("customer_external_id") & Q(customer_type=objects.owner_type)
    kind = None if objects.owner_type == DEAL else objects.owner_type
    found = read_deals(portal, [where], with_fields=needs_fields(options)).values()
    at_home = [deal for deal in found if (deal.customer[0] if deal.customer else None) == kind]
    write_sales(portal, at_home, TABLE.read(home, portal=portal), home=home, options=options)


def derive_touched(portal: Portal, touched: Collection[Objects], *, options: KpiOptions) -> set[Cell]:
    """Derive the sales around touched records: their deals, and every purchase of the customers these have or had.

    Returns the cells of the rows that differ.
    """
    fields = needs_fields(options)
    near = read_deals(portal, name_deals(touched), with_fields=fields)
    stored = read_stored(portal, [find_sales(objects) for objects in touched if objects.owner_type == DEAL])
    stored |= TABLE.read_keys(list(near.keys() - stored.keys()), portal=portal)
    customers = find_customers(touched, near.values(), stored)
    known = list(list_objects(customers))
    theirs = read_deals(portal, [of.among(LINKS[of.owner_type]) for of in known], with_fields=fields)
    deals = {key: deal for key, deal in (near | theirs).items() if key in near or deal.customer in customers}
    stored |= read_stored(portal, [find_sales(of) for of in known])
    stored |= TABLE.read_keys(list(deals.keys() - stored.keys()), portal=portal)
    return write_sales(portal, deals.values(), stored, home=Q(), options=options)


def name_deals(touched: Iterable[Objects]) -> list[Q]:
    """Build the conditions of the deals whose own sale may differ: touched, of touched leads, of touched companies.

    A touched company may have become a legal entity of the portal's own, or ceased to be one.
    """
    columns = {LEAD: "lead_external_id", DEAL: "external_id", COMPANY: "company_external_id"}
    return [objects.among(columns[objects.owner_type]) for objects in touched if objects.owner_type in columns]


def find_sales(objects: Objects) -> Q:
    """Build the condition of the stored sales of these deals or customers."""
    if objects.owner_type == DEAL:
        return objects.among("deal__external_id")
    return Q(customer_type=objects.owner_type) & objects.among("customer_external_id")


def read_stored(portal: Portal, wheres: Iterable[Q]) -> Rows:
    """Read the stored sales that satisfy any of the conditions."""
    return {key: row for where in wheres for key, row in TABLE.read(where, portal=portal).items()}


def find_customers(touched: Iterable[Objects], deals: Iterable[WonDeal], stored: Rows) -> set[Customer]:
    """Find the customers that were touched, and those that these deals have and had."""
    at = TABLE.columns.index("customer_type")
    known = [objects for objects in touched if objects.owner_type in LINKS]
    told = {(objects.owner_type, key) for objects in known for key in objects.ids or ()}
    have = {deal.customer for deal in deals if deal.customer}
    return told | have | {(row[at], row[at + 1]) for row in stored.values() if row[at]}


def needs_fields(options: KpiOptions) -> bool:
    """Say whether deals must be read with their custom fields."""
    return options.cost_source == KpiOptions.CostSource.FIELD
