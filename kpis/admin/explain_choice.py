"""What the form of the page “Why so many?” offers: KPIs, and the people and departments whom the user sees."""

from typing import Any

from django.http import HttpRequest

from crmsync.access import visible_to
from crmsync.admin.scope import list_portals
from crmsync.models import Employee, Portal
from crmsync.viewing import read_sight
from kpis.catalog import CATALOG
from kpis.explanations.seen import list_seen_departments, name_everybody


def list_choices(portal: Portal, request: HttpRequest) -> dict[str, Any]:
    """List what the form offers, each by its value and name."""
    sight = read_sight(request)
    people = visible_to(sight, Employee.objects.live().filter(portal=portal))
    people = people.order_by("last_name", "first_name", "external_id")
    return {
        "kpis": [(kpi.key, str(kpi.name)) for kpi in CATALOG],
        "everybody": name_everybody(sight),
        "people": [(str(person.external_id), str(person)) for person in people],
        "departments": [(str(each.external_id), each.name) for each in list_seen_departments(portal, sight)],
        "portals": [(str(key), name) for key, name in list_portals(request).values_list("pk", "name")],
    }
