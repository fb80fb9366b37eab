"""Whose numbers are asked for: an employee's, those of a department and the ones below it, or the whole team's."""

from collections import defaultdict
from dataclasses import dataclass

from django.utils.translation import gettext as _

from crmsync.models import Department, Employee, Portal


class GroupError(ValueError):
    """An employee or a department that the mirror does not have; the text is a translated sentence."""


@dataclass(frozen=True, slots=True)
class Group:
    """A name for people, and the employees by primary key; None for the whole team with what belongs to nobody."""

    name: str
    employees: tuple[int, ...] | None = None
    employee: Employee | None = None


def find_group(portal: Portal, *, employee: int | None = None, department: int | None = None) -> Group:
    """Find an employee, or the people of a department and those below it, by IDs in the CRM. *Raises* GroupError."""
    if employee is not None:
        person = find_employee(portal, employee)
        return Group(str(person), (person.pk,), person)
    if department is None:
        return Group(_("Whole team"))
    found = Department.objects.filter(portal=portal, external_id=department).first()
    if found is None:
        raise GroupError(
            _("There is no department with the ID %(id)s on “%(portal)s”: take the ID from the list of departments.")
            % {"id": department, "portal": portal}
        )
    return Group(found.name, tuple(list_members(portal, department)))


def find_employee(portal: Portal, external_id: int) -> Employee:
    """Find an employee by the ID in the CRM. *Raises* GroupError where the mirror has none."""
    employee = Employee.objects.filter(portal=portal, external_id=external_id).first()
    if employee is None:
        raise GroupError(
            _("There is no employee with the ID %(id)s on “%(portal)s”: take the ID from the list of employees.")
            % {"id": external_id, "portal": portal}
        )
    return employee


def list_members(portal: Portal, department: int) -> list[int]:
    """List the primary keys of the people of a department and of all below it."""
    below: dict[int | None, list[int]] = defaultdict(list)
    for key, parent in Department.objects.filter(portal=portal).values_list("external_id", "parent_external_id"):
        below[parent].append(key)
    inside, waiting = set[int](), [department]
    while waiting:
        key = waiting.pop()
        # A portal's tree may be tied into a ring by hand.
        if key not in inside:
            inside.add(key)
            waiting += below[key]
    people = Employee.objects.filter(portal=portal, departments__external_id__in=inside)
    return sorted(set(people.values_list("pk", flat=True)))
