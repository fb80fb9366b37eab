"""The catalogue as a table for the terminal and as JSON: every KPI with its formula, norm and whether it is on."""

from collections.abc import Iterable
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from rich.markup import escape
from rich.table import Table

from crmsync.models import Portal
from kpis.catalog import BY_KEY, CATALOG, list_streams
from kpis.kpi import Kpi, Norm
from kpis.options import is_on, read_choice, read_settings
from kpis.render.catalog_texts import write_formula, write_norm
from kpis.render.numbers import to_json
from kpis.units import Direction, Unit

# A KPI with the norm that holds, and whether it is on.
Entry = tuple[Kpi, bool]
ARROWS = {Direction.UP: "↑", Direction.DOWN: "↓"}


def list_catalog() -> list[Entry]:
    """List the KPIs as the catalogue has them: all on."""
    return [(kpi, True) for kpi in CATALOG]


def list_portal(portal: Portal) -> list[Entry]:
    """List the KPIs with a portal's own norms, off or on."""
    settings = read_settings(portal)
    return [(kpi, is_on(kpi, settings)) for kpi in read_choice(portal, keys=tuple(BY_KEY)).kpis]


def build_table(entries: Iterable[Entry], *, currency: str = "") -> Table:
    """Build the table; money is named by its currency where one is given."""
    names = (_("name"), _("version"), _("unit"), _("direction"), _("formula"), _("norm"), _("on"))
    table = Table(_("Key"), *map(capfirst, names), title="KPI", title_justify="left", show_lines=True)
    for kpi, on in entries:
        cells = (kpi.key, kpi.name, kpi.version, write_unit(kpi.unit, currency=currency), ARROWS[kpi.direction])
        norm = " · ".join(filter(None, (write_norm(kpi.norm), str(kpi.norm.source))))
        # People write brackets, which would be read as colours.
        table.add_row(*(escape(str(cell)) for cell in (*cells, write_formula(kpi), norm, write_state(on))))
    return table


def build_document(entries: Iterable[Entry], *, currency: str = "") -> list[dict[str, Any]]:
    """Build what JSON holds. Shape: the KPIs in the catalogue's order, with texts in the active language."""
    return [
        {
            "key": kpi.key,
            "version": kpi.version,
            "name": str(kpi.name),
            "description": str(kpi.description),
            "no_data": str(kpi.no_data),
            "unit": str(kpi.unit),
            "unit_name": write_unit(kpi.unit, currency=currency),
            "direction": str(kpi.direction),
            "formula": write_formula(kpi),
            "measures": list(kpi.measures),
            "streams": list(list_streams(kpi)),
            "norm": build_norm(kpi.norm),
            "dimensions": list(kpi.dimensions),
            "is_on": on,
        }
        for kpi, on in entries
    ]


def build_norm(norm: Norm) -> dict[str, Any]:
    """Build a norm as JSON knows it. Units: the KPI's."""
    return {
        "kind": norm.kind.value,
        "low": to_json(norm.low),
        "high": to_json(norm.high),
        "is_strict": norm.is_strict,
        "source": str(norm.source),
        "text": write_norm(norm),
    }


def write_unit(unit: Unit, *, currency: str = "") -> str:
    """Write a unit; money by its currency where one is given."""
    return currency if currency and unit == Unit.MONEY else str(unit.label)


def write_state(on: bool) -> str:
    """Say whether a KPI is on."""
    return _("yes") if on else _("no")
