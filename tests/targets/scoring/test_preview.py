"""Worked numbers of a scheme: what it pays when every KPI attains the same."""

from decimal import Decimal
from typing import Any

import pytest

from targets.scoring.preview import preview
from targets.scoring.rules import read_scheme

USUAL: dict[str, Any] = {"base": "50000", "currency": "RUB"}
GATE = {"kpi": "csat", "below": "90", "multiplier": "0.1"}


@pytest.mark.parametrize(
    ("rules", "payouts"),
    [
        ({}, ["0", "35000", "40000", "45000", "50000", "57500", "65000", "72500"]),
        ({"cap": "120"}, ["0", "35000", "40000", "45000", "50000", "57500", "60000", "60000"]),
        ({"maximum": "41000"}, ["0", "35000", "40000", "41000", "41000", "41000", "41000", "41000"]),
        ({"payout_tiers": [["0", "0", "0"], ["80", "50", "0"]]}, ["0", "0", *["25000"] * 6]),
        ({"gates": [GATE]}, ["0", "35000", "40000", "45000", "50000", "57500", "65000", "72500"]),
    ],
)
def test_scheme_pays_what_its_tables_say(rules: dict[str, Any], payouts: list[str]) -> None:
    samples = preview(read_scheme(USUAL | rules))
    assert [sample.payout for sample in samples] == [Decimal(each) for each in payouts]


def test_levels_can_be_chosen() -> None:
    [sample] = preview(read_scheme(USUAL), levels=[85])
    assert (sample.percent, sample.score, sample.payout) == (85, 85, Decimal("42500.00"))
