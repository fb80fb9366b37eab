"""The system check refuses lists that do not agree with each other, with the columns or with the mirror."""

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from kpis.catalog import CATALOG
from kpis.checks import check_catalog, check_lists, check_measures
from kpis.kpi import Norm, NormKind, total
from kpis.measures import MEASURES
from kpis.models import DailyFact, MonthlyFact

FIRST, RATIO = MEASURES[0], CATALOG[2]


def list_ids(errors: list[Any]) -> list[str]:
    return [error.id for error in errors]


def test_lists_agree() -> None:
    assert check_lists(None) == []


def test_measure_without_a_column_is_refused() -> None:
    errors = check_measures([*MEASURES, replace(FIRST, key="leads_lost")], [DailyFact, MonthlyFact])
    assert list_ids(errors) == ["kpis.E002", "kpis.E002"]
    assert "leads_lost has no column in DailyFact" in errors[0].msg


def test_column_without_a_measure_is_refused() -> None:
    errors = check_measures(MEASURES[1:], [DailyFact])
    assert [error.msg for error in errors] == ["Column DailyFact.leads_received has no measure."]


def test_measure_declared_twice_is_refused() -> None:
    assert list_ids(check_measures([*MEASURES, FIRST], [DailyFact])) == ["kpis.E001"]


@pytest.mark.parametrize(
    "change", [{"dated_by": "born_on"}, {"credited_to": "boss"}, {"total": "size"}, {"streams": ("letters",)}]
)
def test_measure_of_what_does_not_exist_is_refused(change: dict[str, Any]) -> None:
    assert list_ids(check_measures([replace(FIRST, **change), *MEASURES[1:]], [DailyFact])) == ["kpis.E004"]


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"numerator": total("luck")}, "kpis.E006"),
        ({"denominator": total("revenue", less=("luck",))}, "kpis.E006"),
        ({"version": 0}, "kpis.E007"),
        ({"scale": Fraction(0)}, "kpis.E007"),
        ({"denominator": None, "scale": Fraction(100)}, "kpis.E007"),
        ({"unit": "parrots"}, "kpis.E007"),
        ({"direction": "left"}, "kpis.E007"),
        ({"norm": Norm(NormKind.FIGURE)}, "kpis.E007"),
        ({"additive": False}, "kpis.E007"),
        ({"no_data": ""}, "kpis.E007"),
        ({"records": total("luck")}, "kpis.E006"),
    ],
)
def test_kpi_that_makes_no_sense_is_refused(change: dict[str, Any], error: str) -> None:
    assert list_ids(check_catalog([replace(RATIO, **change)], MEASURES)) == [error]


def test_kpi_declared_twice_is_refused() -> None:
    assert list_ids(check_catalog([*CATALOG, RATIO], MEASURES)) == ["kpis.E005"]
