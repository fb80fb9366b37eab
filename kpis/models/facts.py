"""The facts: what the mirror adds up to per employee and day, and per employee and month.

They stand between the mirror and the KPIs, hold nothing that cannot be rebuilt, and are written by `facts.py` only.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _

from crmsync.fields import MoneyField
from crmsync.models import Employee, Portal


class Fact(models.Model):
    """One column per measure of `measures.py`; employee None gathers what nobody is responsible for."""

    seen_by = ("employee",)

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
    leads_open = models.IntegerField(_("leads in progress"), default=0)
    leads_won = models.IntegerField(_("leads won"), default=0)
    leads_answered = models.IntegerField(_("leads answered"), default=0)
    first_response_seconds = models.BigIntegerField(_("first response to leads, seconds"), default=0)
    first_response_business_seconds = models.BigIntegerField(_("first response to leads, business seconds"), default=0)
    deals_created = models.IntegerField(_("deals created"), default=0)
    deals_won = models.IntegerField(_("deals won"), default=0)
    deals_won_linked = models.IntegerField(_("won deals with a lead"), default=0)
    deals_lost = models.IntegerField(_("deals lost"), default=0)
    revenue = MoneyField(_("revenue"), default=0)
    cycle_seconds = models.BigIntegerField(_("cycle of won deals, seconds"), default=0)
    cycle_deals = models.IntegerField(_("won deals with a cycle"), default=0)
    lead_to_won_seconds = models.BigIntegerField(_("from lead to won deal, seconds"), default=0)
    lead_to_won_deals = models.IntegerField(_("won deals with a time from the lead"), default=0)
    cost = MoneyField(_("cost"), default=0)
    revenue_with_cost = MoneyField(_("revenue with known cost"), default=0)
    deals_with_cost = models.IntegerField(_("won deals with known cost"), default=0)
    repeat_sales = models.IntegerField(_("repeat sales"), default=0)
    new_customers = models.IntegerField(_("new customers"), default=0)
    emails_sent = models.IntegerField(_("e-mails sent"), default=0)
    emails_received = models.IntegerField(_("e-mails received"), default=0)
    calls_made = models.IntegerField(_("calls made"), default=0)
    calls_received = models.IntegerField(_("calls received"), default=0)
    meetings_held = models.IntegerField(_("meetings held"), default=0)
    tasks_done = models.IntegerField(_("tasks done"), default=0)
    chats = models.IntegerField(_("chats"), default=0)
    requests = models.IntegerField(_("requests of clients"), default=0)
    requests_answered = models.IntegerField(_("requests answered"), default=0)
    response_seconds = models.BigIntegerField(_("response, seconds"), default=0)
    response_business_seconds = models.BigIntegerField(_("response, business seconds"), default=0)
    invitations_sent = models.IntegerField(_("invitations sent"), default=0)
    invitations_answered = models.IntegerField(_("invitations answered"), default=0)
    csat_responses = models.IntegerField(_("CSAT answers"), default=0)
    csat_satisfied = models.IntegerField(_("satisfied answers"), default=0)
    csat_score_sum = models.IntegerField(_("sum of CSAT scores"), default=0)
    reviews_positive = models.IntegerField(_("positive reviews"), default=0)
    reviews_negative = models.IntegerField(_("negative reviews"), default=0)
    spend = MoneyField(_("marketing and sales costs"), default=0)

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
