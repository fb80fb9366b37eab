"""The admin of employees and departments."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from crmsync.admin.columns import reference
from crmsync.admin.readonly import MirrorAdmin
from crmsync.admin.references import NOTHING
from crmsync.models import Department, Employee


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
class EmployeeAdmin(MirrorAdmin):
    list_display = ("external_id", "full_name", "position", "department_names", "email", "is_active", "is_stub")
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
    )
    sortable_by = None
    ordering = ("last_name", "first_name", "external_id")
    search_help_text = _("By ID, name or e-mail.")
    person_columns = ("pk",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Employee]:
        return super().get_queryset(request).prefetch_related("departments")

    @admin.display(description=_("full name"), ordering="last_name")
    def full_name(self, employee: Employee) -> str:
        return str(employee)

    @admin.display(description=_("departments"))
    def department_names(self, employee: Employee) -> str:
        return ", ".join(str(department) for department in employee.departments.all()) or NOTHING
