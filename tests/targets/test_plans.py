"""Plans: who is in one, when it can be published, and what publishing keeps."""

from decimal import Decimal

import pytest
from django.contrib.auth.models import User

from crmsync.models import Department, Portal
from kpis.periods import parse_period
from targets.errors import PlanError
from targets.models import PlanMember, PlanStatus, Target
from targets.plans import acknowledge, create_plan, publish
from tests.conftest import Cast
from tests.targets.world import MARCH, NOW, make_plan, make_scheme, set_target


def test_plan_of_a_department_has_its_people(portal: Portal, cast: Cast, head: User) -> None:
    sales = Department.objects.get(name="Продажи")
    plan = create_plan(portal, MARCH, name="Отдел", scheme=make_scheme(portal), by=head, department=sales)
    people = {member.employee for member in plan.members.all()}
    assert people == {cast.alice, cast.bob, cast.carol}


def test_nobody_has_two_plans_for_one_period(portal: Portal, cast: Cast, head: User) -> None:
    plan = make_plan(portal, [cast.bob], head)
    with pytest.raises(PlanError, match="Петров"):
        create_plan(portal, MARCH, name="Ещё", scheme=plan.scheme, by=head, employees=[cast.bob, cast.carol])
    assert PlanMember.objects.count() == 1


@pytest.mark.parametrize("key", ["2026-03-05", "2026-W10"])
def test_plan_is_for_a_month_a_quarter_or_a_year(portal: Portal, cast: Cast, head: User, key: str) -> None:
    with pytest.raises(PlanError):
        create_plan(portal, parse_period(key), name="Нет", scheme=make_scheme(portal), by=head, employees=[cast.bob])


@pytest.mark.parametrize(("weights", "is_good"), [(("60", "40"), True), (("60", "39.9"), False)])
def test_weights_sum_to_a_hundred(
    portal: Portal, cast: Cast, head: User, weights: tuple[str, str], is_good: bool
) -> None:
    plan = make_plan(portal, [cast.bob, cast.carol], head)
    set_target(plan, cast.bob, "revenue", "1000", weight=weights[0], by=head)
    set_target(plan, cast.bob, "deals_won", "5", weight=weights[1], by=head)
    if is_good:
        publish(plan, by=head, now=NOW)
    else:
        with pytest.raises(PlanError, match="Петров"):
            publish(plan, by=head, now=NOW)
    assert plan.status == (PlanStatus.PUBLISHED if is_good else PlanStatus.DRAFT)


def test_two_of_one_name_have_weights_of_their_own(portal: Portal, cast: Cast, head: User) -> None:
    type(cast.carol).objects.filter(pk=cast.carol.pk).update(first_name="Борис", last_name="Петров")
    plan = make_plan(portal, [cast.bob, cast.carol], head)
    for who in (cast.bob, cast.carol):
        set_target(plan, who, "revenue", "1000", weight="100", by=head)
    publish(plan, by=head, now=NOW)
    assert plan.status == PlanStatus.PUBLISHED


def test_published_target_is_kept_beside_a_changed_one(portal: Portal, cast: Cast, head: User) -> None:
    plan = make_plan(portal, [cast.bob], head)
    set_target(plan, cast.bob, "revenue", "1000", weight="100", by=head)
    publish(plan, by=head, now=NOW)
    set_target(plan, cast.bob, "revenue", "1200", weight="100", by=head, version=1)
    target = Target.objects.get()
    assert (target.value, target.published_value, target.version) == (Decimal(1200), Decimal(1000), 2)


def test_every_change_has_its_author_and_reason(portal: Portal, cast: Cast, head: User) -> None:
    plan = make_plan(portal, [cast.bob], head)
    set_target(plan, cast.bob, "revenue", "1000", weight="100", by=head)
    publish(plan, by=head, now=NOW)
    told = [(row.value, row.history_user, row.history_change_reason) for row in Target.history.order_by("history_id")]
    assert told == [(Decimal(1000), head, "план"), (Decimal(1000), head, "опубликован")]


def test_manager_acknowledges_a_published_plan_once(portal: Portal, cast: Cast, head: User) -> None:
    plan = make_plan(portal, [cast.bob], head)
    set_target(plan, cast.bob, "revenue", "1000", weight="100", by=head)
    member = plan.members.get()
    with pytest.raises(PlanError):
        acknowledge(member, by=head, now=NOW)
    publish(plan, by=head, now=NOW)
    member = plan.members.get()
    assert acknowledge(member, by=head, now=NOW)
    assert not acknowledge(member, by=head, now=NOW)
    assert plan.members.get().acknowledged_at == NOW
