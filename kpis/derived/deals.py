"""Won deals as sales need them: read with what they link to, each with its customer."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import Exists, JSONField, OuterRef, Q, Subquery, Value

from crmsync.models import Company, Deal, Lead, Portal
from crmsync.touches import COMPANY, CONTACT
from kpis.derived.reading import Epoch

# A kind of customer and his id in the CRM.
Customer = tuple[int, int]


class WonDeal(NamedTuple):
    """A won deal that counts. Units: instants in seconds since 1970."""

    key: int
    external_id: int
    won_at: int
    won_on: date
    employee: int | None
    company: int | None
    contact: int | None
    is_own: bool
    lead_created_at: int | None
    revenue: Decimal | None
    custom_fields: Any

    @property
    def customer(self) -> Customer | None:
        """The company, unless it is the portal's own legal entity; otherwise the contact. Empty: None."""
        if self.company and not self.is_own:
            return COMPANY, self.company
        return (CONTACT, self.contact) if self.contact else None


def read_deals(portal: Portal, wheres: Iterable[Q], *, with_fields: bool) -> dict[int, WonDeal]:
    """Read the won deals that satisfy any of the conditions, by key; custom fields only where they are needed."""
    own = Company.objects.filter(portal=portal, external_id=OuterRef("company_external_id"), is_own=True)
    lead = Lead.objects.live().filter(portal=portal, external_id=OuterRef("lead_external_id"))
    found: dict[int, WonDeal] = {}
    for where in wheres:
        won = Deal.objects.won().filter(where, portal=portal, closed_at__isnull=False, closed_on__isnull=False)
        rows = won.values_list(
            "pk",
            "external_id",
            Epoch("closed_at"),
            "closed_on",
            "credited_to",
            "company_external_id",
            "contact_external_id",
            Exists(own),
            Subquery(lead.values(at=Epoch("created_at"))[:1]),
            "amount_base",
            "custom_fields" if with_fields else Value(None, JSONField()),
        )
        found |= {row[0]: WonDeal(*row) for row in rows.iterator()}
    return found
