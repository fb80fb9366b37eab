"""What an operator may enter about a portal: its webhook, which is only ever written, and its settings."""

from typing import Any

from django import forms
from django.core.validators import BaseValidator, MaxValueValidator, MinValueValidator
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crmsync.admin.portal_rules import check_activity_map, check_custom_fields
from crmsync.bitrix24.credentials import parse_webhook
from crmsync.bitrix24.errors import PortalError
from crmsync.connect import Connected, connect_portal
from crmsync.models import Portal
from crmsync.models.portal import validate_zone

LONGEST_OVERLAP = 24 * 366
LONGEST_PAUSE = 24 * 3600


class WebhookForm(forms.Form):
    """A new webhook for a connected portal; the field never shows what it holds."""

    webhook = forms.CharField(
        label=gettext_lazy("incoming webhook"),
        widget=forms.PasswordInput(attrs={"autocomplete": "off", "size": 80}),
        help_text=gettext_lazy(
            "Its whole address from the portal: https://HOST/rest/USER/CODE/. Stored encrypted and never shown."
        ),
    )

    def __init__(self, *args: Any, portal: Portal | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.portal = portal
        for field in self.fields.values():
            field.label = capfirst(field.label)

    def clean_webhook(self) -> str:
        try:
            webhook = parse_webhook(self.cleaned_data["webhook"])
        except PortalError as error:
            raise forms.ValidationError(str(error)) from None
        if self.portal and webhook.origin != self.portal.origin:
            raise forms.ValidationError(
                _("This webhook belongs to %(other)s; give one of %(own)s, or connect the other portal as a new one.")
                % {"other": webhook.origin, "own": self.portal.origin}
            )
        return webhook.url

    def connect(self) -> Connected | None:
        """Connect the portal, or say on the form why that is not possible."""
        values = self.cleaned_data
        try:
            return connect_portal(values["webhook"], name=values.get("name", ""), time_zone=values.get("time_zone", ""))
        except PortalError as error:
            self.add_error("webhook", str(error))
            return None


class ConnectForm(WebhookForm):
    """A portal to connect."""

    name = forms.CharField(
        label=gettext_lazy("name"), max_length=100, required=False, help_text=gettext_lazy("Empty: its address.")
    )
    time_zone = forms.CharField(
        label=gettext_lazy("business time zone"),
        max_length=64,
        initial="Europe/Moscow",
        validators=[validate_zone],
        help_text=gettext_lazy("Days, months and years are cut in this zone."),
    )


class SettingsForm(forms.ModelForm):
    """The settings of a connected portal."""

    class Meta:
        model = Portal
        fields = (
            "name",
            "time_zone",
            "is_enabled",
            "sync_seconds",
            "night_hour",
            "bucket_capacity",
            "bucket_leak",
            "overlap_hours",
            "custom_fields",
            "activity_map",
        )
        widgets = dict.fromkeys(("custom_fields", "activity_map"), forms.Textarea(attrs={"rows": 4, "cols": 80}))
        error_messages = {
            "custom_fields": {"invalid": gettext_lazy("This is no JSON: check quotes, commas and brackets.")},
            "activity_map": {"invalid": gettext_lazy("This is no JSON: check quotes, commas and brackets.")},
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in {"custom_fields", "activity_map"} & self.fields.keys():
            # Django would compare with what the page was opened with, not with what is stored.
            self.fields[name].show_hidden_initial = False
        # A form without its fields is what Django shows to whoever may only look.
        limits: dict[str, list[BaseValidator]] = {
            "sync_seconds": [MaxValueValidator(LONGEST_PAUSE)],
            "bucket_capacity": [MinValueValidator(1)],
            "bucket_leak": [MinValueValidator(0)],
            "overlap_hours": [MaxValueValidator(LONGEST_OVERLAP)],
        }
        for name in limits.keys() & self.fields.keys():
            self.fields[name].validators.extend(limits[name])

    def clean_custom_fields(self) -> dict[str, list[str]]:
        return check_custom_fields(self.cleaned_data["custom_fields"] or {})

    def clean_activity_map(self) -> list[list[Any]]:
        return check_activity_map(self.cleaned_data["activity_map"] or [])
