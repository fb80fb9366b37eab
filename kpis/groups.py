"""Whose numbers are asked for: an employee's, those of a department and the ones below it, or the whole team's."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from crmsync.departments import list_below, list_members
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
    found = find_department(portal, department)
    return Group(str(found), tuple(list_members(list_below([found], portal=portal))))


def find_employee(portal: Portal, external_id: int) -> Employee:
    """Find an employee by the ID in the CRM. *Raises* GroupError where the mirror has none."""
    employee = Employee.objects.filter(portal=portal, external_id=external_id).first()
    if employee is None:
        text = _("There is no employee with the ID %(id)s on “%(portal)s”: take the ID from the list of employees.")
        raise GroupError(text % {"id": external_id, "portal": portal})
    return employee


def find_department(portal: Portal, external_id: int) -> Department:
    """Find a department by the ID in the CRM. *Raises* GroupError where the mirror has none."""
    department = Department.objects.filter(portal=portal, external_id=external_id).first()
    if department is None:
        text = _("There is no department with the ID %(id)s on “%(portal)s”: take the ID from the list of departments.")
        raise GroupError(text % {"id": external_id, "portal": portal})
    return department
