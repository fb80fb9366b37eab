"""The tools of a grid: what they put into it, and that nothing is saved by that."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from crmsync.models import Portal
from kpis.periods import parse_period
from targets.models import Target, TargetPlan
from targets.plans import create_plan
from tests.conftest import Cast
from tests.targets.admin.past import fill_past
from tests.targets.admin.test_grid import locate, name, read
from tests.targets.world import MARCH, set_target


@pytest.fixture
def past(portal: Portal, cast: Cast) -> None:
    """Bob's last six months of revenue are 1.7 to 2.2 million, Carol's 0.1 more each."""
    fill_past(portal, [cast.bob, cast.carol], until=MARCH.start)


def ask(root: Client, plan: TargetPlan, tool: str, **asked: Any) -> str:
    typed = asked.pop("typed", {})
    page = read(
        root.post(locate(plan), {"do": tool, **{f"{tool}-{key}": value for key, value in asked.items()}, **typed})
    )
    assert not Target.objects.filter(member__plan=plan).exists()
    return page


def shown(plan: TargetPlan, who: Any, value: str, kpi: str = "revenue") -> str:
    return f'name="{name(plan, who, kpi)}" value="{value}" data-was=""'


def test_targets_of_another_period_are_copied(root: Client, plan: TargetPlan, cast: Cast, head: User) -> None:
    period = parse_period("2026-02")
    older = create_plan(plan.portal, period, name="Ф", scheme=plan.scheme, by=head, employees=[cast.bob])
    set_target(older, cast.bob, "revenue", "1000", weight="100", by=head)
    page = ask(root, plan, "copy", period="2026-02", percent="5", what="targets")
    assert shown(plan, cast.bob, "1,050") in page
    assert f'name="{name(plan, cast.bob, field="weight")}"' in page


def test_results_of_another_period_are_copied(root: Client, plan: TargetPlan, cast: Cast, past: None) -> None:
    page = ask(root, plan, "copy", period="2026-02", percent="10", what="results")
    assert shown(plan, cast.bob, "2,420,000") in page


@pytest.mark.parametrize("period", ["2024-01", "yesterday"])
def test_period_with_nothing_to_copy_is_told(root: Client, plan: TargetPlan, period: str) -> None:
    assert 'class="error"' in ask(root, plan, "copy", period=period, percent="", what="targets")


def test_total_is_shared_out_exactly(root: Client, plan: TargetPlan, cast: Cast, past: None) -> None:
    page = ask(root, plan, "share", kpi="revenue", total="1,000,001", way="equal")
    # Ким stands before Петров.
    assert shown(plan, cast.carol, "500,001") in page
    assert shown(plan, cast.bob, "500,000") in page
    page = ask(root, plan, "share", kpi="revenue", total="23,999,999", way="history")
    assert shown(plan, cast.bob, "11,699,999") in page or shown(plan, cast.bob, "11,700,000") in page


def test_total_without_shares_is_refused(root: Client, plan: TargetPlan) -> None:
    assert "choose equal parts" in ask(root, plan, "share", kpi="revenue", total="5", way="targets")
    assert "greater than zero" in ask(root, plan, "share", kpi="revenue", total="0", way="equal")


def test_empty_cells_are_suggested_beside_what_was_typed(
    root: Client, plan: TargetPlan, cast: Cast, past: None
) -> None:
    page = ask(root, plan, "suggest", way="value", cells="empty", typed={name(plan, cast.carol): "7"})
    assert shown(plan, cast.bob, "1,950,000") in page
    assert shown(plan, cast.carol, "7") in page


def test_empty_cells_are_filled_down(root: Client, plan: TargetPlan, cast: Cast) -> None:
    assert shown(plan, cast.bob, "70") in ask(root, plan, "fill", typed={name(plan, cast.carol): "70"})
