"""Who may see whose numbers: users of the site, the employees they are, and whom heads see beside their departments."""

from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from crmsync.models.people import Department, Employee
from crmsync.models.portal import Portal


class Role(models.TextChoices):
    """What a user is; each is a group of the site's users under this name."""

    ADMINISTRATOR = "administrator", _("administrator")
    HEAD = "head", _("head of sales")
    MANAGER = "manager", _("manager")
    AUDITOR = "auditor", _("auditor")


class Account(models.Model):
    """One row per user and portal: the employee that the user is there."""

    portal = models.ForeignKey(Portal, models.CASCADE, verbose_name=_("portal"), related_name="+", db_index=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, verbose_name=_("user"), related_name="accounts", db_index=False
    )
    employee = models.OneToOneField(Employee, models.CASCADE, verbose_name=_("employee"), related_name="account")
    linked_at = models.DateTimeField(_("linked at"), auto_now_add=True)

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        constraints = [models.UniqueConstraint(fields=["user", "portal"], name="account_once")]

    def __str__(self) -> str:
        return f"{self.user} – {self.employee}"


class Oversight(models.Model):
    """One row per department or employee that a head sees beside those of the portal's department tree."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, verbose_name=_("head of sales"), related_name="oversights"
    )
    department = models.ForeignKey(
        Department, models.CASCADE, null=True, blank=True, verbose_name=_("department"), related_name="+"
    )
    employee = models.ForeignKey(
        Employee, models.CASCADE, null=True, blank=True, verbose_name=_("employee"), related_name="+"
    )

    class Meta:
        verbose_name = _("oversight")
        verbose_name_plural = _("oversights")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(department__isnull=False, employee__isnull=True)
                | models.Q(department__isnull=True, employee__isnull=False),
                name="oversight_of_one",
                violation_error_message=_("Choose a department or an employee, not both."),
            ),
            models.UniqueConstraint(fields=["user", "department"], name="oversight_department_once"),
            models.UniqueConstraint(fields=["user", "employee"], name="oversight_employee_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user} ▸ {self.department or self.employee}"


class InviteQuerySet(models.QuerySet["Invite"]):
    """The words in which invitations are asked for."""

    def pending(self) -> Self:
        """Keep those that were neither accepted nor revoked."""
        return self.filter(accepted_at=None, revoked_at=None)

    def open(self, now: datetime) -> Self:
        """Keep those that may be accepted at an instant."""
        return self.pending().filter(expires_at__gt=now)


class Invite(models.Model):
    """One row per letter that invites an employee; of the token in its link only a hash is kept."""

    employee = models.ForeignKey(Employee, models.CASCADE, verbose_name=_("employee"), related_name="invites")
    email = models.EmailField(_("e-mail"))
    role = models.CharField(_("role"), max_length=20, choices=Role.choices, default=Role.MANAGER)
    language = models.CharField(_("language of the letter"), max_length=8, default="ru")
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, verbose_name=_("invited by"), related_name="+"
    )
    invited_at = models.DateTimeField(_("invited at"), auto_now_add=True)
    expires_at = models.DateTimeField(_("valid until"))
    accepted_at = models.DateTimeField(_("accepted at"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)

    objects = InviteQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        constraints = [
            models.UniqueConstraint(
                fields=["employee"],
                condition=models.Q(accepted_at=None, revoked_at=None),
                name="invite_pending_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.employee} <{self.email}>"
