"""Whose numbers the page “Why so many?” explains: an employee, a department or a team, of those whom the user sees."""

from django.utils.translation import gettext as _

from crmsync.access import Sight
from crmsync.models import Department, Employee, Portal
from kpis.groups import Group, GroupError, find_group


def find_seen_portal(sight: Sight, key: str) -> Portal | None:
    """Find a portal of which a user sees anybody. Empty: None for the others and for those that are absent alike."""
    if not (key.isascii() and key.isdecimal() and len(key) <= 18):
        return None
    portals = Portal.objects.defer("webhook_url").filter(pk=key)
    if not sight.everything:
        seen = Employee.objects.filter(pk__in=sight.employees)
        portals = portals.filter(pk__in=seen.values("portal"))
    return portals.first()


def find_seen_group(
    portal: Portal, sight: Sight, *, employee: int | None = None, department: int | None = None
) -> Group:
    """Find a group as `find_group` does; who is not seen is as absent as who does not exist. Raises: GroupError."""
    if sight.everything:
        return find_group(portal, employee=employee, department=department)
    if employee is not None:
        return find_person(portal, sight, employee)
    if department is None:
        seen = Employee.objects.filter(portal=portal, pk__in=sight.employees)
        return Group(name_everybody(sight), tuple(seen.order_by("pk").values_list("pk", flat=True)))
    if department not in [each.external_id for each in list_seen_departments(portal, sight)]:
        text = _("There is no department with the ID %(id)s on “%(portal)s”: take the ID from the list of departments.")
        raise GroupError(text % {"id": department, "portal": portal})
    return find_group(portal, department=department)


def find_person(portal: Portal, sight: Sight, external_id: int) -> Group:
    """Find an employee who is seen. Raises: GroupError, in the words for one who does not exist."""
    person = Employee.objects.filter(portal=portal, external_id=external_id, pk__in=sight.employees).first()
    if person is None:
        text = _("There is no employee with the ID %(id)s on “%(portal)s”: take the ID from the list of employees.")
        raise GroupError(text % {"id": external_id, "portal": portal})
    return Group(str(person), (person.pk,), person)


def name_everybody(sight: Sight) -> str:
    """Name all who are seen together."""
    return _("Whole team") if sight.everything else _("Your team")


def list_seen_departments(portal: Portal, sight: Sight) -> list[Department]:
    """List the departments of which, with those below, everybody is seen: another's sum would tell of strangers."""
    departments = list(Department.objects.live().filter(portal=portal).order_by("name", "external_id"))
    if sight.everything:
        return departments
    members = Department.employees.through.objects.filter(department__portal=portal)
    staff = list(members.values_list("department__external_id", "employee_id"))
    hidden = {department for department, person in staff if not sight.sees(person)}
    led = climb({department for department, _person in staff}, departments)
    return [each for each in departments if each.external_id in led - climb(hidden, departments)]


def climb(below: set[int], departments: list[Department]) -> set[int]:
    """Add all departments above some; a circle is walked once."""
    parents = {each.external_id: each.parent_external_id for each in departments}
    found, waiting = set(below), list(below)
    while waiting:
        above = parents.get(waiting.pop())
        if above is not None and above not in found:
            found.add(above)
            waiting.append(above)
    return found
