"""Copies into another period: sums change, everything else is as it was; columns are filled down."""

from decimal import Decimal

import pytest

from targets.copying import copy_results, copy_target
from targets.errors import PlanError
from targets.filling import fill_down
from targets.grids import Stored


def store(value: str | None, **others: Decimal) -> Stored:
    base = {"threshold": None, "stretch": None, "min_sample": 5, "published_value": None, "version": 3}
    return Stored(**({"value": value and Decimal(value), "weight": Decimal(60)} | base | others))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("kpi", "value", "percent", "copied"),
    [
        ("revenue", "1000001", "5", "1050001"),
        ("deals_won", "18", "5", "19"),
        ("deals_won", "1", "-60", "1"),
        ("lead_conversion", "18.5", "5", "18.5"),
        ("response_time", "40", "-10", "40"),
        ("revenue", "1000000.55", "0", "1000000.55"),
    ],
)
def test_only_sums_are_changed(kpi: str, value: str, percent: str, copied: str) -> None:
    target = copy_target(store(value), kpi, percent=Decimal(percent))
    assert (target["value"], target["weight"], target["min_sample"]) == (Decimal(copied), 60, 5)


def test_levels_follow_the_target() -> None:
    target = copy_target(store("100", threshold=Decimal(70), stretch=Decimal(130)), "revenue", percent=Decimal(10))
    assert (target["threshold"], target["stretch"]) == (77, 143)


def test_percentage_that_leaves_nothing_is_refused() -> None:
    with pytest.raises(PlanError):
        copy_target(store("100"), "revenue", percent=Decimal(-100))


def test_results_become_targets_where_there_are_any() -> None:
    results = {"revenue": Decimal("1000.6"), "deals_won": Decimal(0), "csat": None, "lead_conversion": Decimal("18.25")}
    assert copy_results(results, percent=Decimal(10)) == {"revenue": Decimal(1101), "lead_conversion": Decimal("18.3")}


def test_column_is_filled_down_from_the_nearest_above() -> None:
    assert fill_down([None, 5, None, None, 7, None]) == [None, 5, 5, 5, 7, 7]
