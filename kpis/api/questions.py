"""What the API is asked with: every address's parameters; nothing is read past them."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from kpis.api.errors import refuse
from kpis.api.fields import KpiField, count_rows, name_id, name_period, skip_rows
from kpis.periods import EVERY

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
