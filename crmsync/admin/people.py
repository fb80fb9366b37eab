"""The admin of employees and departments."""

from typing import Any

from django.contrib import admin
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from crmsync.admin.columns import reference
from crmsync.admin.invites import Inviting
from crmsync.admin.readonly import MirrorAdmin
from crmsync.admin.references import NOTHING, link_row
from crmsync.admin.scope import list_portals
from crmsync.models import Department, Employee, Invite
from crmsync.selectors import find_people


@admin.register(Department)
class DepartmentAdmin(MirrorAdmin):
    list_display = ("external_id", "name", "parent", "head")
    list_display_links = ("external_id", "name")
    fields = ("portal", "external_id", "name", "parent", "head")
    sortable_by = None
    ordering = ("external_id",)
    search_help_text = _("By ID or name.")
    text_columns = ("name",)
    references = {"parent": (Department, "parent_external_id"), "head": (Employee, "head_external_id")}
    parent = reference("parent", "parent_external_id", _("parent"))
    head = reference("head", "head_external_id", _("head"))


@admin.register(Employee)
class EmployeeAdmin(Inviting, MirrorAdmin):
    list_display = (
        "external_id",
        "full_name",
        "access",
        "position",
        "department_names",
        "email",
        "is_active",
        "is_stub",
    )
    actions = ("invite",)
    list_display_links = ("external_id", "full_name")
    list_filter = ("is_active", "is_stub")
    fields = (
        "portal",
        "external_id",
        ("last_name", "first_name", "middle_name"),
        "email",
        "position",
        "departments",
        ("is_active", "is_stub"),
        "access",
    )
    sortable_by = None
    ordering = ("last_name", "first_name", "external_id")
    search_help_text = _("By ID, name or e-mail.")
    person_columns = ("pk",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Employee]:
        waiting = Prefetch("invites", Invite.objects.open(timezone.now()), to_attr="waiting")
        return super().get_queryset(request).select_related("account__user").prefetch_related("departments", waiting)

    def get_search_results(self, request: HttpRequest, queryset: QuerySet, search_term: str) -> tuple[QuerySet, bool]:
        if not request.path.endswith("/autocomplete/"):
            return super().get_search_results(request, queryset, search_term)
        # A form that chooses an employee has no portal in scope.
        found = [key for portal in list_portals(request) for key in find_people(portal, search_term)]
        return queryset.filter(pk__in=found, deleted_at=None, is_stub=False), False

    @admin.display(description=_("full name"), ordering="last_name")
    def full_name(self, employee: Employee) -> str:
        return str(employee)

    @admin.display(description=_("access"))
    def access(self, employee: Any) -> str:
        """Say who the employee is on the site, or until when an invitation waits."""
        account = getattr(employee, "account", None)
        if account:
            return link_row(account.user)
        if not employee.waiting:
            return NOTHING
        return gettext("invited until %(day)s") % {
            "day": date_format(employee.waiting[0].expires_at, "SHORT_DATE_FORMAT")
        }

    @admin.display(description=_("departments"))
    def department_names(self, employee: Employee) -> str:
        return ", ".join(str(department) for department in employee.departments.all()) or NOTHING
