"""Cells of the plan grid: all or nothing, and never over somebody else's change."""

from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import User

from crmsync.models import Portal
from targets.cells import Cell, Written, write_cells
from targets.errors import PlanError, StaleError
from targets.models import Target, TargetPlan
from targets.plans import publish
from tests.conftest import Cast
from tests.targets.world import NOW, make_plan, set_target


@pytest.fixture
def plan(portal: Portal, cast: Cast, head: User) -> TargetPlan:
    return make_plan(portal, [cast.bob, cast.carol], head)


def cell(plan: TargetPlan, who: Any, kpi: str, version: int = 0, **values: Any) -> Cell:
    return Cell(member=plan.members.get(employee=who).pk, kpi=kpi, version=version, values=values)


def test_second_editor_is_told_who_was_first(plan: TargetPlan, cast: Cast, head: User) -> None:
    set_target(plan, cast.bob, "revenue", "1000", weight="100", by=head)
    other = User.objects.create_user("olga")
    stale = [cell(plan, cast.bob, "revenue", value=Decimal(900)), cell(plan, cast.carol, "revenue", value=Decimal(5))]
    with pytest.raises(StaleError, match="alice"):
        write_cells(plan, stale, by=other)
    assert [target.value for target in Target.objects.all()] == [Decimal(1000)]


def test_two_who_want_the_same_are_no_conflict(plan: TargetPlan, cast: Cast, head: User) -> None:
    set_target(plan, cast.bob, "revenue", "1000", weight="100", by=head)
    assert write_cells(plan, [cell(plan, cast.bob, "revenue", value=Decimal(1000))], by=head) == Written(0, 0, 1)


def test_cells_of_different_people_do_not_disturb_each_other(plan: TargetPlan, cast: Cast, head: User) -> None:
    first = [cell(plan, cast.bob, "revenue", value=Decimal(1))]
    second = [cell(plan, cast.carol, "revenue", value=Decimal(2))]
    assert [write_cells(plan, cells, by=head).created for cells in (first, second)] == [1, 1]


@pytest.mark.parametrize(
    "values",
    [
        {"value": Decimal(0)},
        {"value": Decimal(-1)},
        {"value": Decimal("0.0000001")},
        {"value": Decimal(10) ** 12},
        {"weight": Decimal("100.1")},
        {"weight": Decimal(-1)},
        {"threshold": Decimal(0)},
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_written(
    plan: TargetPlan, cast: Cast, head: User, values: dict[str, Any]
) -> None:
    good = cell(plan, cast.carol, "revenue", value=Decimal(5))
    with pytest.raises(PlanError, match="Петров"):
        write_cells(plan, [good, cell(plan, cast.bob, "revenue", **values)], by=head)
    assert not Target.objects.exists()


@pytest.mark.parametrize("kpi", ["nonsense", "cac"])
def test_kpi_that_no_employee_has_is_refused(plan: TargetPlan, cast: Cast, head: User, kpi: str) -> None:
    with pytest.raises(PlanError, match=kpi):
        write_cells(plan, [cell(plan, cast.bob, kpi, value=Decimal(1))], by=head)


def test_published_plan_changes_with_a_reason_only(plan: TargetPlan, cast: Cast, head: User) -> None:
    set_target(plan, cast.bob, "revenue", "1000", weight="100", by=head)
    publish(plan, by=head, now=NOW)
    change = [cell(plan, cast.bob, "revenue", version=1, value=Decimal(1100))]
    with pytest.raises(PlanError, match="зачем|почему"):
        write_cells(plan, change, by=head, reason="  ")
    assert write_cells(plan, change, by=head, reason="уволился Петров").changed == 1


def test_target_can_be_taken_away(plan: TargetPlan, cast: Cast, head: User) -> None:
    set_target(plan, cast.bob, "revenue", "1000", weight="100", by=head)
    write_cells(plan, [cell(plan, cast.bob, "revenue", version=1, value=None)], by=head)
    assert Target.objects.get().value is None
