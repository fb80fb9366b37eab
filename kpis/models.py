"""The facts: what the mirror adds up to per employee and day, and per employee and month.

They stand between the mirror and the KPIs, hold nothing that cannot be rebuilt, and are written by `facts.py` only.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _

from crmsync.fields import MoneyField
from crmsync.models import Employee, Portal


class Fact(models.Model):
    """One column per measure of `measures.py`; employee None gathers what nobody is responsible for."""

    # Both are copied from records on which the database has checked them; checking a million of
    # them again, at commit, would take a quarter of a rebuild.
    portal = models.ForeignKey(
        Portal, models.CASCADE, verbose_name=_("portal"), related_name="+", db_index=False, db_constraint=False
    )
    employee = models.ForeignKey(
        Employee,
        models.CASCADE,
        null=True,
        verbose_name=_("employee"),
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    leads_received = models.IntegerField(_("leads received"), default=0)
    leads_converted = models.IntegerField(_("leads converted"), default=0)
    deals_created = models.IntegerField(_("deals created"), default=0)
    deals_won = models.IntegerField(_("deals won"), default=0)
    deals_lost = models.IntegerField(_("deals lost"), default=0)
    revenue = MoneyField(_("revenue"), default=0)
    cycle_seconds = models.BigIntegerField(_("cycle of won deals, seconds"), default=0)
    cycle_deals = models.IntegerField(_("won deals with a cycle"), default=0)
    emails_sent = models.IntegerField(_("e-mails sent"), default=0)
    emails_received = models.IntegerField(_("e-mails received"), default=0)
    calls_made = models.IntegerField(_("calls made"), default=0)
    calls_received = models.IntegerField(_("calls received"), default=0)
    meetings_held = models.IntegerField(_("meetings held"), default=0)
    tasks_done = models.IntegerField(_("tasks done"), default=0)
    chats = models.IntegerField(_("chats"), default=0)

    class Meta:
        abstract = True


class DailyFact(Fact):
    """One row per employee and day on which anything was counted."""

    day = models.DateField(_("day"))

    class Meta:
        verbose_name = _("daily fact")
        verbose_name_plural = _("daily facts")
        # The first constraint's index also serves one employee's scorecard.
        constraints = [
            models.UniqueConstraint(fields=["portal", "employee", "day"], name="daily_fact_once"),
            models.UniqueConstraint(
                fields=["portal", "day"], condition=models.Q(employee=None), name="daily_fact_nobody_once"
            ),
        ]
        indexes = [models.Index(fields=["portal", "day"], name="daily_fact_range")]

    def __str__(self) -> str:
        return f"{self.employee_id or '—'} {self.day}"


class MonthlyFact(Fact):
    """One row per employee and month: the sum of that month's daily rows."""

    month = models.DateField(_("month"), help_text=_("Its first day."))

    class Meta:
        verbose_name = _("monthly fact")
        verbose_name_plural = _("monthly facts")
        constraints = [
            models.UniqueConstraint(fields=["portal", "employee", "month"], name="monthly_fact_once"),
            models.UniqueConstraint(
                fields=["portal", "month"], condition=models.Q(employee=None), name="monthly_fact_nobody_once"
            ),
        ]
        indexes = [models.Index(fields=["portal", "month"], name="monthly_fact_range")]

    def __str__(self) -> str:
        return f"{self.employee_id or '—'} {self.month:%Y-%m}"


class Filling(models.Model):
    """One row per portal: how far the facts are; who fills touched days or plans a fill holds it locked."""

    portal = models.OneToOneField(Portal, models.CASCADE, primary_key=True, related_name="+")
    # The mirror's watermarks by stream, in ISO, when the facts last caught up with it.
    watermarks = models.JSONField(default=dict)
    # What the watermarks become when the last planned range is filled; None when nothing is planned.
    planned = models.JSONField(null=True)

    class Meta:
        verbose_name = _("filling of the facts")
        verbose_name_plural = _("fillings of the facts")

    def __str__(self) -> str:
        return f"{self.portal_id}"


class FillRange(models.Model):
    """One row per range of days of a portal that a planned fill has still to compute; who fills it holds it locked.

    Ranges begin where months do and leave no gap: the first is open to the past, the last, without an end, to the
    future.
    """

    portal = models.ForeignKey(Portal, models.CASCADE, related_name="+", db_index=False)
    start_on = models.DateField()
    end_on = models.DateField(null=True)

    class Meta:
        verbose_name = _("range of days to fill")
        verbose_name_plural = _("ranges of days to fill")
        constraints = [models.UniqueConstraint(fields=["portal", "start_on"], name="fill_range_once")]

    def __str__(self) -> str:
        return f"{self.start_on} – {self.end_on or '…'}"
