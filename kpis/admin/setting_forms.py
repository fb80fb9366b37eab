"""What may be chosen for a KPI: whether it is on, and by which norm it is judged; what is refused says what to do."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crmsync.models import Portal
from kpis.catalog import CATALOG
from kpis.kpi import Kpi
from kpis.models import KpiSetting
from kpis.options import SETTINGS
from kpis.render.catalog_tables import write_unit
from kpis.render.catalog_texts import write_level, write_norm
from kpis.units import Direction

WHOLE = Decimal(100)


class LevelField(forms.DecimalField):
    """One end of a norm; empty leaves it open."""

    def __init__(self) -> None:
        messages = {
            "invalid": gettext_lazy("Write a number, such as 15 or 2.5."),
            "min_value": gettext_lazy("A norm cannot be negative: write a number from 0."),
        }
        super().__init__(
            required=False, min_value=0, max_digits=20, decimal_places=4, localize=True, error_messages=messages
        )
        self.widget.attrs |= {"inputmode": "decimal", "autocomplete": "off"}

    def to_python(self, value: Any) -> Any:
        # Amounts are copied from where thousands stand apart.
        return super().to_python("".join(value.split()) if isinstance(value, str) else value)


class SettingForm(forms.Form):
    """One KPI: on or off, and a norm of the portal's own in the place of the catalogue's."""

    is_on = forms.BooleanField(required=False)
    norm_low = LevelField()
    norm_high = LevelField()
    norm_source = forms.CharField(required=False, max_length=255)

    def __init__(self, data: Any, *, kpi: Kpi, setting: KpiSetting, currency: str) -> None:
        initial = {name: getattr(setting, name) for name in SETTINGS}
        levels = {name: trim_zeros(initial[name]) for name in ("norm_low", "norm_high")}
        super().__init__(data, prefix=kpi.key, initial=initial | levels)
        self.kpi, self.portal_id, self.unit = kpi, setting.portal_id, write_unit(kpi.unit, currency=currency)
        self.catalog_norm = write_norm(kpi.norm)
        # Browsers disagree on whether a field with an empty placeholder shows it, and the style asks.
        hints = {"norm_low": write_level(kpi.norm.low) or " ", "norm_high": write_level(kpi.norm.high) or " "}
        hints["norm_source"] = str(kpi.norm.source)
        for name, label in self.name_fields().items():
            self.fields[name].widget.attrs |= {"aria-label": f"{kpi.name}: {label}"}
        for name, hint in hints.items():
            self.fields[name].widget.attrs |= {"placeholder": hint}

    def name_fields(self) -> dict[str, str]:
        """Name the fields as the table's headings do."""
        return {name: str(KpiSetting._meta.get_field(name).verbose_name) for name in SETTINGS}  # type: ignore[union-attr]

    def clean(self) -> None:
        super().clean()
        low, high = self.cleaned_data.get("norm_low"), self.cleaned_data.get("norm_high")
        if self.errors:
            return
        if low is None and high is None:
            if self.cleaned_data["norm_source"]:
                self.add_error("norm_low", _("Give the norm itself too, or leave empty where it comes from."))
            return
        self.check_range(low, high)
        self.check_sense(low, high)

    def check_range(self, low: Decimal | None, high: Decimal | None) -> None:
        """Refuse ends in the wrong order, and a share of more than the whole."""
        if low is not None and high is not None and low > high:
            self.add_error("norm_high", _("The norm's upper end must not be below its lower end."))
        if self.kpi.is_share and max(filter(None, (low, high)), default=WHOLE) > WHOLE:
            self.add_error("norm_high", _("This share cannot exceed 100 %."))

    def check_sense(self, low: Decimal | None, high: Decimal | None) -> None:
        """Refuse a norm that every value would meet."""
        if self.kpi.direction == Direction.UP and low is None:
            self.add_error("norm_low", _("Higher is better here, so every value would meet this norm: fill in “from”."))
        if self.kpi.direction == Direction.DOWN and high is None:
            self.add_error("norm_high", _("Lower is better here, so every value would meet this norm: fill in “to”."))

    def read_setting(self) -> KpiSetting:
        """Read what was chosen as an unsaved row."""
        return KpiSetting(portal_id=self.portal_id, kpi=self.kpi.key, **self.cleaned_data)


def trim_zeros(level: Decimal | None) -> Decimal | None:
    """Drop the zeros that a column's decimals leave at the end of a number."""
    return None if level is None else Decimal(f"{level:.4f}".rstrip("0").rstrip("."))


def build_rows(data: Any, *, portal: Portal, settings: Mapping[str, KpiSetting]) -> list[SettingForm]:
    """Build a form for every KPI, in the catalogue's order."""
    stored = {kpi.key: settings.get(kpi.key) or KpiSetting(portal=portal, kpi=kpi.key) for kpi in CATALOG}
    currency = portal.base_currency
    return [SettingForm(data, kpi=kpi, setting=stored[kpi.key], currency=currency) for kpi in CATALOG]
