"""What administrators have chosen for a portal, with the defaults where they have not."""

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from crmsync.deals import touch_everything
from crmsync.models import Portal
from kpis.catalog import BY_KEY, CATALOG
from kpis.kpi import Kpi, Norm, NormKind
from kpis.models import KpiOptions, KpiSetting, WorkCalendar

OPTIONS = ("satisfied_from", "churn_days", "cost_source", "cost_field")
# Those that facts are made from; the others are looked up whenever a number is shown.
DEFINING = ("satisfied_from", "cost_source", "cost_field")
SETTINGS = ("is_on", "norm_low", "norm_high", "norm_source")


class StaleOptionsError(Exception):
    """Somebody else has saved meanwhile; the text says what to do."""


def read_options(portal: Portal) -> KpiOptions:
    """Read the portal's options; an unsaved row of defaults where it has none."""
    return KpiOptions.objects.filter(portal=portal).first() or KpiOptions(portal=portal)


def read_settings(portal: Portal) -> dict[str, KpiSetting]:
    """Read the portal's settings by KPI. Empty: a KPI that is as the catalogue says has none."""
    return {setting.kpi: setting for setting in KpiSetting.objects.filter(portal=portal).order_by("kpi")}


@dataclass(frozen=True, slots=True)
class Choice:
    """The KPIs that are on, with the norms that hold for this portal, in the catalogue's order, and its options.

    `is_partial` when only some employees are meant: what belongs to nobody, such as costs, is not theirs.
    """

    kpis: tuple[Kpi, ...]
    in_business_hours: bool
    options: KpiOptions
    is_partial: bool = False


def read_choice(portal: Portal, *, keys: "tuple[str, ...] | None" = None, is_partial: bool = False) -> Choice:
    """Read which KPIs are on; with `keys` only these, on or off."""
    settings = read_settings(portal)
    chosen = [kpi for kpi in CATALOG if (kpi.key in keys if keys is not None else is_on(kpi, settings))]
    has_calendar = WorkCalendar.objects.filter(portal=portal).exists()
    kpis = tuple(apply_norm(kpi, settings.get(kpi.key)) for kpi in chosen)
    return Choice(kpis, has_calendar, read_options(portal), is_partial)


def is_on(kpi: Kpi, settings: Mapping[str, KpiSetting]) -> bool:
    """Say whether a KPI is on; those without a setting are."""
    return kpi.key not in settings or settings[kpi.key].is_on


def apply_norm(kpi: Kpi, setting: KpiSetting | None) -> Kpi:
    """Put the portal's own norm in the place of the catalogue's."""
    if setting is None or (setting.norm_low is None and setting.norm_high is None):
        return kpi
    norm = Norm(NormKind.FIGURE, setting.norm_low, setting.norm_high, setting.norm_source)
    return replace(kpi, norm=norm)


def save_options(options: KpiOptions) -> bool:
    """Save options; the caller owns the transaction. What they define is computed anew, so everything is touched.

    Returns whether it was.
    """
    before = KpiOptions.objects.filter(pk=options.pk).first() or KpiOptions(portal=options.portal)
    options.save()
    is_felt = bool(find_changed(before, options, DEFINING))
    if is_felt:
        touch_everything(options.portal)
    return is_felt


@dataclass(frozen=True, slots=True)
class Saved:
    """What a save has changed: fields of the options, fields of settings by KPI, and whether numbers are stale."""

    options: tuple[str, ...]
    settings: Mapping[str, tuple[str, ...]]
    is_felt: bool = False


def save_choice(options: KpiOptions, settings: Collection[KpiSetting], *, fingerprint: str) -> Saved:
    """Save a portal's options and settings of KPIs, in one transaction; only settings that depart from the catalogue.

    `fingerprint` is that of what the editor was shown; what is stored already is no conflict.
    Raises: StaleOptionsError when something else has been stored since; then nothing is written.
    """
    with transaction.atomic():
        # Two saves wait for each other here; the mirror's writers, whose rows only refer to the portal, do not.
        Portal.objects.select_for_update(no_key=True).values_list("pk").get(pk=options.portal_id)
        before, stored = read_options(options.portal), read_settings(options.portal)
        wanted = {setting.kpi: trim_setting(setting) for setting in settings}
        blank = {key: KpiSetting(kpi=key) for key in wanted}
        found = {key: find_changed(stored.get(key, blank[key]), wanted[key], SETTINGS) for key in wanted}
        changed = Saved(find_changed(before, options, OPTIONS), {key: names for key, names in found.items() if names})
        if (changed.options or changed.settings) and take_fingerprint(options.portal) != fingerprint:
            raise StaleOptionsError(
                _("Somebody else has changed these options meanwhile and nothing was saved: open this page anew.")
            )
        write_settings(options.portal, {key: wanted[key] for key in changed.settings})
        is_felt = bool(changed.options) and save_options(options)
        return replace(changed, is_felt=is_felt)


def write_settings(portal: Portal, settings: Mapping[str, KpiSetting]) -> None:
    """Write settings that have changed; one that says what the catalogue says is deleted."""
    own = {key for key, setting in settings.items() if find_changed(KpiSetting(), setting, SETTINGS)}
    KpiSetting.objects.filter(portal=portal, kpi__in=settings.keys() - own).delete()
    rows = [settings[key] for key in settings if key in own]
    KpiSetting.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["portal", "kpi"], update_fields=list(SETTINGS)
    )


def trim_setting(setting: KpiSetting) -> KpiSetting:
    """Leave a norm that is the catalogue's own out of a setting."""
    norm = BY_KEY[setting.kpi].norm
    is_absent = setting.norm_low is None and setting.norm_high is None
    is_same = (setting.norm_low, setting.norm_high) == (norm.low, norm.high)
    if is_absent or (is_same and setting.norm_source in ("", str(norm.source))):
        return KpiSetting(portal_id=setting.portal_id, kpi=setting.kpi, is_on=setting.is_on)
    return setting


def find_changed(before: Any, after: Any, names: Collection[str]) -> tuple[str, ...]:
    """Name the fields in which two rows differ."""
    return tuple(name for name in names if getattr(before, name) != getattr(after, name))


def take_fingerprint(portal: Portal) -> str:
    """Return a text that differs when anything stored of a portal's choice does."""
    options = read_options(portal)
    # A default is a choice, a stored value its text.
    told = [str(getattr(options, name)) for name in OPTIONS]
    rows = [[key, *(getattr(row, name) for name in SETTINGS)] for key, row in read_settings(portal).items()]
    return hashlib.sha256(repr((told, rows)).encode()).hexdigest()
