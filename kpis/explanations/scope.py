"""What an explanation is about: the days of a period, and whose records."""

from dataclasses import dataclass
from typing import Any

from django.db.models import DateTimeField, Model, Q

from crmsync.models import Employee, Portal
from kpis.periods import Period, bounds
from kpis.scans import in_days


class ScopeError(ValueError):
    """Nothing that could be explained is meant; the text is a translated sentence that says what to choose."""


@dataclass(frozen=True, slots=True)
class Scope:
    """A portal's days and employees; without employees everybody's records and nobody's.

    `employee` is set when one person is asked about, who then is the only one of `employees`.
    """

    portal: Portal
    period: Period
    employees: tuple[int, ...] | None = None
    employee: Employee | None = None

    @property
    def is_group(self) -> bool:
        """Whether several people are meant, but not everybody."""
        return self.employees is not None and self.employee is None

    def in_time(self, model: type[Model], column: str) -> Q:
        """Build the condition that a day, or an instant, lies in the period."""
        field: Any = model._meta.get_field(column)
        if not isinstance(field, DateTimeField):
            return in_days(column, (self.period.start, self.period.end))
        start, end = bounds(self.period, self.portal.zone)
        return Q(**{f"{column}__gte": start, f"{column}__lt": end})

    def of_group(self, column: str | None) -> Q:
        """Build the condition that a record counts for the group; what counts for nobody counts for no group."""
        if self.employees is None:
            return Q()
        return Q(**{f"{column}__in": self.employees}) if column else Q(pk__in=[])

    def beyond_group(self, column: str) -> Q:
        """Build the condition that a record counts for somebody else, or for nobody; for everybody there is none."""
        if self.employees is None:
            return Q(pk__in=[])
        return ~Q(**{f"{column}__in": self.employees}) | Q(**{f"{column}__isnull": True})
