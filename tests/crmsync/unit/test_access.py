"""Who sees whose rows: four roles, the department tree, explicit gifts, and what an outsider must not tell apart."""

import pytest
from django.contrib.auth.models import AnonymousUser, Group, User

from crmsync.access import Sight, find_sight, visible_to
from crmsync.models import Account, Deal, Department, Employee, Oversight, Pipeline, Portal, Role
from tests.conftest import Cast, hire


def enter(name: str, employee: Employee | None, *roles: str) -> User:
    user = User.objects.create_user(name)
    user.groups.set(Group.objects.filter(name__in=roles))
    if employee:
        Account.objects.create(portal=employee.portal, user=user, employee=employee)
    return user


def test_head_sees_his_department_and_those_below(portal: Portal, cast: Cast) -> None:
    below = Department.objects.create(portal=portal, external_id=3, name="Опт", parent_external_id=1)
    erin = hire(portal, 5, "Ирина", "Белова", below)
    sight = find_sight(enter("alice", cast.alice, Role.HEAD))
    assert sight == Sight(employees=frozenset({cast.alice.pk, cast.bob.pk, cast.carol.pk, erin.pk}))


def test_manager_sees_himself(cast: Cast) -> None:
    assert find_sight(enter("bob", cast.bob, Role.MANAGER)) == Sight(employees=frozenset({cast.bob.pk}))


def test_head_in_the_portal_who_is_a_manager_here_sees_himself(cast: Cast) -> None:
    assert find_sight(enter("alice", cast.alice, Role.MANAGER)) == Sight(employees=frozenset({cast.alice.pk}))


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.AUDITOR])
def test_administrator_and_auditor_see_everything(db: None, role: str) -> None:
    assert find_sight(enter("olga", None, role)) == Sight(everything=True)


def test_superuser_is_an_administrator(db: None) -> None:
    assert find_sight(User.objects.create_superuser("root")).everything


def test_user_without_a_role_sees_nothing(cast: Cast) -> None:
    assert find_sight(enter("bob", cast.bob)) == Sight()
    assert find_sight(AnonymousUser()) == Sight()


def test_user_who_left_sees_nothing(cast: Cast) -> None:
    user = enter("bob", cast.bob, Role.ADMINISTRATOR)
    user.is_active = False
    assert find_sight(user) == Sight()


def test_head_sees_what_was_given_to_him(portal: Portal, cast: Cast) -> None:
    user = enter("carol", cast.carol, Role.HEAD)
    Oversight.objects.create(user=user, employee=cast.bob)
    assert find_sight(user).employees == {cast.carol.pk, cast.bob.pk}
    Oversight.objects.create(user=user, department=Department.objects.get(name="Сервис"))
    assert find_sight(user).employees == {cast.carol.pk, cast.bob.pk, cast.dave.pk}


def test_department_of_the_same_number_on_another_portal_is_another(cast: Cast) -> None:
    other = Portal.objects.create(name="Лютик", origin="https://lutik.example", webhook_url="https://lutik.example/")
    theirs = Department.objects.create(portal=other, external_id=1, name="Продажи", head_external_id=1)
    hire(other, 9, "Нина", "Чужая", theirs)
    assert find_sight(enter("alice", cast.alice, Role.HEAD)).employees == {
        cast.alice.pk,
        cast.bob.pk,
        cast.carol.pk,
    }


def test_deal_is_seen_by_who_answers_for_it_and_by_who_is_credited(portal: Portal, cast: Cast) -> None:
    Deal.objects.create(portal=portal, external_id=1, responsible=cast.dave, credited_to=cast.bob)
    Deal.objects.create(portal=portal, external_id=2, responsible=cast.dave, credited_to=cast.dave)
    Deal.objects.create(portal=portal, external_id=3)
    seen = visible_to(enter("bob", cast.bob, Role.MANAGER), Deal.objects.order_by("external_id"))
    assert list(seen.values_list("external_id", flat=True)) == [1]


def test_rows_that_do_not_say_by_whom_they_are_seen_are_refused(cast: Cast) -> None:
    with pytest.raises(TypeError, match="seen_by"):
        visible_to(enter("bob", cast.bob, Role.MANAGER), Pipeline.objects.all())
