"""The form of a scheme's version: plain fields and tables of rows, checked as a whole by the scoring itself."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from targets.admin.scheme_fields import (
    BracketRows,
    GateRows,
    KpiField,
    NumberField,
    OwnTierRows,
    TierRows,
)
from targets.admin.scheme_rules import build_draft, list_initial
from targets.models import SchemeVersion
from targets.schemes import Draft, check_rules
from targets.scoring.errors import ScoringError
from targets.scoring.scheme import GatesOn, NoData

NO_DATA = [
    (NoData.REDISTRIBUTE, _("the other KPIs take its weight")),
    (NoData.ZERO, _("scores 0")),
    (NoData.HOLD, _("the scorecard waits for a decision")),
]
GATES_ON = [(GatesOn.ALL, _("base and commission")), (GatesOn.BASE, _("base only"))]


class VersionForm(forms.Form):
    """What a version has once."""

    effective_on = forms.DateField(
        label=_("In force from"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Periods that begin on this day or later; what is closed keeps its version."),
    )
    note = forms.CharField(label=_("What changed"), max_length=255, required=False)
    base = NumberField(label=_("Base amount"), help_text=_("What a full score pays; a member may have his own."))
    currency = forms.CharField(label=_("Currency"), max_length=3)
    maximum = NumberField(label=_("Greatest payout"), required=False, help_text=_("Empty: without a limit."))
    counts = forms.ChoiceField(label=_("What counts"), choices=SchemeVersion.Counts.choices)
    no_data = forms.ChoiceField(label=_("A KPI without data"), choices=NO_DATA)
    prorate_targets = forms.BooleanField(label=_("Targets of sums in proportion to the time worked"), required=False)
    prorate_base = forms.BooleanField(label=_("Base amount in proportion to the time worked"), required=False)
    cap = NumberField(label=_("Cap of a KPI's score"))
    payout_cap = NumberField(label=_("Cap of the share paid, %"), required=False)
    commission_kpi = KpiField(label=_("Commission on"), required=False)
    gates_on = forms.ChoiceField(label=_("Gates act on"), choices=GATES_ON)


# Where the scoring finds a fault, by the heading that stands over it on the page.
PLACES = {
    "scheme.tiers": _("Score of a KPI"),
    "scheme.payout_tiers": _("Share of the base that is paid"),
    "scheme.commission.brackets": _("Commission"),
    "scheme.commission.kpi": _("Commission on"),
    "scheme.base": _("Base amount"),
    "scheme.maximum": _("Greatest payout"),
}


def name_place(problem: str) -> str:
    """Name the place of a fault as the page does; what has no heading keeps its path."""
    place, colon, sentence = problem.partition(": ")
    if place.startswith("scheme.gates"):
        return f"{_('Gates')}: {sentence}"
    return f"{PLACES[place]}{colon}{sentence}" if place in PLACES else problem.removeprefix("scheme: ")


@dataclass(frozen=True, slots=True)
class Whole:
    """The form with its tables."""

    form: VersionForm
    tiers: Any
    own_tiers: Any
    payout_tiers: Any
    brackets: Any
    gates: Any

    @property
    def tables(self) -> list[Any]:
        """All tables of rows."""
        return [self.tiers, self.own_tiers, self.payout_tiers, self.brackets, self.gates]

    def read_draft(self) -> Draft | None:
        """Read the draft of a version. Empty: None where something is wrong, which the form then says."""
        if not all([self.form.is_valid(), *(table.is_valid() for table in self.tables)]):
            return None
        draft = build_draft(
            self.form.cleaned_data,
            tiers=list_rows(self.tiers),
            own_tiers=list_rows(self.own_tiers),
            payout_tiers=list_rows(self.payout_tiers),
            brackets=list_rows(self.brackets),
            gates=list_rows(self.gates),
        )
        try:
            check_rules(draft.rules, draft.line_tables)
        except ScoringError as error:
            self.form.add_error(None, name_place(str(error)))
            return None
        return draft


def show_whole(version: SchemeVersion) -> Whole:
    """Build the form of a stored version, to be read only: without spare rows."""
    whole = build_whole(None, version, currency="")
    whole.form.initial = {**whole.form.initial, "effective_on": version.effective_on, "note": version.note}
    for table in whole.tables:
        table.extra = 0
    for form in (whole.form, *(row for table in whole.tables for row in table)):
        for field in form.fields.values():
            field.disabled = True
    return whole


def build_whole(data: Any, version: SchemeVersion | None, *, currency: str) -> Whole:
    """Build the form, filled in with the newest version, or with the usual rules where there is none."""
    initial = list_initial(version, currency=currency)
    tables: dict[str, Any] = {"tiers": TierRows, "own_tiers": OwnTierRows, "payout_tiers": TierRows}
    tables |= {"brackets": BracketRows, "gates": GateRows}
    rows = {name: kind(data, prefix=name, initial=initial.pop(name)) for name, kind in tables.items()}
    return Whole(VersionForm(data, initial=initial), **rows)


def list_rows(table: Any) -> list[dict[str, Any]]:
    """List the rows that are not empty."""
    return [form.cleaned_data for form in table if form.cleaned_data and not form.is_empty(form.cleaned_data)]
