"""What administrators have chosen for a portal, with the defaults where they have not."""

from dataclasses import dataclass, replace

from crmsync.deals import touch_everything
from crmsync.models import Portal
from kpis.catalog import CATALOG
from kpis.kpi import Kpi, Norm, NormKind
from kpis.models import KpiOptions, KpiSetting, WorkCalendar


def read_options(portal: Portal) -> KpiOptions:
    """Read the portal's options; an unsaved row of defaults where it has none."""
    return KpiOptions.objects.filter(portal=portal).first() or KpiOptions(portal=portal)


@dataclass(frozen=True, slots=True)
class Choice:
    """The KPIs that are on, with the norms that hold for this portal, in the catalogue's order."""

    kpis: tuple[Kpi, ...]
    in_business_hours: bool


def read_choice(portal: Portal, *, keys: "tuple[str, ...] | None" = None) -> Choice:
    """Read which KPIs are on; with `keys` only these, on or off."""
    settings = {setting.kpi: setting for setting in KpiSetting.objects.filter(portal=portal)}
    chosen = [kpi for kpi in CATALOG if (kpi.key in keys if keys is not None else is_on(kpi, settings))]
    has_calendar = WorkCalendar.objects.filter(portal=portal).exists()
    return Choice(tuple(apply_norm(kpi, settings.get(kpi.key)) for kpi in chosen), has_calendar)


def is_on(kpi: Kpi, settings: dict[str, KpiSetting]) -> bool:
    """Say whether a KPI is on; those without a setting are."""
    return kpi.key not in settings or settings[kpi.key].is_on


def apply_norm(kpi: Kpi, setting: KpiSetting | None) -> Kpi:
    """Put the portal's own norm in the place of the catalogue's."""
    if setting is None or (setting.norm_low is None and setting.norm_high is None):
        return kpi
    norm = Norm(NormKind.FIGURE, setting.norm_low, setting.norm_high, setting.norm_source)
    return replace(kpi, norm=norm)


def save_options(options: KpiOptions) -> None:
    """Save options; the caller owns the transaction. What they define is computed anew, so everything is touched."""
    before = KpiOptions.objects.filter(pk=options.pk).first() or KpiOptions(portal=options.portal)
    options.save()
    defining = ("satisfied_from", "cost_source", "cost_field")
    if any(getattr(before, name) != getattr(options, name) for name in defining):
        touch_everything(options.portal)
