"""Selector: whose scorecard is asked for, among those whom a user sees."""

from django.db.models import QuerySet

from crmsync.access import Sight, User, visible_to
from crmsync.models import Employee


def find_own(user: User, *, portal: str = "") -> Employee | None:
    """Find the employee that a user is, in the portal that is named or else in his first. Empty: None."""
    return choose(Employee.objects.filter(account__user=user.pk), portal=portal)


def find_seen(sight: Sight, external_id: int, *, portal: str = "") -> Employee | None:
    """Find an employee by the ID in the CRM. Empty: None for who is absent and for who may not be seen alike."""
    return choose(visible_to(sight, Employee.objects.filter(external_id=external_id)), portal=portal)


def choose(people: "QuerySet[Employee]", *, portal: str) -> Employee | None:
    """Choose the employee of a portal by its key as text, the first one where none is named."""
    if portal and not (portal.isascii() and portal.isdecimal() and len(portal) <= 18):
        return None
    found = people.filter(portal=int(portal)) if portal else people
    return found.select_related("portal").defer("portal__webhook_url").order_by("portal_id", "pk").first()
