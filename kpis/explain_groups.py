"""Whose number is explained: an employee, or a department with all that is below it, by their IDs in the CRM."""

from collections import defaultdict

from django.utils.translation import gettext as _

from crmsync.models import Department, Employee, Portal
from kpis.explain_scope import ScopeError


def find_employee(portal: Portal, external_id: int) -> Employee:
    """Find an employee by the ID in the CRM. Raises: ScopeError where the mirror has none."""
    employee = Employee.objects.filter(portal=portal, external_id=external_id).first()
    if employee is None:
        text = _("There is no employee with the ID %(id)s on “%(portal)s”: take the ID from the list of employees.")
        raise ScopeError(text % {"id": external_id, "portal": portal})
    return employee


def find_department(portal: Portal, external_id: int) -> Department:
    """Find a department by the ID in the CRM. Raises: ScopeError where the mirror has none."""
    department = Department.objects.filter(portal=portal, external_id=external_id).first()
    if department is None:
        text = _("There is no department with the ID %(id)s on “%(portal)s”: take the ID from the list of departments.")
        raise ScopeError(text % {"id": external_id, "portal": portal})
    return department


def list_members(department: Department) -> list[int]:
    """List the employees of a department and of all departments below it, by primary key."""
    below = list_below(department)
    known = Employee.objects.filter(portal=department.portal_id, departments__in=below)
    return sorted(set(known.values_list("pk", flat=True)))


def list_below(department: Department) -> list[int]:
    """List a department and all below it, by primary key; a circle of departments is walked once."""
    tree: dict[int | None, list[tuple[int, int]]] = defaultdict(list)
    rows = Department.objects.live().filter(portal=department.portal_id)
    for key, external_id, parent in rows.values_list("pk", "external_id", "parent_external_id"):
        tree[parent].append((key, external_id))
    found, waiting = {department.pk}, [department.external_id]
    while waiting:
        for key, external_id in tree[waiting.pop()]:
            if key not in found:
                found.add(key)
                waiting.append(external_id)
    return sorted(found)
