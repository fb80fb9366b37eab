"""Choosing an employee among thousands: a field that searches as one types, and a filter of those whom a list names."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _

from crmsync.admin.scope import find_scope
from crmsync.admin.search import spell
from crmsync.admin.seen import SeenAdmin, keep_seen
from crmsync.models import Employee, Portal
from crmsync.selectors import find_people

PAGE = 20
EVERYBODY = "all"


def list_staff() -> "QuerySet[Employee]":
    """List the people whom portals list, in the order of their names."""
    staff = Employee.objects.live().filter(is_stub=False)
    return staff.select_related("portal").defer("portal__webhook_url").order_by("last_name", "first_name", "pk")


def find_named(text: str) -> list[int]:
    """Find employees of all portals by their names; returns keys."""
    portals = Portal.objects.defer("webhook_url").order_by("pk")
    return [pk for portal in portals for pk in find_people(portal, text)]


def name_people(people: Iterable[Employee]) -> list[tuple[int, str]]:
    """Name employees so that namesakes can be told apart: with position and, where there are several, portal."""
    shows_portal = Portal.objects.count() > 1
    parts = ((person, person.position, str(person.portal) if shows_portal else "") for person in people)
    return [(person.pk, ", ".join(filter(None, (str(person), *rest)))) for person, *rest in parts]


class PersonSelect(AutocompleteSelect):
    """A field that searches among the people of its own page's list."""

    def get_url(self) -> str:
        opts = self.field.model._meta
        return reverse(f"{self.admin_site.name}:{opts.app_label}_{opts.model_name}_people")


class PersonField(forms.ModelChoiceField):
    """An employee, named with his position and portal."""

    def label_from_instance(self, obj: Any) -> str:
        return name_people([obj])[0][1]


class PersonFilter(admin.SimpleListFilter):
    """Narrows a list to one of the employees whom it names."""

    title = _("employee")
    parameter_name = "employee"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, Any]]:
        rows = model_admin.get_queryset(request).filter(portal=find_scope(request)).order_by()
        named = Employee.objects.filter(pk__in=rows.values("employee")).order_by("last_name", "first_name", "pk")
        everybody = [(EVERYBODY, _("for everybody"))] if rows.filter(employee=None).exists() else []
        return [*everybody, *((str(person.pk), str(person)) for person in named)]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        value = self.value() or ""
        if value == EVERYBODY:
            return queryset.filter(employee=None)
        return queryset.filter(employee=value) if value.isdecimal() else queryset


class PersonAdmin(SeenAdmin):
    """A table whose rows may be about an employee: chosen by search, found by name."""

    search_fields = ("note",)
    search_help_text = _("By name or note.")
    list_select_related = ("employee",)

    def get_urls(self) -> list[URLPattern]:
        name = f"{self.opts.app_label}_{self.opts.model_name}_people"
        return [path("people/", self.admin_site.admin_view(self.people_view), name=name), *super().get_urls()]

    def people_view(self, request: HttpRequest) -> HttpResponse:
        """Answer what is typed into the field with a page of people."""
        if not (self.has_add_permission(request) or self.has_change_permission(request)):
            raise PermissionDenied
        term = request.GET.get("term", "").strip()
        staff = keep_seen(request, list_staff())
        found = staff.filter(pk__in=find_named(term)) if term else staff
        page = Paginator(found, PAGE).get_page(request.GET.get("page"))
        people = [{"id": str(pk), "text": text} for pk, text in name_people(page)]
        return JsonResponse({"results": people, "pagination": {"more": page.has_next()}})

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "employee":
            kwargs |= {
                "form_class": PersonField,
                "queryset": keep_seen(request, list_staff()),
                "widget": PersonSelect(db_field, self.admin_site),
            }
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_search_results(self, request: HttpRequest, queryset: QuerySet, search_term: str) -> tuple[QuerySet, bool]:
        term = search_term.strip()
        condition = Q(employee__in=find_named(term)) if term else Q()
        for spelling in spell(term) if term else ():
            condition |= Q(note__icontains=spelling)
        return queryset.filter(condition), False
