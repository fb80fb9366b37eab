"""Whose numbers a request may ask for: the portals, people and departments that its user sees.

What one may not see is refused exactly like what does not exist.
"""

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from rest_framework.exceptions import NotFound

from crmsync.access import Sight
from crmsync.models import Employee, Portal
from kpis.api.errors import refuse
from kpis.explanations.seen import find_seen_group
from kpis.groups import Group, GroupError


def list_portals(sight: Sight) -> "QuerySet[Portal]":
    """List the portals of which a user sees anything, without their secrets."""
    portals = Portal.objects.defer("webhook_url").order_by("pk")
    if sight.everything:
        return portals
    return portals.filter(pk__in=Employee.objects.filter(pk__in=sight.employees).values("portal"))


def choose_portal(sight: Sight, number: int | None) -> Portal:
    """Find the portal that is meant: the named one, or the only one that is seen.

    Raises: NotFound where there is none, ValidationError where several could be meant.
    """
    portals = list(list_portals(sight) if number is None else list_portals(sight).filter(pk=number))
    if not portals:
        raise NotFound
    if len(portals) > 1:
        known = ", ".join(f"{portal.pk} ({portal.name})" for portal in portals)
        text = _("You see several portals: name one with “portal” (%(known)s).") % {"known": known}
        raise refuse("portal_needed", text, parameter="portal")
    return portals[0]


def find_whose(sight: Sight, portal: Portal, *, employee: int | None = None, department: int | None = None) -> Group:
    """Find the employees who are meant, by IDs in the CRM; when none is named, everybody who is seen.

    Raises: NotFound for an employee, or a department with anybody, whom the user does not see.
    """
    try:
        return find_seen_group(portal, sight, employee=employee, department=department)
    except GroupError as error:
        raise NotFound from error
