"""The portal's department tree: what lies below a department, and who works there."""

from collections import defaultdict
from collections.abc import Collection, Iterable

from crmsync.models import Department, Employee, Portal


def list_below(departments: Iterable[Department], *, portal: Portal | int) -> list[int]:
    """List departments of one portal and all below them, by primary key; a circle of departments is walked once."""
    tree: dict[int | None, list[tuple[int, int]]] = defaultdict(list)
    rows = Department.objects.live().filter(portal=portal)
    for key, external_id, parent in rows.values_list("pk", "external_id", "parent_external_id"):
        tree[parent].append((key, external_id))
    roots = list(departments)
    found, waiting = {root.pk for root in roots}, [root.external_id for root in roots]
    while waiting:
        for key, external_id in tree[waiting.pop()]:
            if key not in found:
                found.add(key)
                waiting.append(external_id)
    return sorted(found)


def list_members(departments: Collection[int]) -> list[int]:
    """List the employees of these departments, by primary key."""
    known = Employee.objects.filter(departments__in=departments).values_list("pk", flat=True)
    return sorted(set(known))
