"""Fields of the form of a scheme's version: numbers as people write them, rows that may stay empty."""

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kpis.catalog import CATALOG
from targets.errors import PlanError
from targets.numbers import make_writer, read_decimal
from targets.scoring.scheme import Bound

SPARE_ROWS = 3


class NumberField(forms.CharField):
    """A number as people write it: 50 000,5 and 50,000.5 alike."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})

    def prepare_value(self, value: Any) -> Any:
        return make_writer().write_plain(value) if isinstance(value, Decimal) else value

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        try:
            return read_decimal(text, point=None)
        except PlanError as error:
            raise ValidationError(str(error)) from error


class KpiField(forms.ChoiceField):
    """A KPI that an employee can have."""

    def __init__(self, **options: Any) -> None:
        super().__init__(choices=list_kpis, **options)


def list_kpis() -> list[tuple[str, str]]:
    """List the KPIs that an employee can have, with an empty choice."""
    return [("", "—"), *((kpi.key, str(kpi.name)) for kpi in CATALOG if not kpi.team_only)]


class RowForm(forms.Form):
    """A row of a table: wholly empty, or with all that it needs."""

    needed: tuple[str, ...] = ()

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if self.is_empty(values):
            return values
        for name in self.needed:
            if values.get(name) in (None, "") and name not in self.errors:
                self.add_error(name, _("Fill in the whole row, or empty it."))
        return values

    def is_empty(self, values: dict[str, Any]) -> bool:
        """Say whether nothing was entered that matters."""
        return not self.errors and all(values.get(name) in (None, "") for name in self.needed)


class TierForm(RowForm):
    needed: tuple[str, ...] = ("start", "score", "slope")
    start = NumberField(label=gettext_lazy("from, %"), required=False)
    score = NumberField(label=gettext_lazy("score there"), required=False)
    slope = NumberField(label=gettext_lazy("more for each percent"), required=False)


class OwnTierForm(TierForm):
    needed = ("kpi", *TierForm.needed)
    field_order = ("kpi", "start", "score", "slope", "cap")
    kpi = KpiField(label="KPI", required=False)
    cap = NumberField(label=gettext_lazy("cap of this KPI"), required=False)


class BracketForm(RowForm):
    needed = ("start", "rate")
    start = NumberField(label=gettext_lazy("from amount"), required=False)
    rate = NumberField(label=gettext_lazy("rate, %"), required=False)


class GateForm(RowForm):
    needed = ("kpi", "below", "multiplier")
    kpi = KpiField(label="KPI", required=False)
    below = NumberField(label=gettext_lazy("below"), required=False)
    multiplier = NumberField(label=gettext_lazy("multiplies by"), required=False)
    min_sample = forms.IntegerField(label=gettext_lazy("least sample"), min_value=0, required=False)
    bound = forms.ChoiceField(
        label=gettext_lazy("what is compared"),
        choices=[(Bound.POINT, gettext_lazy("the value")), (Bound.LOWER, gettext_lazy("lower end of the interval"))],
        required=False,
    )


TierRows = forms.formset_factory(TierForm, extra=SPARE_ROWS)
OwnTierRows = forms.formset_factory(OwnTierForm, extra=SPARE_ROWS)
BracketRows = forms.formset_factory(BracketForm, extra=SPARE_ROWS)
GateRows = forms.formset_factory(GateForm, extra=SPARE_ROWS)
