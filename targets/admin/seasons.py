"""The admin of seasonal profiles: twelve shares of a year."""

from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils.dates import MONTHS
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from targets.models import SeasonalProfile
from targets.models.seasons import SHARES
from targets.numbers import make_writer


class SeasonForm(forms.ModelForm):
    """A profile; what its shares lack or have too much is told."""

    class Meta:
        model = SeasonalProfile
        fields = ("portal", "name", *SHARES)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number, name in enumerate(SHARES, 1):
            if name in self.fields:
                self.fields[name] = forms.DecimalField(
                    label=MONTHS[number], min_value=Decimal(0), max_digits=9, decimal_places=6, localize=True
                )

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        whole = sum((values[name] for name in SHARES if values.get(name) is not None), Decimal(0))
        if all(name in values for name in SHARES) and whole != 100:
            text = _("The twelve shares sum to %(sum)s and must sum to exactly 100.")
            raise forms.ValidationError(text % {"sum": make_writer().write_plain(whole)})
        return values


@admin.register(SeasonalProfile)
class SeasonAdmin(admin.ModelAdmin):
    form = SeasonForm
    list_display = ("name", "portal")
    ordering = ("portal", "name")
    fieldsets = (
        (None, {"fields": ("portal", "name")}),
        (gettext_lazy("Shares of the year in percent"), {"fields": [SHARES[at : at + 2] for at in range(0, 12, 2)]}),
    )
    actions = None

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        context = {"title": capfirst(self.opts.verbose_name_plural), **(extra_context or {})}
        return super().changelist_view(request, context)
