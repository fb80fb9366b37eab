"""What the API is asked with: every parameter with its description, bounds and refusals; nothing is read past them."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from kpis.api.errors import refuse
from kpis.catalog import BY_KEY
from kpis.periods import EVERY, Period, PeriodError, parse_period

# The largest ID that both databases hold.
LARGEST = 2**63 - 1
MOST_ROWS, MOST_RECORDS = 1000, 200


class Query(serializers.Serializer):
    """The parameters of an address; one that is not declared is refused, for it would silently change nothing."""

    def to_internal_value(self, data: Any) -> Any:
        unknown = sorted(set(data) - set(self.fields))
        if unknown:
            text = _("There is no parameter “%(name)s”: use %(known)s.")
            told = text % {"name": unknown[0], "known": ", ".join(self.fields)}
            raise refuse("unknown_parameter", told, parameter=unknown[0])
        return super().to_internal_value(data)


@extend_schema_field(
    {"type": "string", "pattern": "^[0-9]{4}(-(Q[1-4]|W[0-9]{2}|[0-9]{2}(-[0-9]{2})?))?$", "example": "2026-10"}
)
class PeriodField(serializers.Field):
    """The name of a period."""

    def to_internal_value(self, data: Any) -> Period:
        try:
            return parse_period(data)
        except PeriodError as error:
            raise serializers.ValidationError(str(error), code="wrong_period") from error


class KpiField(serializers.ChoiceField):
    """The key of a KPI."""

    def __init__(self, **options: Any) -> None:
        super().__init__(choices=[(key, key) for key in BY_KEY], **options)

    def to_internal_value(self, data: Any) -> str:
        if data not in BY_KEY:
            text = _("There is no KPI “%(key)s”: choose one of %(known)s.")
            raise serializers.ValidationError(text % {"key": data, "known": ", ".join(BY_KEY)}, code="unknown_kpi")
        return str(data)


def name_id(text: str, **options: Any) -> serializers.IntegerField:
    """Declare a parameter that names a record by its ID."""
    return serializers.IntegerField(
        min_value=0, max_value=LARGEST, required=False, default=None, help_text=text, **options
    )


def name_period() -> PeriodField:
    """Declare the parameter that names a period."""
    return PeriodField(
        help_text="A year `2026`, quarter `2026-Q3`, month `2026-10`, ISO week `2026-W41` or day `2026-10-05`, in the "
        "portal's business time zone; half-open: from the first day up to, and without, the first day after it.",
    )


def count_rows(default: int, most: int, text: str = "How many rows a page has.") -> serializers.IntegerField:
    """Declare the size of a page."""
    return serializers.IntegerField(min_value=1, max_value=most, required=False, default=default, help_text=text)


def skip_rows(text: str = "How many rows lie before the page.") -> serializers.IntegerField:
    """Declare where a page begins."""
    return serializers.IntegerField(min_value=0, max_value=10**9, required=False, default=0, help_text=text)


class PortalQuery(Query):
    """Which portal is meant."""

    portal = name_id("The portal's number; may be left out by who sees only one. See `employees/me/`.")


class CatalogueQuery(PortalQuery):
    """A page of a portal's KPIs."""

    limit = count_rows(100, MOST_ROWS)
    offset = skip_rows()


class GroupQuery(PortalQuery):
    """Whose numbers of which period are asked for."""

    period = name_period()
    employee = name_id("Only this employee, by the ID in the CRM; whom you do not see is not found.")
    department = name_id(
        "Only this department and those below it, by the ID in the CRM; it is found when you see everybody in it."
    )

    def validate(self, asked: Any) -> Any:
        if asked["employee"] is not None and asked["department"] is not None:
            text = _("Choose an employee or a department, not both.")
            raise refuse("employee_or_department", text, parameter="department")
        return asked


class ValuesQuery(GroupQuery):
    """KPIs of a period."""

    every = serializers.ChoiceField(
        choices=EVERY,
        required=False,
        default=None,
        help_text="Cut the period into parts; one that crosses an edge of the period is cut to it.",
    )
    by = serializers.ChoiceField(
        choices=("employee", "team", "both"),
        required=False,
        default="both",
        help_text="A row for each employee, one for the team (`employee` is null), or both. The team is everybody who "
        "is asked for and whom you see; with `employee` it has no row of its own unless it is asked for.",
    )
    kpi = serializers.ListField(
        child=KpiField(),
        required=False,
        default=None,
        help_text="Only these KPIs, on or off; repeat the parameter for several. Otherwise all that are on.",
    )
    compare = serializers.BooleanField(
        default=False,
        help_text="Add to each value the earlier periods, the norm and where the value stands, the interval, the "
        "figures beside it and the months before. Not together with `every`.",
    )
    limit = count_rows(100, MOST_ROWS)
    offset = skip_rows()

    def validate(self, asked: Any) -> Any:
        if asked["compare"] and asked["every"]:
            text = _("A comparison is of a whole period: leave out “every”.")
            raise refuse("compare_or_every", text, parameter="every")
        return super().validate(asked)


class ExplanationQuery(GroupQuery):
    """A KPI with the records behind it."""

    kpi = KpiField(help_text="The key of the KPI.")
    limit = count_rows(20, MOST_RECORDS, "How many records each list has.")
    offset = skip_rows("How many records lie before, in each list.")


class EmployeesQuery(PortalQuery):
    """A page of employees."""

    department = name_id("Only those who sit in this very department, by its ID in the CRM.")
    is_active = serializers.BooleanField(
        allow_null=True, required=False, default=None, help_text="Only those who work there, or only those who left."
    )
    search = serializers.CharField(
        max_length=100, required=False, default="", help_text="Words that the name, or the ID in the CRM, holds."
    )
    limit = count_rows(100, MOST_ROWS)
    offset = skip_rows()
