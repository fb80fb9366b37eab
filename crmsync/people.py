"""Employees whom records name: found by their CRM id, or kept as stubs where the portal does not list them."""

from collections.abc import Iterable
from typing import Any

from crmsync.models import Department, Employee, Portal


class People:
    """The employees of one portal by CRM id; a name met for the first time gets a stub."""

    def __init__(self, portal: Portal) -> None:
        self.portal = portal
        self.ids: dict[int, int] = {}
        self.reload()

    def reload(self) -> None:
        """Read all employees again."""
        self.ids = dict(Employee.objects.filter(portal=self.portal).values_list("external_id", "pk"))

    def ensure(self, external_ids: Iterable[int | None]) -> None:
        """Make stubs for the ids that no row has yet; fired and hidden users are named by records too."""
        missing = {found for found in external_ids if found is not None and found not in self.ids}
        if not missing:
            return
        stubs = [Employee(portal=self.portal, external_id=external_id) for external_id in sorted(missing)]
        Employee.objects.bulk_create(stubs, ignore_conflicts=True)
        self.reload()


def seat_employees(portal: Portal, external_ids: Iterable[int]) -> None:
    """Put employees into the departments that their records list."""
    rooms = dict(Department.objects.filter(portal=portal).values_list("external_id", "pk"))
    seats: list[Any] = []
    through = Employee.departments.through
    employees = list(Employee.objects.filter(portal=portal, external_id__in=list(external_ids)))
    for employee in employees:
        found = [rooms[room] for room in dict.fromkeys(employee.department_external_ids) if room in rooms]
        seats += [through(employee_id=employee.pk, department_id=room) for room in found]
    through.objects.filter(employee__in=employees).delete()
    through.objects.bulk_create(seats)
