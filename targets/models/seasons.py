"""Seasonal profiles: which share of a year each month has, for yearly plans that become monthly ones."""

from decimal import Decimal
from functools import reduce
from operator import sub

from django.db import models
from django.db.models import BigIntegerField, F, Value
from django.utils.dates import MONTHS
from django.utils.translation import gettext_lazy as _

from crmsync.fields import MoneyField
from crmsync.models import Portal

SHARES = tuple(f"month_{number:02d}" for number in range(1, 13))
# The columns hold millionths.
HUNDRED = Value(100_000_000, output_field=BigIntegerField())


class SeasonalProfile(models.Model):
    """One row per named profile of a portal. Units: percent of the year; the twelve sum to exactly 100."""

    portal = models.ForeignKey(Portal, models.CASCADE, verbose_name=_("portal"), related_name="+", db_index=False)
    name = models.CharField(_("name"), max_length=100)
    month_01 = MoneyField(MONTHS[1])
    month_02 = MoneyField(MONTHS[2])
    month_03 = MoneyField(MONTHS[3])
    month_04 = MoneyField(MONTHS[4])
    month_05 = MoneyField(MONTHS[5])
    month_06 = MoneyField(MONTHS[6])
    month_07 = MoneyField(MONTHS[7])
    month_08 = MoneyField(MONTHS[8])
    month_09 = MoneyField(MONTHS[9])
    month_10 = MoneyField(MONTHS[10])
    month_11 = MoneyField(MONTHS[11])
    month_12 = MoneyField(MONTHS[12])

    class Meta:
        verbose_name = _("seasonal profile")
        verbose_name_plural = _("seasonal profiles")
        constraints = [
            models.UniqueConstraint(
                fields=["portal", "name"],
                name="season_once",
                violation_error_message=_("This portal has a profile of this name already."),
            ),
            models.CheckConstraint(
                condition=models.Q(month_12=reduce(sub, map(F, SHARES[:-1]), HUNDRED)),
                name="season_hundred",
                violation_error_message=_("The twelve shares must sum to exactly 100."),
            ),
            models.CheckConstraint(
                condition=models.Q(**{f"{name}__gte": 0 for name in SHARES}),
                name="season_shares",
                violation_error_message=_("A share is not below zero."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def shares(self) -> list[Decimal]:
        """The twelve shares, from January on."""
        return [getattr(self, name) for name in SHARES]
