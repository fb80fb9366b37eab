"""A year spread over its months: sums to the last unit, everything else as it is; twelve drafts or none."""

from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from crmsync.models import Portal
from kpis.catalog import BY_KEY
from kpis.periods import parse_period
from targets.errors import PlanError
from targets.models import SeasonalProfile, Target, TargetPlan
from targets.models.seasons import SHARES
from targets.plans import create_plan
from targets.seasons import make_monthly_plans, spread_sum
from tests.conftest import Cast
from tests.targets.admin.conftest import enter
from tests.targets.world import make_scheme, set_target

EVEN = ["8.333333"] * 11 + ["8.333337"]
NO_SUMMER = ["10"] * 5 + ["0", "0"] + ["10"] * 5


def make_profile(portal: Portal, shares: list[str]) -> SeasonalProfile:
    values = dict(zip(SHARES, map(Decimal, shares), strict=True))
    return SeasonalProfile.objects.create(portal=portal, name="Год", **values)


@pytest.fixture
def year(portal: Portal, cast: Cast, head: User) -> TargetPlan:
    people = [cast.bob, cast.carol]
    period = parse_period("2027")
    plan = create_plan(portal, period, name="Отдел", scheme=make_scheme(portal), by=head, employees=people)
    set_target(plan, cast.bob, "revenue", "12000001", weight="60", by=head)
    set_target(plan, cast.bob, "lead_conversion", "18.5", weight="40", by=head)
    return plan


def test_sums_follow_the_profile_and_shares_are_copied(year: TargetPlan, head: User) -> None:
    plans = make_monthly_plans(year, make_profile(year.portal, NO_SUMMER), by=head)
    assert [plan.period_key for plan in plans] == [f"2027-{month:02d}" for month in range(1, 13)]
    targets = Target.objects.filter(member__plan__in=plans).order_by("member__period_key")
    revenue = [target.value for target in targets if target.kpi == "revenue"]
    assert revenue == [Decimal(1_200_001), *[Decimal(1_200_000)] * 4, None, None, *[Decimal(1_200_000)] * 5]
    assert {(each.value, each.weight) for each in targets if each.kpi == "lead_conversion"} == {
        (Decimal("18.5"), Decimal(40))
    }


@given(st.decimals(min_value="0.01", max_value="99999999999", places=2))
def test_months_sum_to_the_year(total: Decimal) -> None:
    for shares in (EVEN, NO_SUMMER):
        parts = spread_sum(total, [Decimal(share) for share in shares], BY_KEY["revenue"])
        assert sum(filter(None, parts)) == total


def test_month_that_is_planned_already_stops_all(year: TargetPlan, cast: Cast, head: User) -> None:
    august = parse_period("2027-08")
    create_plan(year.portal, august, name="Другой", scheme=year.scheme, by=head, employees=[cast.carol])
    with pytest.raises(PlanError, match="Ким"):
        make_monthly_plans(year, make_profile(year.portal, EVEN), by=head)
    assert TargetPlan.objects.count() == 2


def test_only_a_year_is_spread(year: TargetPlan, cast: Cast, head: User) -> None:
    month = create_plan(
        year.portal, parse_period("2027-08"), name="М", scheme=year.scheme, by=head, employees=[cast.dave]
    )
    with pytest.raises(PlanError):
        make_monthly_plans(month, make_profile(year.portal, EVEN), by=head)


@pytest.mark.parametrize("shares", [["10"] * 12, [*EVEN[:11], "8.333336"], ["-10", *["10"] * 11]])
def test_database_refuses_shares_that_are_no_year(portal: Portal, shares: list[str]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        make_profile(portal, shares)


@pytest.mark.parametrize(("shares", "is_good"), [(EVEN, True), (["10"] * 12, False)])
def test_profile_is_entered_in_the_admin(root: Client, portal: Portal, shares: list[str], is_good: bool) -> None:
    sent: dict[str, Any] = {"portal": portal.pk, "name": "Y", **dict(zip(SHARES, shares, strict=True))}
    page = root.post("/admin/targets/seasonalprofile/add/", sent)
    assert SeasonalProfile.objects.exists() == is_good
    if is_good:
        assert SeasonalProfile.objects.get().shares[11] == Decimal("8.333337")
    else:
        assert "sum to 120" in page.content.decode()


def test_year_is_spread_from_its_page(root: Client, year: TargetPlan) -> None:
    profile = make_profile(year.portal, EVEN)
    root.post(f"/admin/targets/targetplan/{year.pk}/months/", {"profile": profile.pk})
    assert TargetPlan.objects.count() == 13


@pytest.fixture
def root(db: None) -> Client:
    return enter(User.objects.create_superuser("root"))
