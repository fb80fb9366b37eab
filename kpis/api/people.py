"""The employees that a user sees, found and told with public IDs."""

from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Prefetch, Q, QuerySet

from crmsync.access import Sight, visible_to
from crmsync.admin.search import is_number, spell
from crmsync.models import Department, Employee, Portal

NAMES = ("last_name", "first_name", "middle_name")


def select_people(sight: Sight) -> "QuerySet[Employee]":
    """Select whom a user sees, by name; those who are gone from the portal too, for numbers name them."""
    rooms = Prefetch("departments", Department.objects.live().order_by("name", "external_id"))
    seen = visible_to(sight, Employee.objects.prefetch_related(rooms))
    return seen.order_by("portal", "last_name", "first_name", "external_id")


def narrow(people: "QuerySet[Employee]", asked: dict[str, Any]) -> "QuerySet[Employee]":
    """Keep those whom the parameters mean; the portal is found before."""
    if asked["department"] is not None:
        people = people.filter(departments__external_id=asked["department"], departments__deleted_at=None)
    if asked["is_active"] is not None:
        working = people.filter(is_active=True, deleted_at=None)
        people = working if asked["is_active"] else people.exclude(pk__in=working.order_by().values("pk"))
    for word in asked["search"].split():
        people = people.filter(match_word(word))
    return people


def match_word(word: str) -> Q:
    """Build the condition that a name holds a word, or that it is the ID in the CRM."""
    named = (Q(**{f"{name}__icontains": spelling}) for name in NAMES for spelling in spell(word))
    return reduce(or_, named, Q(external_id=int(word)) if is_number(word) else Q(pk__in=[]))


def describe_employee(employee: Employee) -> dict[str, Any]:
    """Tell an employee as JSON knows him."""
    return {
        "id": f"{employee.portal_id}-{employee.external_id}",
        "portal": employee.portal_id,
        "external_id": employee.external_id,
        "name": str(employee),
        "position": employee.position,
        "departments": [{"external_id": room.external_id, "name": room.name} for room in employee.departments.all()],
        "is_active": employee.is_active and employee.deleted_at is None,
    }


def describe_portal(portal: Portal) -> dict[str, Any]:
    """Tell a portal as JSON knows it."""
    return {
        "id": portal.pk,
        "name": portal.name,
        "time_zone": portal.time_zone,
        "base_currency": portal.base_currency,
    }
