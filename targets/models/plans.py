"""Plans: what is expected of whom in a period; every change of a target is kept with its author and reason."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from crmsync.fields import MoneyField
from crmsync.models import Department, Employee, Portal
from kpis.periods import Period
from targets.models.schemes import Scheme


class PlanStatus(models.TextChoices):
    """How far a plan is; its managers acknowledge it one by one."""

    DRAFT = "draft", _("draft")
    PUBLISHED = "published", _("published")
    CLOSED = "closed", _("closed")


class TargetPlan(models.Model):
    """One row per period and department, or group of chosen people."""

    portal = models.ForeignKey(Portal, models.CASCADE, verbose_name=_("portal"), related_name="+", db_index=False)
    name = models.CharField(_("name"), max_length=150)
    period_key = models.CharField(
        _("period"), max_length=7, help_text=_("A month 2026-10, a quarter 2026-Q4, a year 2026.")
    )
    start_on = models.DateField(_("from"), editable=False)
    end_on = models.DateField(_("until"), editable=False, help_text=_("The day after the last."))
    department = models.ForeignKey(
        Department, models.PROTECT, null=True, blank=True, verbose_name=_("department"), related_name="+"
    )
    scheme = models.ForeignKey(Scheme, models.PROTECT, verbose_name=_("bonus scheme"), related_name="+")
    status = models.CharField(_("status"), max_length=10, choices=PlanStatus.choices, default=PlanStatus.DRAFT)
    published_at = models.DateTimeField(_("published at"), null=True, editable=False)
    revision = models.PositiveIntegerField(_("revision"), default=0, editable=False)

    history = HistoricalRecords(excluded_fields=["revision"])

    class Meta:
        verbose_name = _("target plan")
        verbose_name_plural = _("target plans")
        constraints = [
            models.UniqueConstraint(
                fields=["portal", "period_key", "name"],
                name="plan_once",
                violation_error_message=_("This period has a plan of this name already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.period_key}"

    @property
    def period(self) -> Period:
        """The days that the plan is for."""
        return Period(self.start_on, self.end_on, self.period_key)


class PlanMember(models.Model):
    """One row per employee of a plan: who acknowledged it, and what he gets at a score of 100."""

    seen_by = ("employee",)

    plan = models.ForeignKey(TargetPlan, models.CASCADE, verbose_name=_("plan"), related_name="members", db_index=False)
    employee = models.ForeignKey(Employee, models.PROTECT, verbose_name=_("employee"), related_name="+")
    # The same as the plan's, so that the database can see that nobody has two plans for one period.
    period_key = models.CharField(_("period"), max_length=7, editable=False)
    base_amount = MoneyField(_("base amount"), null=True, blank=True, help_text=_("Empty: that of the scheme."))
    acknowledged_at = models.DateTimeField(_("acknowledged at"), null=True, editable=False)

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("member of a plan")
        verbose_name_plural = _("members of plans")
        constraints = [
            models.UniqueConstraint(fields=["plan", "employee"], name="plan_member_once"),
            models.UniqueConstraint(fields=["employee", "period_key"], name="plan_member_one_plan"),
        ]

    def __str__(self) -> str:
        return f"{self.employee}, {self.period_key}"


class Target(models.Model):
    """One row per member and KPI of his plan.

    `published_value` is what was published first: a later change keeps it, and both are shown. Units: the KPI's.
    """

    seen_by = ("member__employee",)

    member = models.ForeignKey(
        PlanMember, models.CASCADE, verbose_name=_("member"), related_name="targets", db_index=False
    )
    kpi = models.CharField("KPI", max_length=40)
    value = MoneyField(_("target"), null=True, blank=True, help_text=_("Empty: shown, but not scored."))
    weight = MoneyField(_("weight"), default=0)
    threshold = MoneyField(_("threshold"), null=True, blank=True)
    stretch = MoneyField(_("stretch"), null=True, blank=True)
    min_sample = models.PositiveIntegerField(_("least sample"), default=0)
    published_value = MoneyField(_("as published first"), null=True, editable=False)
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("target")
        verbose_name_plural = _("targets")
        constraints = [
            models.UniqueConstraint(fields=["member", "kpi"], name="target_once"),
            models.CheckConstraint(
                condition=models.Q(value__isnull=True) | models.Q(value__gt=0),
                name="target_positive",
                violation_error_message=_("A target must be greater than zero; leave it empty for none."),
            ),
            models.CheckConstraint(
                condition=models.Q(weight__gte=0) & models.Q(weight__lte=100),
                name="target_weight",
                violation_error_message=_("A weight is between 0 and 100."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member} {self.kpi}"
