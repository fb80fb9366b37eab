"""Why a number is what it is: a KPI of a period and a group, from the very records that it counts.

Stands beside `evaluate`: that one reads the facts, this one the records; when facts follow the mirror both agree.
The rules: docs/algorithms/explain.md.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from crmsync.models import Employee, Portal
from kpis.catalog import BY_KEY, list_streams
from kpis.completeness import find_slowest, read_watermarks
from kpis.earlier_periods import cut, elapsed_days
from kpis.explanations.customers import Customers, read_customers
from kpis.explanations.excluded import Excluded, find_excluded
from kpis.explanations.records import Record, list_records
from kpis.explanations.scope import Scope, ScopeError
from kpis.explanations.selecting import Tally, tally
from kpis.kpi import Beside, Kpi, Result, Sums, Terms, compute
from kpis.measures import BY_KEY as MEASURES
from kpis.options import Choice, read_choice
from kpis.periods import Period
from kpis.results import compute_one, compute_parts, read_parts

PAGE = 50


@dataclass(frozen=True, slots=True)
class Explanation:
    """A value with everything that stands behind it.

    `tallies` are by measure, those of the formula first; `reported` is what reports show, made from the facts.
    """

    scope: Scope
    kpi: Kpi
    numerator: Terms
    result: Result
    reported: Result
    tallies: Mapping[str, Tally]
    excluded: tuple[Excluded, ...]
    through: datetime | None
    in_business_hours: bool
    elapsed: int | None
    customers: Customers | None = field(default=None, repr=False)

    @property
    def formula(self) -> tuple[str, ...]:
        """The keys of the measures in the formula, each once."""
        return list_formula(self.kpi, self.numerator)

    @property
    def sums(self) -> Sums:
        """The sum of each measure."""
        return {key: each.total for key, each in self.tallies.items()}

    @property
    def is_followed(self) -> bool:
        """Whether reports show the same: the facts have followed the records."""
        return self.reported == self.result

    @property
    def beside(self) -> list[tuple[Beside, Result]]:
        """The figures that are shown with the value."""
        return [(figure, compute(figure, self.sums)) for figure in self.kpi.beside]

    def list_records(self, key: str, *, limit: int = PAGE, offset: int = 0) -> list[Record]:
        """List a page of the records that one of the measures counts, by day."""
        if self.customers is not None:
            return self.customers.list_records(key, limit=limit, offset=offset)
        return list_records(MEASURES[key], self.scope, limit=limit, offset=offset)

    def list_excluded(self, key: str, *, limit: int = PAGE, offset: int = 0) -> list[Record]:
        """List a page of the records that one of the exclusions names, by day."""
        found = next(each for each in self.excluded if each.exclusion.key == key)
        return found.list_records(limit=limit, offset=offset)


def explain(
    portal: Portal,
    kpi_key: str,
    period: Period,
    *,
    employee: Employee | None = None,
    employees: Sequence[int] | None = None,
    now: datetime,
) -> Explanation:
    """Explain a KPI of a period for an employee, a group of employees, or everybody with what is nobody's.

    Shape: employees are primary keys. Units: as in `evaluate`, exact. Time: the portal's days, half-open; what does
    not add up ends with today while the period is running.
    Raises: ScopeError for a KPI that does not exist, and for an employee together with a group.
    """
    scope = make_scope(portal, period, employee=employee, employees=employees)
    # Before the records: what comes meanwhile must not be called read.
    marks = read_watermarks(portal)
    choice = read_kpi(portal, kpi_key, is_partial=scope.employees is not None)
    [kpi] = choice.kpis
    days = elapsed_days(period, localdate(now, portal.zone))
    scope = scope if kpi.additive or days is None else replace(scope, period=cut(period, days=days))
    customers = None if kpi.additive else read_customers(scope)
    numerator = choose_numerator(kpi, choice)
    tallies = customers.tally_all() if customers else tally_shown(kpi, numerator, scope)
    sums = {key: each.total for key, each in tallies.items()}
    result = compute_one(kpi, employee.pk if employee else None, sums, choice)
    return Explanation(
        scope=scope,
        kpi=kpi,
        numerator=numerator,
        result=result,
        # What does not add up is no fact: reports compute it from the same rows.
        reported=read_reported(scope, choice) if kpi.additive else result,
        tallies=tallies,
        excluded=find_excluded(scope, list_formula(kpi, numerator)),
        through=find_slowest(marks, list_streams(kpi), now=now),
        in_business_hours=numerator is kpi.business,
        elapsed=days,
        customers=customers,
    )


def make_scope(portal: Portal, period: Period, *, employee: Employee | None, employees: Sequence[int] | None) -> Scope:
    """Say whose records are asked for. Raises: ScopeError for an employee together with a group."""
    if employee is not None and employees is not None:
        raise ScopeError(_("Choose an employee or a department, not both."))
    if employee is not None:
        return Scope(portal, period, (employee.pk,), employee)
    return Scope(portal, period, None if employees is None else tuple(dict.fromkeys(employees)))


def read_kpi(portal: Portal, key: str, *, is_partial: bool) -> Choice:
    """Read the KPI as the portal has set it. Raises: ScopeError for one that does not exist."""
    if key not in BY_KEY:
        raise ScopeError(
            _("There is no KPI “%(key)s”: choose one of %(known)s.") % {"key": key, "known": ", ".join(BY_KEY)}
        )
    return read_choice(portal, keys=(key,), is_partial=is_partial)


def choose_numerator(kpi: Kpi, choice: Choice) -> Terms:
    """Choose the numerator that holds for the portal: in business hours where it has a calendar."""
    return (kpi.business if choice.in_business_hours else None) or kpi.numerator


def list_formula(kpi: Kpi, numerator: Terms) -> tuple[str, ...]:
    """List the keys of the measures in the formula, each once."""
    return tuple(dict.fromkeys([*numerator.measures, *(kpi.denominator.measures if kpi.denominator else ())]))


def tally_shown(kpi: Kpi, numerator: Terms, scope: Scope) -> dict[str, Tally]:
    """Tally each measure that is read or shown, those of the formula first."""
    keys = dict.fromkeys([*numerator.measures, *kpi.shown])
    found = tally([MEASURES[key] for key in keys], scope)
    return {key: found[key] for key in keys}


def read_reported(scope: Scope, choice: Choice) -> Result:
    """Read what reports show: the same formula over the facts."""
    who = scope.employee.pk if scope.employee else None
    [sums] = read_parts(scope.portal, [scope.period], choice, employees=scope.employees)
    [found] = compute_parts(choice, [{who: sums[who]}])
    return next(results[who] for results in found.values())
