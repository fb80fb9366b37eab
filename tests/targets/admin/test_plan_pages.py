"""Plans are made, staffed and looked back at; who may not see one cannot tell that it exists."""

from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client

from crmsync.models import Account, Department, Portal, Role
from targets.models import PlanMember, Scorecard, Target, TargetPlan
from targets.plans import acknowledge, publish
from tests.conftest import Cast
from tests.targets.admin.conftest import enter
from tests.targets.admin.test_grid import locate, name, read
from tests.targets.world import MARCH, NOW, make_scheme, set_target

LIST = "/admin/targets/targetplan/"


@pytest.fixture
def heading(portal: Portal, cast: Cast) -> Client:
    """Alice, who heads sales and may plan for whom she sees."""
    user = User.objects.create_user("volkova")
    user.groups.add(Group.objects.get(name=Role.HEAD))
    Account.objects.create(portal=portal, user=user, employee=cast.alice)
    return enter(user)


def fill(portal: Portal, **values: Any) -> dict[str, Any]:
    return {"period": "2026-03", "name": "Sales", "scheme": make_scheme(portal).pk, **values}


def test_plan_of_a_department_is_made(root: Client, portal: Portal, cast: Cast) -> None:
    sales = Department.objects.get(name="Продажи")
    answer = root.post(f"{LIST}add/", fill(portal, department=sales.pk))
    plan = TargetPlan.objects.get()
    assert answer["Location"] == locate(plan)
    assert plan.members.count() == 3


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({}, "Choose a department or people"),
        ({"period": "2026-03-05", "people": "all"}, "A plan is for a month"),
        ({"period": "soon", "people": "all"}, "There is no period"),
    ],
)
def test_plan_that_cannot_be_is_told(root: Client, portal: Portal, cast: Cast, values: Any, told: str) -> None:
    sent = fill(portal, **values)
    if "people" in sent:
        sent["people"] = [cast.bob.pk]
    assert told in read(root.post(f"{LIST}add/", sent))
    assert not TargetPlan.objects.exists()


def test_second_plan_for_the_same_people_is_told(root: Client, plan: TargetPlan, cast: Cast) -> None:
    sent = {"period": "2026-03", "name": "B", "scheme": plan.scheme_id, "people": [cast.bob.pk]}
    assert "Петров Борис: already in another plan" in read(root.post(f"{LIST}add/", sent))


def test_people_come_and_go(root: Client, plan: TargetPlan, cast: Cast, head: User) -> None:
    set_target(plan, cast.bob, "revenue", "1000", weight="100", by=head)
    bob = plan.members.get(employee=cast.bob)
    root.post(f"{LIST}{plan.pk}/people/", {"add": [cast.dave.pk], "remove": [bob.pk]})
    assert {member.employee for member in plan.members.all()} == {cast.carol, cast.dave}
    assert not Target.objects.exists()


def test_last_one_stays(root: Client, plan: TargetPlan) -> None:
    page = root.post(f"{LIST}{plan.pk}/people/", {"remove": [member.pk for member in plan.members.all()]})
    assert "at least one employee" in read(page)
    assert plan.members.count() == 2


def test_who_has_a_scorecard_stays(root: Client, plan: TargetPlan, cast: Cast) -> None:
    bob = plan.members.get(employee=cast.bob)
    period = {"period_key": MARCH.key, "start_on": MARCH.start, "end_on": MARCH.end}
    Scorecard.objects.create(portal=plan.portal, member=bob, employee=cast.bob, currency="RUB", **period)
    assert "has a scorecard" in read(root.post(f"{LIST}{plan.pk}/people/", {"remove": [bob.pk]}))


def test_history_tells_who_changed_what_and_why(root: Client, plan: TargetPlan, cast: Cast, head: User) -> None:
    set_target(plan, cast.bob, "revenue", "1000", weight="100", by=head)
    publish(plan, by=head, now=NOW)
    root.post(locate(plan), {name(plan, cast.bob, version=1): "900", "reason": "a sick leave"})
    cell = f"{plan.members.get(employee=cast.bob).pk}.revenue"
    page = read(root.get(f"{LIST}{plan.pk}/history/?cell={cell}"))
    assert "target: 1,000 → 900" in page
    assert "a sick leave" in page
    assert page.index("root") < page.index("alice")


def test_list_tells_how_many_have_acknowledged(root: Client, plan: TargetPlan, cast: Cast, head: User) -> None:
    for who in (cast.bob, cast.carol):
        set_target(plan, who, "revenue", "1000", weight="100", by=head)
    publish(plan, by=head, now=NOW)
    acknowledge(PlanMember.objects.select_related("plan").get(employee=cast.bob), by=head, now=NOW)
    assert "1 of 2" in read(root.get(LIST))
    assert "acknowledged 04/02/2026" in read(root.get(locate(plan)))


def test_head_plans_for_whom_she_sees(
    heading: Client, plan: TargetPlan, cast: Cast, django_assert_max_num_queries: Any
) -> None:
    heading.post(locate(plan), {name(plan, cast.bob): "5"})
    assert Target.objects.get().value == 5
    with django_assert_max_num_queries(18):
        read(heading.get(locate(plan)))


def test_plan_with_one_stranger_is_absent_for_a_head(heading: Client, plan: TargetPlan, cast: Cast) -> None:
    PlanMember.objects.create(plan=plan, employee=cast.dave, period_key=plan.period_key)
    pages = ("change/", "history/", "people/", "publish/", "cell/")
    assert {heading.get(f"{LIST}{plan.pk}/{page}").status_code for page in pages} == {404}
    assert {heading.get(f"{LIST}999999/{page}").status_code for page in pages} == {404}
    assert plan.name not in read(heading.get(LIST))


@pytest.mark.parametrize("by_department", [True, False])
def test_head_does_not_plan_for_strangers(heading: Client, portal: Portal, cast: Cast, by_department: bool) -> None:
    service = Department.objects.get(name="Сервис")
    chosen = {"department": service.pk} if by_department else {"people": [cast.dave.pk]}
    page = read(heading.post(f"{LIST}add/", fill(portal, **chosen)))
    assert "Орлов" not in page
    assert "Сервис" not in page
    assert not TargetPlan.objects.exists()


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.MANAGER])
def test_who_may_only_look_changes_nothing(portal: Portal, plan: TargetPlan, cast: Cast, role: str) -> None:
    user = User.objects.create_user("kim")
    user.groups.add(Group.objects.get(name=role))
    browser = enter(user)
    assert browser.post(locate(plan), {name(plan, cast.bob): "5"}).status_code == 403
    assert not Target.objects.exists()
