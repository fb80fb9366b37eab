"""For whom a deal counts in plans, where that differs from the CRM: shares, corrections and payments."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from crmsync.fields import MoneyField
from crmsync.models import Deal, Employee, Portal


class DealShare(models.Model):
    """One row per employee who shares a deal; the shares of a deal sum to exactly 100."""

    seen_by = ("employee", "deal__credited_to")

    deal = models.ForeignKey(Deal, models.CASCADE, verbose_name=_("deal"), related_name="shares", db_index=False)
    employee = models.ForeignKey(Employee, models.PROTECT, verbose_name=_("employee"), related_name="+")
    percent = MoneyField(_("share, %"))

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("share of a deal")
        verbose_name_plural = _("shares of deals")
        constraints = [
            models.UniqueConstraint(fields=["deal", "employee"], name="deal_share_once"),
            models.CheckConstraint(
                condition=models.Q(percent__gt=0, percent__lte=100),
                name="deal_share_percent",
                violation_error_message=_("A share is more than 0 and at most 100 percent."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.deal}: {self.employee}"


class DealCorrection(models.Model):
    """One row per deal that counts otherwise than the CRM says; what is empty stays as it is there.

    It holds for deals that are closed, by its own word or the CRM's, before `expires_on`.
    """

    seen_by = ("deal__credited_to", "employee")

    deal = models.OneToOneField(Deal, models.CASCADE, verbose_name=_("deal"), related_name="correction")
    employee = models.ForeignKey(
        Employee, models.PROTECT, null=True, blank=True, verbose_name=_("counts for"), related_name="+"
    )
    amount_base = MoneyField(_("amount in base currency"), null=True, blank=True)
    closed_on = models.DateField(_("won on"), null=True, blank=True)
    is_excluded = models.BooleanField(_("does not count"), default=False)
    reason = models.CharField(_("reason"), max_length=500)
    expires_on = models.DateField(
        _("holds until"), help_text=_("Deals closed on this day or later count as in the CRM.")
    )
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("author"), related_name="+")
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("correction of a deal")
        verbose_name_plural = _("corrections of deals")

    def __str__(self) -> str:
        return str(self.deal)


class Payment(models.Model):
    """One row per payment of a deal, as an accounting system has it; `key` is that system's number."""

    seen_by = ("deal__credited_to",)

    portal = models.ForeignKey(Portal, models.CASCADE, verbose_name=_("portal"), related_name="+", db_index=False)
    key = models.CharField(_("number"), max_length=100)
    deal = models.ForeignKey(Deal, models.PROTECT, verbose_name=_("deal"), related_name="payments")
    paid_on = models.DateField(_("paid on"))
    amount = MoneyField(_("amount"))
    currency = models.CharField(_("currency"), max_length=3)
    amount_base = MoneyField(_("amount in base currency"), null=True)
    note = models.CharField(_("note"), max_length=255, blank=True)

    class Meta:
        verbose_name = _("payment")
        verbose_name_plural = _("payments")
        constraints = [models.UniqueConstraint(fields=["portal", "key"], name="payment_once")]
        indexes = [models.Index(fields=["portal", "paid_on"], name="payment_by_day")]

    def __str__(self) -> str:
        return f"{self.key} {self.paid_on}"
