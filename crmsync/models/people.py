"""People of the portal: employees and the departments they sit in."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from crmsync.models.portal import MirroredRow


class Department(MirroredRow):
    """One row per department of the portal's tree."""

    external_id = models.BigIntegerField("ID", help_text="ID")
    name = models.CharField(_("name"), max_length=255, help_text="NAME")
    parent_external_id = models.BigIntegerField(_("parent"), null=True, help_text="PARENT")
    head_external_id = models.BigIntegerField(_("head"), null=True, help_text="UF_HEAD")

    class Meta:
        verbose_name = _("department")
        verbose_name_plural = _("departments")
        constraints = [models.UniqueConstraint(fields=["portal", "external_id"], name="department_once")]

    def __str__(self) -> str:
        return self.name


class Employee(MirroredRow):
    """One row per person whom any record names; a stub where the portal does not list him."""

    seen_by = ("pk",)

    external_id = models.BigIntegerField("ID", help_text="ID")
    first_name = models.CharField(_("first name"), max_length=100, blank=True, help_text="NAME")
    middle_name = models.CharField(_("middle name"), max_length=100, blank=True, help_text="SECOND_NAME")
    last_name = models.CharField(_("last name"), max_length=100, blank=True, help_text="LAST_NAME")
    email = models.CharField(_("e-mail"), max_length=255, blank=True, help_text="EMAIL")
    position = models.CharField(_("position"), max_length=255, blank=True, help_text="WORK_POSITION")
    department_external_ids = models.JSONField(_("department IDs"), default=list, help_text="UF_DEPARTMENT")
    is_active = models.BooleanField(_("active"), default=False, help_text="ACTIVE")
    is_stub = models.BooleanField(
        _("not listed"), default=True, help_text=_("Records name this person, but the portal does not list him.")
    )
    departments = models.ManyToManyField(
        Department, verbose_name=_("departments"), related_name="employees", blank=True
    )

    class Meta:
        verbose_name = _("employee")
        verbose_name_plural = _("employees")
        constraints = [models.UniqueConstraint(fields=["portal", "external_id"], name="employee_once")]

    def __str__(self) -> str:
        return " ".join(filter(None, (self.last_name, self.first_name))) or f"ID {self.external_id}"
