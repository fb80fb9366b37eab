"""Currencies of the portal and their dated rates."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from crmsync.models.portal import MirroredRow, Portal


class Currency(MirroredRow):
    """One row per currency that the portal knows."""

    external_id = models.CharField(_("code"), max_length=3, help_text="CURRENCY")
    name = models.CharField(_("name"), max_length=255, blank=True, help_text="FULL_NAME")
    is_base = models.BooleanField(_("base"), default=False, help_text="BASE")
    rate = models.DecimalField(
        _("current rate"), max_digits=24, decimal_places=10, null=True, help_text="AMOUNT / AMOUNT_CNT"
    )
    rated_on = models.DateField(_("rate of"), null=True, help_text="DATE_UPDATE")

    class Meta:
        verbose_name = _("currency")
        verbose_name_plural = _("currencies")
        constraints = [models.UniqueConstraint(fields=["portal", "external_id"], name="currency_once")]

    def __str__(self) -> str:
        return self.external_id


class CurrencyRate(models.Model):
    """One row per currency and day on which its rate changed; the portal itself forgets old rates."""

    portal = models.ForeignKey(Portal, models.CASCADE, verbose_name=_("portal"), related_name="+")
    currency = models.CharField(_("currency"), max_length=3)
    rated_on = models.DateField(_("rate of"))
    rate = models.DecimalField(
        _("rate"), max_digits=24, decimal_places=10, help_text=_("Base currency for one unit of this currency.")
    )

    class Meta:
        verbose_name = _("currency rate")
        verbose_name_plural = _("currency rates")
        constraints = [models.UniqueConstraint(fields=["portal", "currency", "rated_on"], name="currency_rate_once")]

    def __str__(self) -> str:
        return f"{self.currency} {self.rated_on:%Y-%m-%d}"
