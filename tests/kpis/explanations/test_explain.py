"""The strongest promise of an explanation: the listed records add up to the number, which is what reports show."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crmsync.models import Deal, Portal
from kpis.catalog import BY_KEY
from kpis.evaluate import By, evaluate
from kpis.explanations.excluded import find_excluded
from kpis.explanations.explain import Explanation, explain
from kpis.explanations.records import BEHIND, list_records
from kpis.explanations.scope import Scope, ScopeError
from kpis.explanations.selecting import select, tally
from kpis.kpi import Number
from kpis.measures import BY_KEY as MEASURES
from kpis.measures import MEASURES as ALL
from kpis.measures import Measure
from kpis.models import DailyFact, WorkCalendar
from kpis.periods import bounds, parse_period
from tests.conftest import Cast
from tests.kpis.mirror import add_lead, win_deal, win_deal_at
from tests.kpis.world import ROWS, World, fill

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
FEBRUARY = parse_period("2026-02")
FEW = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
PERIODS = [parse_period(name) for name in ("2026-02", "2026-02-01", "2026-W05", "2026-Q1")]
BY_DEALS = (MEASURES["deals_won"], MEASURES["deals_lost"])
GROUPS = st.one_of(st.none(), st.sets(st.integers(0, 2)))
ZONES = ("Europe/Moscow", "America/New_York", "Pacific/Apia")


def add_up(key: str, scope: Scope, *, page: int) -> tuple[Number, int]:
    """Add the shares of all pages up, page by page."""
    total, counted = Decimal(0), 0
    while records := list_records(MEASURES[key], scope, limit=page, offset=counted):
        total += sum(Decimal(record.share or 0) for record in records)
        counted += len(records)
    return total, counted


def read_fact(key: str, scope: Scope) -> Number:
    rows = DailyFact.objects.filter(portal=scope.portal, day__gte=scope.period.start, day__lt=scope.period.end)
    rows = rows if scope.employees is None else rows.filter(employee__in=scope.employees)
    return sum((getattr(row, key) for row in rows), Decimal(0))


@FEW
@given(rows=ROWS, group=GROUPS, page=st.integers(1, 9), data=st.data())
def test_listed_records_add_up_to_the_number(
    portal: Portal, cast: Cast, rows: list[Any], group: set[int] | None, page: int, data: st.DataObject
) -> None:
    with transaction.atomic():
        world = World(portal, cast)
        for row in rows:
            world.add(*row)
        fill(portal)
        period = data.draw(st.sampled_from(PERIODS))
        scope = Scope(portal, period, None if group is None else tuple(cast[each].pk for each in group))
        tallies = tally(ALL, scope)
        for measure in ALL:
            told = tallies[measure.key]
            assert add_up(measure.key, scope, page=page) == (told.total, told.count)
            assert read_fact(measure.key, scope) == told.total
        transaction.set_rollback(True)


def test_withheld_record_makes_the_comparison_fail(portal: Portal, cast: Cast) -> None:
    win_deal(portal, FEBRUARY.start, cast.bob, "10")
    fill(portal)
    Deal.objects.update(deleted_at=NOW)
    scope = Scope(portal, FEBRUARY)
    assert read_fact("revenue", scope) == 10
    assert add_up("revenue", scope, page=5) == (0, 0)


def take_out(found: Explanation) -> tuple[Any, Any, Any]:
    return found.result.value, found.result.numerator, found.result.denominator


def report(portal: Portal, key: str, period: Any, **whose: Any) -> tuple[Any, Any, Any]:
    """Read what reports show, for one employee or for the team."""
    by: By = "employee" if "employee" in whose else "team"
    employees = [whose["employee"].pk] if "employee" in whose else whose.get("employees")
    [row] = evaluate(portal, period, kpis=[key], by=by, employees=employees, today=NOW.date()).itertuples()
    return row.value, row.numerator, row.denominator


@FEW
@given(rows=ROWS, is_timed=st.booleans(), period=st.sampled_from(PERIODS), data=st.data())
def test_every_kpi_is_what_reports_show(
    portal: Portal, cast: Cast, rows: list[Any], is_timed: bool, period: Any, data: st.DataObject
) -> None:
    with transaction.atomic():
        world = World(portal, cast)
        for row in rows:
            world.add(*row)
        if is_timed:
            WorkCalendar.objects.create(portal=portal)
        fill(portal)
        group = data.draw(st.sets(st.integers(0, 2)))
        whose: dict[str, Any] = data.draw(
            st.sampled_from([{}, {"employee": cast.bob}, {"employees": [cast[each].pk for each in group]}])
        )
        for key in data.draw(st.lists(st.sampled_from(list(BY_KEY)), unique=True, min_size=6, max_size=6)):
            found = explain(portal, key, period, now=NOW, **whose)
            assert take_out(found) == report(portal, key, period, **whose)
            assert found.is_followed
        transaction.set_rollback(True)


def list_keys(measure: Measure, source: Any, scope: Scope) -> list[int]:
    """List the keys of a measure's records where they are the keys of the source's records too."""
    is_same = BEHIND.get(measure.source, measure.source) is BEHIND.get(source, source)
    return list(select(measure, scope).values_list("pk", flat=True)) if is_same else []


@FEW
@given(rows=ROWS, group=GROUPS, period=st.sampled_from(PERIODS))
def test_what_is_excluded_does_not_count_and_what_is_marked_does(
    portal: Portal, cast: Cast, rows: list[Any], group: set[int] | None, period: Any
) -> None:
    with transaction.atomic():
        world = World(portal, cast)
        for row in rows:
            world.add(*row)
        scope = Scope(portal, period, None if group is None else tuple(cast[each].pk for each in group))
        for measure in ALL:
            for found in find_excluded(scope, [measure.key]):
                listed = {record.key for record in found.list_records(limit=1000)}
                assert len(listed) == found.count or not found.exclusion.listed
                counting = BY_DEALS if found.exclusion.counts else [measure]
                keys = [key for each in counting for key in list_keys(each, found.exclusion.source, scope)]
                expected = listed if found.exclusion.counts else set()
                assert listed & set(keys) == expected, (measure.key, found.exclusion.key)
        transaction.set_rollback(True)


@pytest.mark.parametrize("zone", ZONES)
def test_records_at_the_edges_of_a_period_are_cut_in_the_portals_zone(portal: Portal, cast: Cast, zone: str) -> None:
    portal.time_zone = zone
    portal.save()
    start, end = bounds(FEBRUARY, portal.zone)
    second = timedelta(seconds=1)
    for at, amount in ((start - second, "1"), (start, "2"), (end - second, "4"), (end, "8")):
        win_deal_at(portal, at, cast.bob, amount)
    fill(portal)
    found = explain(portal, "revenue", FEBRUARY, now=NOW)
    assert [record.share for record in found.list_records("revenue")] == [2, 4]
    assert found.result.value == report(portal, "revenue", FEBRUARY)[0] == 6


def test_number_that_facts_have_not_followed_says_so(portal: Portal, cast: Cast) -> None:
    win_deal(portal, FEBRUARY.start, cast.bob, "10")
    fill(portal)
    win_deal(portal, FEBRUARY.start, cast.bob, "5")
    found = explain(portal, "revenue", FEBRUARY, now=NOW)
    assert (found.result.value, found.reported.value, found.is_followed) == (15, 10, False)


def test_running_period_tells_its_day(portal: Portal) -> None:
    assert explain(portal, "revenue", parse_period("2026-11"), now=NOW).elapsed == 20
    assert explain(portal, "revenue", FEBRUARY, now=NOW).elapsed is None


def test_unknown_kpi_and_double_choice_are_refused_in_a_sentence(portal: Portal, cast: Cast) -> None:
    with pytest.raises(ScopeError, match="average_deal"):
        explain(portal, "profit", FEBRUARY, now=NOW)
    with pytest.raises(ScopeError):
        explain(portal, "revenue", FEBRUARY, employee=cast.bob, employees=[cast.bob.pk], now=NOW)


def test_portals_are_kept_apart(portal: Portal, cast: Cast) -> None:
    other = Portal.objects.create(name="Другой", origin="https://other.example")
    win_deal(portal, FEBRUARY.start, cast.bob, "10")
    add_lead(portal, FEBRUARY.start, cast.bob, deleted_at=NOW)
    found = explain(other, "lead_conversion", FEBRUARY, now=NOW)
    assert (found.result.numerator, found.excluded) == (0, ())


def test_many_records_cost_as_many_queries_as_one(
    portal: Portal, cast: Cast, django_assert_max_num_queries: Any
) -> None:
    for day in range(1, 28):
        win_deal(portal, date(2026, 2, day), cast.bob, "1")
    with django_assert_max_num_queries(16):
        found = explain(portal, "average_deal", FEBRUARY, now=NOW)
        assert len(found.list_records("revenue", limit=20)) == 20
