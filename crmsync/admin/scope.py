"""Whose rows a list shows: one portal at a time, so that every query starts with the column its index starts with."""

from collections.abc import Callable, Iterator
from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crmsync.models import Employee, Portal
from crmsync.viewing import read_sight

PORTAL_VAR = "portal"


def list_portals(request: HttpRequest) -> "QuerySet[Portal]":
    """List the portals of which the user sees anything, without their secrets."""
    portals = Portal.objects.defer("webhook_url").order_by("pk")
    sight = read_sight(request)
    if sight.everything:
        return portals
    return portals.filter(pk__in=Employee.objects.filter(pk__in=sight.employees).values("portal"))


def find_scope(request: HttpRequest) -> Portal | None:
    """Find the portal that a list is asked for: the chosen one, else the first."""
    portals = list_portals(request)
    chosen = request.GET.get(PORTAL_VAR, "")
    wanted = portals.filter(pk=chosen).first() if chosen.isdecimal() else None
    return wanted or portals.first()


def render_in_zone(portal: Portal | None, view: Callable[[], HttpResponse]) -> HttpResponse:
    """Run a view and render its page with instants in the portal's zone, in which its days are cut."""
    with timezone.override(portal.zone if portal else None):
        response = view()
        return response.render() if isinstance(response, TemplateResponse) else response


class PortalFilter(admin.SimpleListFilter):
    """Offers the portals where there are several; the list itself keeps to the one in scope."""

    title = _("portal")
    parameter_name = PORTAL_VAR

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [(str(pk), name) for pk, name in list_portals(request).values_list("pk", "name")]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset

    def choices(self, changelist: ChangeList) -> Iterator[Any]:
        """Offer the portals without the usual "All", marking the one that is shown."""
        chosen = self.value() if self.value() in dict(self.lookup_choices) else None
        current = chosen or next((key for key, _name in self.lookup_choices), None)
        for key, name in self.lookup_choices:
            link = changelist.get_query_string({PORTAL_VAR: key})
            yield {"selected": key == current, "query_string": link, "display": name}
