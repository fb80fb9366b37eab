"""Filters give exactly the rows that they promise."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
import time_machine

from crmsync.admin.filters import find_days
from crmsync.models import Activity, Deal, Lead, Portal, Quarantine
from tests.conftest import Cast
from tests.crmsync.admin.rows import make_row

DAYS = {
    1: date(2026, 1, 31),
    2: date(2026, 2, 1),
    3: date(2026, 2, 28),
    4: date(2026, 3, 1),
    5: date(2025, 12, 31),
    6: date(2026, 12, 31),
}
PERIODS = {
    "month": [4],
    "last_month": [3, 2],
    "year": [6, 4, 3, 2, 1],
    "last_year": [5],
    "junk": [6, 5, 4, 3, 2, 1],
}
# 23:30 UTC on 28 February is already March in Moscow.
MARCH_IN_MOSCOW = datetime(2026, 2, 28, 23, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("model", "parameter", "column"),
    [
        (Deal, "created", "created_on"),
        (Deal, "closed", "closed_on"),
        (Lead, "created", "created_on"),
        (Activity, "started", "started_on"),
    ],
)
@time_machine.travel(MARCH_IN_MOSCOW, tick=False)
def test_presets_are_cut_in_the_portals_zone(
    listed: Callable, portal: Portal, model: type[Any], parameter: str, column: str
) -> None:
    for number, day in DAYS.items():
        make_row(model, portal, number, **{column: day})
    found = {preset: listed(model._meta.model_name, **{parameter: preset}) for preset in PERIODS}
    assert found == PERIODS


@time_machine.travel(MARCH_IN_MOSCOW, tick=False)
def test_this_month_is_february_further_west(listed: Callable, portal: Portal) -> None:
    Portal.objects.update(time_zone="Europe/London")
    for number, day in DAYS.items():
        make_row(Deal, portal, number, closed_on=day)
    assert listed("deal", closed="month") == [3, 2]


@time_machine.travel(MARCH_IN_MOSCOW, tick=False)
def test_period_begins_with_its_newest_day(listed: Callable, portal: Portal) -> None:
    for number, day in ((1, 20), (2, 5), (3, 20), (4, 9)):
        make_row(Deal, portal, number, closed_on=date(2026, 3, day))
    assert listed("deal", closed="month") == [3, 1, 4, 2]


@pytest.mark.parametrize(
    ("today", "preset", "expected"),
    [
        (date(2026, 1, 31), "month", (date(2026, 1, 1), date(2026, 2, 1))),
        (date(2026, 1, 31), "last_month", (date(2025, 12, 1), date(2026, 1, 1))),
        (date(2026, 12, 1), "month", (date(2026, 12, 1), date(2027, 1, 1))),
        (date(2024, 2, 29), "last_year", (date(2023, 1, 1), date(2024, 1, 1))),
        (date(2024, 2, 29), "year", (date(2024, 1, 1), date(2025, 1, 1))),
    ],
)
def test_presets_are_half_open(today: date, preset: str, expected: tuple[date, date]) -> None:
    assert find_days(preset, today=today) == expected


OPEN: dict[str, Any] = {
    "semantics": "P",
    "closed_at": None,
    "closed_on": None,
    "amount_base": None,
    "cycle_seconds": None,
}
SIGNALS: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("day", {"planned_close_on": date(2026, 3, 9)}, {"planned_close_on": None}),
    ("rate", {"amount_base": None}, {"amount": None, "amount_base": None}),
    ("duration", {"cycle_seconds": None}, {"cycle_seconds": None, "semantics": "F"}),
    ("meaning", {"semantics_source": "unknown"}, {"semantics_source": "dictionary"}),
    ("template", {"is_recurring": True}, {"is_recurring": False}),
]


@pytest.mark.parametrize(("signal", "raised", "quiet"), SIGNALS)
def test_signal_lists_exactly_its_deals(
    listed: Callable, portal: Portal, cast: Cast, signal: str, raised: dict, quiet: dict
) -> None:
    make_row(Deal, portal, 1, responsible=cast.bob, **raised)
    make_row(Deal, portal, 2, responsible=cast.bob, **quiet)
    make_row(Deal, portal, 3, responsible=cast.bob, **{**OPEN, "planned_close_on": date(2026, 3, 9)})
    make_row(Deal, portal, 4, responsible=cast.bob)
    assert listed("deal", signal=signal) == [1]


def test_deals_of_nobody_are_listed(listed: Callable, portal: Portal, cast: Cast) -> None:
    make_row(Deal, portal, 1)
    make_row(Deal, portal, 2, responsible=cast.bob)
    assert listed("deal", signal="nobody") == [1]


def test_template_without_cycle_is_no_wrong_duration(listed: Callable, portal: Portal) -> None:
    make_row(Deal, portal, 1, is_recurring=True, cycle_seconds=None)
    assert listed("deal", signal="duration") == []


def test_lead_signals_list_exactly_their_leads(listed: Callable, portal: Portal, cast: Cast) -> None:
    make_row(Lead, portal, 1, responsible=cast.bob, semantics_source="unknown")
    make_row(Lead, portal, 2)
    assert listed("lead", signal="meaning") == [1]
    assert listed("lead", signal="nobody") == [2]


def test_dictionaries_narrow_deals(listed: Callable, portal: Portal, dictionaries: None) -> None:
    make_row(Deal, portal, 1, pipeline_external_id=1, source_external_id="")
    make_row(Deal, portal, 2, amount=Decimal(5))
    assert listed("deal", pipeline="1") == [1]
    assert listed("deal", source="WEB") == [2]
    assert listed("deal", pipeline="99") == [2, 1]


def test_dictionary_offers_only_its_portals_entries(root: Any, portal: Portal, dictionaries: None) -> None:
    other = Portal.objects.create(name="Василёк", origin="https://vasilek.example")
    assert "?pipeline=1" in root.get("/admin/crmsync/deal/").content.decode()
    assert "pipeline=1" not in root.get("/admin/crmsync/deal/", {"portal": other.pk}).content.decode()


def test_activities_are_narrowed_by_kind_direction_and_provider(listed: Callable, portal: Portal) -> None:
    make_row(Activity, portal, 1, kind="unknown", provider="ACME_BOT")
    make_row(Activity, portal, 2, kind="unknown", provider="OTHER")
    make_row(Activity, portal, 3, kind="call", direction=2)
    assert listed("activity", kind__exact="unknown") == [2, 1]
    assert listed("activity", kind__exact="unknown", provider="ACME_BOT") == [1]
    assert listed("activity", direction__exact="2") == [3]


def test_quarantine_is_narrowed_by_stream(listed: Callable, portal: Portal) -> None:
    make_row(Quarantine, portal, 1)
    make_row(Quarantine, portal, 2, stream="leads")
    assert listed("quarantine", stream="leads") == ["2"]
