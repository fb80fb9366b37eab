"""Derived rows: what single records of the mirror say only together, such as who bought before and who answered whom.

They stand between the mirror and the facts, can be derived again at any time, and are written by `kpis/derived` only.
Their keys are checked where they come from, so the database does not check them again.
"""

from typing import Any, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from crmsync.fields import MoneyField
from crmsync.models import Activity, Deal, Employee, Lead, Portal


class DerivedQuerySet(models.QuerySet[Any]):
    """Speaks of derived rows with the mirror's word."""

    def live(self) -> Self:
        """Keep all: only records that the portal has are derived from."""
        return self.all()


class DerivedRow(models.Model):
    """What every derived row has: its portal and the employee for whom it counts, None for nobody."""

    seen_by = ("employee",)

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

    objects = DerivedQuerySet.as_manager()

    class Meta:
        abstract = True


class Sale(DerivedRow):
    """One row per won deal that counts: its place among its customer's purchases, its lead's time, its cost."""

    class Customer(models.IntegerChoices):
        CONTACT = 3, _("contact")
        COMPANY = 4, _("company")

    deal = models.OneToOneField(
        Deal, models.CASCADE, primary_key=True, verbose_name=_("deal"), related_name="sale", db_constraint=False
    )
    won_at = models.DateTimeField(_("won at"))
    won_on = models.DateField(_("won on"))
    customer_type = models.SmallIntegerField(_("kind of customer"), choices=Customer.choices, null=True)
    customer_external_id = models.BigIntegerField(_("customer"), null=True)
    next_on = models.DateField(_("next purchase of the customer on"), null=True)
    is_first = models.BooleanField(_("first purchase of the customer"), default=False)
    is_repeat = models.BooleanField(_("repeat sale"), default=False)
    revenue = MoneyField(_("revenue"), null=True)
    lead_seconds = models.BigIntegerField(_("from the lead's creation, seconds"), null=True)
    cost = MoneyField(_("cost"), null=True)

    class Meta:
        verbose_name = _("sale")
        verbose_name_plural = _("sales")
        indexes = [
            models.Index(fields=["portal", "won_on", "employee"], name="sale_cell"),
            models.Index(fields=["portal", "employee", "won_on"], name="sale_employee"),
            models.Index(fields=["portal", "customer_type", "customer_external_id", "won_at"], name="sale_customer"),
        ]

    def __str__(self) -> str:
        return f"{self.deal_id} {self.won_on}"


class LeadProgress(DerivedRow):
    """One row per lead that was answered or led to a won deal; `employee` is its responsible."""

    lead = models.OneToOneField(
        Lead, models.CASCADE, primary_key=True, verbose_name=_("lead"), related_name="progress", db_constraint=False
    )
    created_on = models.DateField(_("created on"))
    is_won = models.BooleanField(_("has a won deal"), default=False)
    answer = models.ForeignKey(
        Activity,
        models.SET_NULL,
        null=True,
        verbose_name=_("first answer"),
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    response_seconds = models.BigIntegerField(_("first response, seconds"), null=True)
    business_seconds = models.BigIntegerField(_("first response, business seconds"), null=True)

    class Meta:
        verbose_name = _("progress of a lead")
        verbose_name_plural = _("progress of leads")
        indexes = [models.Index(fields=["portal", "created_on", "employee"], name="lead_progress_cell")]

    def __str__(self) -> str:
        return f"{self.lead_id}"


class ClientRequest(DerivedRow):
    """One row per request of a client: the incoming activity that opened it, and what answered it.

    `employee` is the responsible of the incoming activity; several in a row before an answer are one request.
    """

    activity = models.OneToOneField(
        Activity,
        models.CASCADE,
        primary_key=True,
        verbose_name=_("request"),
        related_name="request",
        db_constraint=False,
    )
    owner_type = models.IntegerField(_("belongs to type"))
    owner_external_id = models.BigIntegerField(_("belongs to"))
    asked_at = models.DateTimeField(_("asked at"))
    asked_on = models.DateField(_("asked on"))
    count = models.PositiveIntegerField(_("messages in a row"), default=1)
    answer = models.ForeignKey(
        Activity,
        models.SET_NULL,
        null=True,
        verbose_name=_("answer"),
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    response_seconds = models.BigIntegerField(_("response, seconds"), null=True)
    business_seconds = models.BigIntegerField(_("response, business seconds"), null=True)

    class Meta:
        verbose_name = _("request of a client")
        verbose_name_plural = _("requests of clients")
        indexes = [
            models.Index(fields=["portal", "asked_on", "employee"], name="client_request_cell"),
            models.Index(fields=["portal", "owner_type", "owner_external_id"], name="client_request_owner"),
        ]

    def __str__(self) -> str:
        return f"{self.activity_id} {self.asked_on}"
