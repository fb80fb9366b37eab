"""When people work: the portal's hours, days that differ from them, and absences."""

from datetime import time

from django.db import models
from django.utils.translation import gettext_lazy as _

from crmsync.models import Employee, Portal


def make_weekdays() -> list[int]:
    """Make the usual week: Monday (0) to Friday (4)."""
    return [0, 1, 2, 3, 4]


class WorkCalendar(models.Model):
    """One row per portal that has working hours; without one, times are told by the clock on the wall."""

    portal = models.OneToOneField(
        Portal, models.CASCADE, primary_key=True, verbose_name=_("portal"), related_name="work_calendar"
    )
    country = models.CharField(
        _("country of the holidays"),
        max_length=2,
        default="RU",
        blank=True,
        help_text=_("Two letters such as RU, BY or KZ; empty: no holidays."),
    )
    weekdays = models.JSONField(_("working days of the week"), default=make_weekdays)
    opens_at = models.TimeField(_("work begins at"), default=time(9))
    closes_at = models.TimeField(_("work ends at"), default=time(18))
    break_from = models.TimeField(_("break from"), null=True, blank=True)
    break_to = models.TimeField(_("break to"), null=True, blank=True)

    class Meta:
        verbose_name = _("work calendar")
        verbose_name_plural = _("work calendars")

    def __str__(self) -> str:
        return str(self.portal)


class CalendarDay(models.Model):
    """One row per day that differs from the calendar, for one employee or for all."""

    seen_by = ("employee",)

    portal = models.ForeignKey(Portal, models.CASCADE, verbose_name=_("portal"), related_name="+", db_index=False)
    employee = models.ForeignKey(
        Employee,
        models.CASCADE,
        null=True,
        blank=True,
        verbose_name=_("employee"),
        related_name="+",
        help_text=_("Empty: for everybody."),
    )
    day = models.DateField(_("day"))
    opens_at = models.TimeField(_("work begins at"), null=True, blank=True, help_text=_("Empty: a day off."))
    closes_at = models.TimeField(_("work ends at"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=255, blank=True)

    class Meta:
        verbose_name = _("special day")
        verbose_name_plural = _("special days")
        constraints = [
            models.UniqueConstraint(fields=["portal", "employee", "day"], name="calendar_day_once"),
            models.UniqueConstraint(
                fields=["portal", "day"], condition=models.Q(employee=None), name="calendar_day_all_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day}"


class Absence(models.Model):
    """One row per absence of an employee, both days included."""

    seen_by = ("employee",)

    class Kind(models.TextChoices):
        VACATION = "vacation", _("vacation")
        SICKNESS = "sickness", _("sickness")
        OTHER = "other", _("other")

    portal = models.ForeignKey(Portal, models.CASCADE, verbose_name=_("portal"), related_name="+", db_index=False)
    employee = models.ForeignKey(Employee, models.CASCADE, verbose_name=_("employee"), related_name="+")
    first_on = models.DateField(_("first day"))
    last_on = models.DateField(_("last day"))
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.VACATION)
    note = models.CharField(_("note"), max_length=255, blank=True)

    class Meta:
        verbose_name = _("absence")
        verbose_name_plural = _("absences")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(last_on__gte=models.F("first_on")),
                name="absence_in_order",
                violation_error_message=_("The last day must not be before the first."),
            )
        ]
        indexes = [models.Index(fields=["portal", "first_on"], name="absence_by_day")]

    def __str__(self) -> str:
        return f"{self.employee} {self.first_on} – {self.last_on}"
