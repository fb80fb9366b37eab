"""What the admin tells of a portal's options: a line of the list, what a save leads to, and who changed what."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from crmsync.models import Portal
from kpis.catalog import CATALOG
from kpis.models import KpiOptions, KpiSetting
from kpis.options import Saved, is_on, read_options, read_settings


def describe_portal(portal: Portal) -> dict[str, Any]:
    """Describe a portal's choice in a line of the list."""
    settings = read_settings(portal)
    on = sum(is_on(kpi, settings) for kpi in CATALOG)
    own = sum(row.norm_low is not None or row.norm_high is not None for row in settings.values())
    return {"portal": portal, "on": on, "all": len(CATALOG), "norms": own, "options": read_options(portal)}


def tell_saved(saved: Saved) -> str:
    """Say what a save leads to."""
    if saved.is_felt:
        return _("Saved. Figures are being computed anew; until that is done, they may still be the earlier ones.")
    return _("Saved.") if saved.options or saved.settings else _("Nothing has changed.")


def describe_saved(saved: Saved) -> list[dict[str, Any]]:
    """Describe a save for the log of who did what, as Django keeps it: untranslated until it is read."""
    with override(None):
        kind = str(KpiSetting._meta.verbose_name)
        own: list[dict[str, Any]] = [{"fields": name_fields(KpiOptions, saved.options)}] if saved.options else []
        rows = [
            {"name": kind, "object": key, "fields": name_fields(KpiSetting, names)}
            for key, names in saved.settings.items()
        ]
    return [{"changed": told} for told in (*own, *rows)]


def name_fields(model: Any, names: tuple[str, ...]) -> list[str]:
    """Name fields as their model does."""
    return [str(model._meta.get_field(name).verbose_name) for name in names]
