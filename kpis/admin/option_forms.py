"""What a portal's definitions leave open, and what is refused with which sentence."""

from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from crmsync.models import Portal
from kpis.models import KpiOptions
from kpis.options import OPTIONS

# Under this key a portal names the custom fields of its deals.
DEALS = "deal"


class OptionsForm(forms.ModelForm):
    """The options of a portal, with the fingerprint of what the page was opened with."""

    fingerprint = forms.CharField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = KpiOptions
        fields = OPTIONS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.label = capfirst(str(field.label))
        self.copied = list_copied(self.instance.portal)
        self.fields["cost_field"] = forms.ChoiceField(
            label=self.fields["cost_field"].label,
            required=False,
            choices=list_choices(self.copied, kept=self.instance.cost_field),
            help_text=_("One of the custom fields of deals that are copied: they are named on the portal's page."),
        )

    def clean(self) -> None:
        super().clean()
        if self.cleaned_data.get("cost_source") != KpiOptions.CostSource.FIELD:
            # A field that nothing is read from would only look as if it were.
            self.cleaned_data["cost_field"] = ""
        elif "cost_field" not in self.errors and self.cleaned_data["cost_field"] not in self.copied:
            self.add_error("cost_field", self.refuse_field())

    def refuse_field(self) -> str:
        """Say what to do about a field that cannot tell the cost."""
        name = self.cleaned_data["cost_field"]
        if not self.copied:
            return _("No custom field of deals is copied yet: name the field with the cost on the portal's page first.")
        if name:
            return _("“%(field)s” is not copied any more: choose another field.") % {"field": name}
        return _("Choose the field with the cost of a deal.")


def list_copied(portal: Portal) -> list[str]:
    """List the custom fields of deals that a portal's mirror has."""
    tables = portal.custom_fields
    names = tables.get(DEALS, []) if isinstance(tables, dict) else []
    return [str(name) for name in names]


def list_choices(copied: list[str], *, kept: str) -> list[tuple[str, str]]:
    """List the fields to choose from; a stored one stays, although it may not be copied any more."""
    lost = [kept] if kept and kept not in copied else []
    names = [(name, name) for name in copied]
    return [("", "—"), *names, *((name, _("%(field)s (not copied any more)") % {"field": name}) for name in lost)]
