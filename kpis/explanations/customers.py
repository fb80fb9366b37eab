"""The customers behind the churn rate, each with the newest won deal by which he is credited."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crmsync.models import Employee
from kpis.churn import Churn, Customer, find_churn
from kpis.explanations.lookups import find_targets, name_record
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
    """The group's customers at the start of a period, and which of them were lost by its end."""

    scope: Scope
    churn: Churn

    def choose(self, key: str) -> list[Customer]:
        """List the customers that one figure counts, by type and id."""
        group = self.scope.employees
        mine = [who for who, by in self.churn.at_start.items() if group is None or by in group]
        return sorted(who for who in mine if key == AT_START or who in self.churn.lost)

    def tally_all(self) -> dict[str, Tally]:
        """Count both figures."""
        counts = {key: len(self.choose(key)) for key in NAMES}
        return {key: Tally(count, count) for key, count in counts.items()}

    def list_records(self, key: str, *, limit: int, offset: int = 0) -> list[Record]:
        """List a page of the customers that one figure counts."""
        page = self.choose(key)[offset : offset + limit]
        found = find_targets(self.scope.portal, page)
        people = Employee.objects.in_bulk([by for who in page if (by := self.churn.at_start[who])])
        sales = self.find_newest(page)
        return [
            Record(
                row=found.get(who),
                key=who[1],
                day=sales[who].won_on if who in sales else None,
                employee=people.get(self.churn.at_start[who] or 0),
                share=1,
                notes=(self.describe(sales[who]),) if who in sales else (),
            )
            for who in page
        ]

    def describe(self, sale: Sale) -> str:
        """Tell the newest purchase before the period."""
        return _("newest purchase: %(deal)s") % {"deal": name_record(sale.deal, sale.won_on)}

    def find_newest(self, page: list[Customer]) -> Mapping[Customer, Sale]:
        """Find the newest won deal of each customer before the period began."""
        window = timedelta(days=read_options(self.scope.portal).churn_days)
        start = self.scope.period.start
        bought = Sale.objects.filter(portal=self.scope.portal, won_on__gte=start - window, won_on__lt=start)
        same = bought.filter(
            customer_type=OuterRef("customer_type"), customer_external_id=OuterRef("customer_external_id")
        )
        newest = Subquery(same.order_by("-won_at", "-deal__external_id").values("pk")[:1])
        mine = bought.filter(customer_external_id__in=[key for _kind, key in page], pk=newest)
        return {(sale.customer_type or 0, sale.customer_external_id or 0): sale for sale in mine.select_related("deal")}


def find_customers(scope: Scope) -> Customers:
    """Find the customers of a group at the start of a period."""
    return Customers(scope, find_churn(scope.portal, scope.period, employees=scope.employees))
