"""The customers behind the churn rate, each with the newest won deal by which he is credited."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kpis.churn import Churn, count_churns, select_customers
from kpis.explanations.lookups import find_customers, name_record
from kpis.explanations.records import Record
from kpis.explanations.scope import Scope
from kpis.explanations.selecting import Tally
from kpis.models import Sale
from kpis.options import read_options
from kpis.units import Unit

LOST, AT_START = "customers_lost", "customers_at_start"
NAMES = {
    LOST: gettext_lazy("Customers lost"),
    AT_START: gettext_lazy("Customers at the start of the period"),
}
UNIT = Unit.CUSTOMERS


@dataclass(frozen=True, slots=True)
class Customers:
    """A group's customers at the start of a period, and which of them were lost by its end."""

    scope: Scope
    churn_days: int

    def count(self) -> Churn:
        """Count both figures."""
        [churn] = count_churns(
            self.scope.portal, [self.scope.period], employees=self.scope.employees, churn_days=self.churn_days
        )
        return churn

    def tally_all(self) -> dict[str, Tally]:
        """Tell both figures of the whole group."""
        lost, at_start = self.count()[None]
        return {LOST: Tally(lost, lost), AT_START: Tally(at_start, at_start)}

    def select(self, key: str) -> "QuerySet[Any]":
        """Select the customers that one figure counts, by type and id."""
        sales = select_customers(
            self.scope.portal,
            self.scope.period,
            employees=self.scope.employees,
            churn_days=self.churn_days,
            lost=key == LOST,
        )
        return sales.select_related("deal", "employee").order_by("customer_type", "customer_external_id")

    def list_records(self, key: str, *, limit: int, offset: int = 0) -> list[Record]:
        """List a page of the customers that one figure counts."""
        page = list(self.select(key)[offset : offset + limit])
        found = find_customers(self.scope.portal, page)
        return [
            Record(
                row=found.get((sale.customer_type, sale.customer_external_id)),
                key=sale.customer_external_id,
                day=sale.won_on,
                employee=sale.employee,
                share=1,
                notes=(describe(sale),),
            )
            for sale in page
        ]


def describe(sale: Sale) -> str:
    """Tell the newest purchase before the period."""
    return _("newest purchase: %(deal)s") % {"deal": name_record(sale.deal, sale.won_on)}


def read_customers(scope: Scope) -> Customers:
    """Look at the customers of a group as the portal defines them."""
    return Customers(scope, read_options(scope.portal).churn_days)
