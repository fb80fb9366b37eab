"""Readings of KPIs as plain records with public ids, for JSON: each value with all that makes it readable."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from crmsync.models import Employee, Portal
from kpis.compare import Earlier, Reading
from kpis.norms import Standing
from kpis.render.numbers import to_json


def list_readings(portal: Portal, period: str, readings: Iterable[Reading]) -> list[dict[str, Any]]:
    """List readings as JSON knows them.

    Shape: period, kpi, version, employee (Bitrix id, None for the team), value, numerator, denominator, records,
    previous, year_before, norm, interval, beside, spread, history and complete_through (ISO, UTC).
    """
    ids = dict(Employee.objects.filter(portal=portal).values_list("pk", "external_id"))
    return [
        {"period": period, "employee": None if each.employee is None else ids[each.employee], **tell(each)}
        for each in readings
    ]


def tell(reading: Reading) -> dict[str, Any]:
    """Tell one reading. Empty: None for whatever is undefined."""
    return {
        "kpi": reading.kpi.key,
        "version": reading.kpi.version,
        "value": to_json(reading.result.value),
        "numerator": to_json(reading.result.numerator),
        "denominator": to_json(reading.result.denominator),
        "records": to_json(reading.records),
        "previous": tell_earlier(reading.previous),
        "year_before": tell_earlier(reading.year_before),
        "norm": tell_standing(reading.standing),
        "interval": reading.interval and [to_json(bound) for bound in reading.interval],
        "beside": {figure.key: to_json(value) for figure, value in reading.beside},
        "spread": reading.spread
        and {"median": to_json(reading.spread.median), "percentile_90": to_json(reading.spread.high)},
        "history": [{"period": key, "value": to_json(value)} for key, value in reading.history],
        "complete_through": tell_instant(reading.through),
    }


def tell_earlier(earlier: Earlier) -> dict[str, Any]:
    """Tell an earlier value with the days that it covers and the distance from it."""
    return {
        "period": earlier.period.key,
        "start": earlier.period.start.isoformat(),
        "end": earlier.period.end.isoformat(),
        "value": to_json(earlier.value),
        "change": to_json(earlier.change),
        "change_percent": to_json(earlier.relative),
    }


def tell_standing(standing: Standing) -> dict[str, Any]:
    """Tell the norm and where the value stands."""
    return {
        "kind": standing.norm.kind.value,
        "low": to_json(standing.low),
        "high": to_json(standing.high),
        "source": str(standing.norm.source),
        "position": standing.position and standing.position.value,
        "is_met": standing.is_met,
    }


def tell_instant(at: datetime | None) -> str | None:
    """Tell an instant as ISO text in UTC."""
    return at.astimezone(UTC).isoformat() if at else None
