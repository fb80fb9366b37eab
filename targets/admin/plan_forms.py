"""Forms of plans: a new one for a department or chosen people, and who is in one."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crmsync.access import Sight, visible_to
from crmsync.models import Department, Employee, Portal
from kpis.periods import Period, PeriodError, parse_period
from targets.models import PlanMember, Scheme, SeasonalProfile, TargetPlan
from targets.plans import list_people


def list_visible(portal: Portal, sight: Sight) -> "QuerySet[Employee]":
    """List the active people of a portal whom a user sees, by name."""
    people = Employee.objects.live().filter(portal=portal, is_active=True)
    return visible_to(sight, people).order_by("last_name", "first_name", "pk")


def people_field(label: Any, people: Any) -> forms.ModelMultipleChoiceField:
    """Make a field of people to tick."""
    return forms.ModelMultipleChoiceField(people, label=label, required=False, widget=forms.CheckboxSelectMultiple)


class PlanForm(forms.Form):
    """A new plan; whom the user does not see he cannot choose, with a department as little as by name."""

    period = forms.CharField(
        label=gettext_lazy("Period"),
        max_length=10,
        help_text=gettext_lazy("A month 2026-10, a quarter 2026-Q4, a year 2026."),
    )
    name = forms.CharField(label=gettext_lazy("Name"), max_length=150)
    scheme = forms.ModelChoiceField(Scheme.objects.none(), label=gettext_lazy("Bonus scheme"))
    department = forms.ModelChoiceField(
        Department.objects.none(),
        label=gettext_lazy("Department"),
        required=False,
        help_text=gettext_lazy("With all departments below it; or choose people."),
    )

    def __init__(self, data: Any, *, portal: Portal, sight: Sight, period: str) -> None:
        super().__init__(data, initial={"period": period})
        self.portal, self.sight = portal, sight
        people = list_visible(portal, sight)
        departments = Department.objects.live().filter(portal=portal, employees__in=people.order_by())
        fields: Any = self.fields
        fields["department"].queryset = departments.distinct().order_by("name", "pk")
        fields["scheme"].queryset = Scheme.objects.filter(portal=portal).order_by("name")
        fields["people"] = people_field(gettext_lazy("People"), people)

    def clean_period(self) -> Period:
        try:
            return parse_period(self.cleaned_data["period"])
        except PeriodError as error:
            raise forms.ValidationError(str(error)) from error

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        department, chosen = values.get("department"), list(values.get("people") or ())
        if bool(department) == bool(chosen):
            raise forms.ValidationError(_("Choose a department or people, one of the two."))
        people = chosen or list_people(self.portal, department)
        if not people or not all(self.sight.sees(each.pk) for each in people):
            raise forms.ValidationError(_("The department has nobody whom you may plan for: choose people."))
        return values | {"people": people}


class PeopleForm(forms.Form):
    """Who comes into a plan and who leaves it."""

    def __init__(self, data: Any, *, plan: TargetPlan, sight: Sight) -> None:
        super().__init__(data)
        planned = PlanMember.objects.filter(period_key=plan.period_key, plan__portal=plan.portal_id)
        free = list_visible(plan.portal, sight).exclude(pk__in=planned.values("employee"))
        members = plan.members.select_related("employee").order_by("employee__last_name", "employee__first_name", "pk")
        self.fields["remove"] = people_field(gettext_lazy("Take out, with their targets"), members)
        self.fields["remove"].label_from_instance = lambda member: str(member.employee)  # type: ignore[attr-defined]
        self.fields["add"] = people_field(gettext_lazy("Add"), free)
        if not free.exists():
            self.fields["add"].help_text = _("Everybody whom you see has a plan for this period already.")


class MonthsForm(forms.Form):
    """By which profile a year is spread."""

    profile = forms.ModelChoiceField(
        SeasonalProfile.objects.none(),
        label=gettext_lazy("Seasonal profile"),
        help_text=gettext_lazy("Sums follow it and sum to the year; shares, means and times are copied."),
    )

    def __init__(self, data: Any, *, plan: TargetPlan) -> None:
        super().__init__(data)
        fields: Any = self.fields
        fields["profile"].queryset = SeasonalProfile.objects.filter(portal=plan.portal_id).order_by("name")
