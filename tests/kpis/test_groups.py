"""Whose numbers: an employee, a department with those below it, everybody; a wrong ID is told in a sentence."""

import pytest

from crmsync.models import Department, Portal
from kpis.groups import GroupError, find_group
from tests.conftest import Cast


@pytest.fixture
def tree(portal: Portal, cast: Cast) -> Portal:
    """Dave's department lies below sales."""
    Department.objects.filter(external_id=2).update(parent_external_id=1)
    return portal


def test_department_has_its_people_and_those_below_it(tree: Portal, cast: Cast) -> None:
    assert find_group(tree, department=1).employees == tuple(person.pk for person in cast)
    assert find_group(tree, department=2).employees == (cast.dave.pk,)


def test_departments_in_a_ring_end(tree: Portal, cast: Cast) -> None:
    Department.objects.filter(external_id=1).update(parent_external_id=2)
    assert find_group(tree, department=2).employees == tuple(person.pk for person in cast)


def test_employee_is_alone_and_everybody_is_no_list(portal: Portal, cast: Cast) -> None:
    assert find_group(portal, employee=2).employees == (cast.bob.pk,)
    assert (find_group(portal).employees, find_group(portal).name) == (None, "Вся команда")


@pytest.mark.parametrize("wanted", [{"employee": 77}, {"department": 77}])
def test_unknown_id_is_told(portal: Portal, cast: Cast, wanted: dict[str, int]) -> None:
    with pytest.raises(GroupError, match="77"):
        find_group(portal, **wanted)


def test_another_portals_people_are_unknown(portal: Portal, cast: Cast) -> None:
    other = Portal.objects.create(name="Другой", origin="https://other.example")
    with pytest.raises(GroupError):
        find_group(other, employee=2)
