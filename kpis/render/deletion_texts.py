"""Vanished records and the figures that left with them, as people and scripts read them."""

from collections.abc import Iterable, Mapping
from datetime import UTC, date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from crmsync.models import Employee
from kpis.deletions import Deletion, Figure
from kpis.kpi import Kpi, Number
from kpis.render.formats import format_loss
from kpis.render.numbers import to_json

Totals = Iterable[tuple[Kpi, Mapping[str, Number]]]


def write_left(left: Iterable[Figure], *, currency: str) -> list[str]:
    """Write the figures that left, a line per day and employee."""
    cells: dict[tuple[date, Employee | None], list[str]] = {}
    for figure in left:
        text = format_loss(figure.measure, figure.value, currency=currency)
        cells.setdefault((figure.day, figure.employee), []).append(text)
    return [
        ", ".join([*losses, date_format(day, "SHORT_DATE_FORMAT"), str(employee or _("nobody"))])
        for (day, employee), losses in cells.items()
    ]


def build_document(deletions: Iterable[Deletion], totals: Totals) -> dict[str, list[dict[str, Any]]]:
    """Build what JSON holds. Shape: `deletions` with their figures, `kpis` with the sums that left their parts."""
    return {
        "deletions": [build_record(deletion) for deletion in deletions],
        "kpis": [
            {
                "kpi": kpi.key,
                "version": kpi.version,
                "numerator": to_json(kpi.numerator.compute(sums)),
                "denominator": to_json(kpi.denominator.compute(sums)) if kpi.denominator else None,
            }
            for kpi, sums in totals
        ],
    }


def build_record(deletion: Deletion) -> dict[str, Any]:
    """Build a record as JSON knows it: instants in UTC, employees by their Bitrix id, None for nobody."""
    stone = deletion.stone
    moments = {name: getattr(stone, name) for name in ("missed_at", "deleted_at", "restored_at")}
    return {
        "stream": stone.stream,
        "id": stone.external_id,
        "name": stone.name,
        **{name: at.astimezone(UTC).isoformat() if at else None for name, at in moments.items()},
        "left": [
            {
                "measure": figure.measure.key,
                "day": figure.day.isoformat(),
                "employee": figure.employee and figure.employee.external_id,
                "value": to_json(figure.value),
            }
            for figure in deletion.left
        ],
    }
