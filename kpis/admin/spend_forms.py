"""What may be entered about costs: one cost by hand, or a file with many."""

from typing import Any, ClassVar

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import MaxValueValidator
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crmsync.models import Portal, Source
from kpis.models import MarketingSpend
from kpis.spend.cells import MOST, STEP
from kpis.spend.columns import CODE
from kpis.spend.costs import Choices
from kpis.spend.files import MEGABYTE, MOST_BYTES

Options = list[tuple[str, Any]]


def list_sources(portal: Portal | None, *, kept: str = "") -> Options:
    """List the sources to choose from, of all portals in groups unless one is given; a stored unknown code stays."""
    rows = Source.objects.filter(deleted_at=None).order_by("portal", "name")
    rows = rows.filter(portal=portal) if portal else rows.select_related("portal")
    groups: dict[str, list[tuple[str, str]]] = {}
    for row in rows:
        groups.setdefault("" if portal else str(row.portal), []).append((row.external_id, row.name))
    known = groups.get("", []) if portal else list(groups.items())
    if kept and not any(row.external_id == kept for row in rows):
        known = [*known, (kept, kept)]
    return [("", _("without a source")), *known]


def check_currency(text: str) -> str:
    """Refuse what is no currency's code."""
    if text and not CODE.fullmatch(text.casefold()):
        raise forms.ValidationError(_("Write the currency's code of three letters, such as RUB."))
    return text.upper()


def check_source(portal: Portal, code: str, *, kept: str = "") -> None:
    """Refuse a source of another portal."""
    if code and code != kept and not Source.objects.filter(portal=portal, external_id=code).exists():
        raise forms.ValidationError({"source_external_id": _("This source is not one of the chosen portal's.")})


class SpendForm(forms.ModelForm):
    """One cost."""

    source_external_id = forms.ChoiceField(label=gettext_lazy("source"), required=False)

    class Meta:
        model = MarketingSpend
        fields = ("portal", "day", "source_external_id", "campaign", "kind", "amount", "currency", "note")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "amount" not in self.fields:
            # Whoever may only look gets a form without its fields.
            return
        stored = self.instance if self.instance.pk else None
        portal = stored.portal if stored else find_only_portal()
        kept = stored.source_external_id if stored else ""
        self.fields["source_external_id"].choices = list_sources(portal, kept=kept)  # type: ignore[attr-defined]
        for name, label in (("source_external_id", _("source")), ("note", _("remark"))):
            self.fields[name].label = capfirst(label)
        self.fields["amount"].validators.append(MaxValueValidator(MOST - STEP))
        if portal and "portal" in self.fields:
            self.fields["portal"].initial = portal.pk

    def clean_currency(self) -> str:
        return check_currency(self.cleaned_data["currency"])

    def clean_campaign(self) -> str:
        return self.cleaned_data["campaign"].strip()

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        portal = values.get("portal") or (self.instance.portal if self.instance.pk else None)
        if portal:
            kept = self.instance.source_external_id if self.instance.pk else ""
            check_source(portal, values.get("source_external_id", ""), kept=kept)
        return values


class ImportForm(forms.Form):
    """A file with costs, and what holds for its lines that do not say it themselves."""

    CAMPAIGNS: ClassVar[Options] = [
        ("name", gettext_lazy("by name")),
        ("number", gettext_lazy("by number, as utm_campaign={campaign_id} has it")),
    ]
    portal = forms.ModelChoiceField(Portal.objects.none(), label=gettext_lazy("portal"), empty_label=None)
    file = forms.FileField(
        label=gettext_lazy("file"),
        help_text=gettext_lazy("CSV or XLSX: the example file filled in, or an ad system's own report by days."),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx"}),
    )
    source_external_id = forms.ChoiceField(
        label=gettext_lazy("source"),
        required=False,
        help_text=gettext_lazy("For lines that name none, as ad systems' reports do."),
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("kind"), choices=MarketingSpend.Kind.choices, help_text=gettext_lazy("For lines without it.")
    )
    currency = forms.CharField(
        label=gettext_lazy("currency"),
        required=False,
        max_length=3,
        help_text=gettext_lazy("For lines without it. Empty: the base currency."),
    )
    campaign_by = forms.ChoiceField(
        label=gettext_lazy("campaigns"),
        choices=CAMPAIGNS,
        help_text=gettext_lazy("As the UTM marks of your leads and deals name them."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        portals = Portal.objects.defer("webhook_url").order_by("pk")
        self.fields["portal"].queryset = portals  # type: ignore[attr-defined]
        self.fields["source_external_id"].choices = list_sources(find_only_portal())  # type: ignore[attr-defined]
        if len(portals) == 1:
            self.fields["portal"].widget = forms.HiddenInput()
            self.fields["portal"].initial = portals[0].pk
        for field in self.fields.values():
            field.label = capfirst(str(field.label))

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > MOST_BYTES:
            message = _("The file is larger than %(size)d MB: split it by months.")
            raise forms.ValidationError(message % {"size": MOST_BYTES // MEGABYTE})
        return file

    def clean_currency(self) -> str:
        return check_currency(self.cleaned_data["currency"])

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        if values.get("portal"):
            check_source(values["portal"], values.get("source_external_id", ""))
        return values

    @property
    def choices(self) -> Choices:
        """What was chosen for lines that do not say it themselves."""
        values = self.cleaned_data
        return Choices(values["source_external_id"], values["kind"], values["currency"], values["campaign_by"])


def find_only_portal() -> Portal | None:
    """Find the portal where there is just one. *Empty*: None where there are none or several."""
    portals = list(Portal.objects.defer("webhook_url").order_by("pk")[:2])
    return portals[0] if len(portals) == 1 else None
