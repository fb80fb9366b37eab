"""An explanation as JSON: numbers exact, instants in UTC, people and records by their IDs in the CRM."""

from collections.abc import Callable, Iterable
from datetime import UTC
from typing import Any

from kpis.explanations.explain import Explanation
from kpis.explanations.records import Card, Record
from kpis.explanations.texts import find_unit, name_measure, write_names, write_numbers
from kpis.kpi import Result
from kpis.render.numbers import to_json

FindUrl = Callable[[Card], str]


def build_document(explanation: Explanation, *, limit: int, offset: int = 0, find_url: FindUrl) -> dict[str, Any]:
    """Build what JSON holds. Shape: the value, its measures with up to `limit` records each, then what is excluded.

    The first `offset` records of each list are passed over.
    """
    kpi, scope = explanation.kpi, explanation.scope
    return {
        "portal": scope.portal.pk,
        "kpi": kpi.key,
        "version": kpi.version,
        "name": str(kpi.name),
        "definition": str(kpi.description),
        "no_data": str(kpi.no_data),
        "unit": kpi.unit.value,
        "currency": scope.portal.base_currency,
        "period": {"key": scope.period.key, "start": str(scope.period.start), "end": str(scope.period.end)},
        "employee": scope.employee.external_id if scope.employee else None,
        "employees": None if scope.employees is None else len(scope.employees),
        "formula": write_names(explanation),
        "numbers": write_numbers(explanation),
        **build_result(explanation.result),
        "reported": build_result(explanation.reported),
        "in_business_hours": explanation.in_business_hours,
        "norm": {name: to_json(getattr(kpi.norm, name)) for name in ("low", "high")}
        | {"kind": kpi.norm.kind.value, "source": str(kpi.norm.source)},
        "beside": [
            {"key": each.key, "name": str(each.name)} | build_result(result) for each, result in explanation.beside
        ],
        "complete_through": explanation.through.astimezone(UTC).isoformat() if explanation.through else None,
        "measures": [build_measure(explanation, key, limit, offset, find_url) for key in explanation.formula],
        "excluded": [
            {
                "key": each.exclusion.key,
                "reason": str(each.exclusion.reason),
                "counts": each.exclusion.counts,
                "count": each.count,
                "records": build_records(each.list_records(limit=limit, offset=offset), find_url),
            }
            for each in explanation.excluded
        ],
    }


def build_result(result: Result) -> dict[str, Any]:
    """Build a value with what it was divided from."""
    return {name: to_json(getattr(result, name)) for name in ("value", "numerator", "denominator")}


def build_measure(explanation: Explanation, key: str, limit: int, offset: int, find_url: FindUrl) -> dict[str, Any]:
    """Build a measure with its sum, the number of its records and a page of them."""
    tally = explanation.tallies[key]
    return {
        "key": key,
        "name": name_measure(key),
        "unit": str(find_unit(key)),
        "sum": to_json(tally.total),
        "count": tally.count,
        "records": build_records(explanation.list_records(key, limit=limit, offset=offset), find_url),
    }


def build_records(records: Iterable[Record], find_url: FindUrl) -> list[dict[str, Any]]:
    """Build records as JSON knows them."""
    return [
        {
            "id": record.external_id,
            "name": record.name,
            "day": str(record.day) if record.day else None,
            "employee": record.employee.external_id if record.employee else None,
            "share": to_json(record.share),
            "notes": list(record.notes),
            "card": find_url(record.card) if record.card else None,
        }
        for record in records
    ]
