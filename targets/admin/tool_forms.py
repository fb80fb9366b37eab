"""What the tools of a grid are asked with; their fields stand in the grid's own form, so nothing typed is lost."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kpis.earlier_periods import previous
from kpis.periods import Period, PeriodError, parse_period
from targets.actuals import is_cumulative
from targets.grids import Grid


class ToolForm(forms.Form):
    """Fields of a tool; all belong to the form of the grid."""

    def __init__(self, data: Any, *, grid: Grid, form: str) -> None:
        super().__init__(data, prefix=type(self).__name__.removesuffix("Form").lower())
        self.build(grid)
        for field in self.fields.values():
            field.widget.attrs["form"] = form
            field.widget.use_required_attribute = lambda _initial: False

    def build(self, grid: Grid) -> None:
        """Fit the fields to a grid."""

    def tell_errors(self) -> str:
        """Tell all errors in one line."""
        return " ".join(str(error) for errors in self.errors.values() for error in errors)


class CopyForm(ToolForm):
    """Copies from a period."""

    period = forms.CharField(label=_("from the period"), max_length=10)
    percent = forms.DecimalField(label=_("sums ± %"), required=False, localize=True, max_digits=6, decimal_places=2)
    what = forms.ChoiceField(label=_("what"), choices=[("targets", _("targets")), ("results", _("results"))])

    def build(self, grid: Grid) -> None:
        self.fields["period"].initial = previous(grid.plan.period).key

    def clean_period(self) -> Period:
        try:
            return parse_period(self.cleaned_data["period"])
        except PeriodError as error:
            raise forms.ValidationError(str(error)) from error


class ShareForm(ToolForm):
    """Shares a team's total out."""

    WAYS = (("history", _("by their share of the last periods")), ("equal", _("equal")), ("targets", _("by targets")))
    kpi = forms.ChoiceField(label="KPI")
    total = forms.CharField(label=_("total of the team"), max_length=30)
    way = forms.ChoiceField(label=_("how"), choices=WAYS)

    def build(self, grid: Grid) -> None:
        sums = [(kpi.key, kpi.name) for kpi in grid.kpis if is_cumulative(kpi)]
        self.fields["kpi"] = forms.ChoiceField(label="KPI", choices=sums)
        self.fields["total"].widget.attrs["inputmode"] = "decimal"


class SuggestForm(ToolForm):
    """Suggests targets from the past."""

    WAYS = (("value", _("median of the last 6")), ("grown", _("with growth")))
    CELLS = (("empty", _("empty cells")), ("all", _("all cells")))
    way = forms.ChoiceField(label=_("what"), choices=WAYS)
    cells = forms.ChoiceField(label=_("where"), choices=CELLS)


FORMS: dict[str, type[ToolForm]] = {"copy": CopyForm, "share": ShareForm, "suggest": SuggestForm, "fill": ToolForm}
TITLES = {
    "copy": _("Copy from a period"),
    "share": _("Share a total out"),
    "suggest": _("Suggest from history"),
    "fill": _("Fill down"),
}
