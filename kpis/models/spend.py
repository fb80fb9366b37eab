"""Marketing and sales costs, entered or imported by administrators."""

from typing import Any, Self

from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from crmsync.fields import MoneyField
from crmsync.models import Portal


class SpendQuerySet(models.QuerySet[Any]):
    """Speaks of costs with the mirror's word."""

    def live(self) -> Self:
        """Keep all: what an administrator deletes is deleted."""
        return self.all()


class MarketingSpend(models.Model):
    """One row per day, source, campaign and kind of cost."""

    class Kind(models.TextChoices):
        MARKETING = "marketing", _("marketing")
        SALES = "sales", _("sales")

    portal = models.ForeignKey(Portal, models.CASCADE, verbose_name=_("portal"), related_name="+", db_index=False)
    day = models.DateField(_("day"))
    source_external_id = models.CharField(
        _("source"), max_length=64, blank=True, help_text=_("The code of the source in Bitrix24, such as WEB.")
    )
    campaign = models.CharField(
        _("campaign"), max_length=255, blank=True, help_text=_("As the UTM mark of leads and deals names it.")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.MARKETING)
    amount = models.DecimalField(_("amount"), max_digits=20, decimal_places=4, validators=[MinValueValidator(0)])
    currency = models.CharField(_("currency"), max_length=3, blank=True, help_text=_("Empty: the base currency."))
    amount_base = MoneyField(_("amount in base currency"), null=True, editable=False)
    note = models.CharField(_("remark"), max_length=255, blank=True)

    objects = SpendQuerySet.as_manager()

    class Meta:
        verbose_name = _("cost of marketing or sales")
        verbose_name_plural = _("costs of marketing and sales")
        constraints = [
            models.UniqueConstraint(
                fields=["portal", "day", "source_external_id", "campaign", "kind"],
                name="spend_once",
                violation_error_message=_("This day, source, campaign and kind already has a cost: change that one."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.source_external_id} {self.campaign}".rstrip()
