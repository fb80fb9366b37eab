"""What administrators choose: which KPIs are on, their norms, and what the portal's definitions leave open."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from crmsync.models import Portal


class KpiOptions(models.Model):
    """One row per portal that departs from the defaults."""

    class CostSource(models.TextChoices):
        NONE = "none", _("not known")
        PRODUCTS = "products", _("purchase prices of the products")
        FIELD = "field", _("a field of the deal")

    portal = models.OneToOneField(
        Portal, models.CASCADE, primary_key=True, verbose_name=_("portal"), related_name="kpi_options"
    )
    satisfied_from = models.PositiveSmallIntegerField(
        _("satisfied from score"),
        default=4,
        validators=[MinValueValidator(1), MaxValueValidator(5)],
        help_text=_("Answers with this score or a better one count as satisfied."),
    )
    churn_days = models.PositiveSmallIntegerField(
        _("customer for, days"),
        default=180,
        validators=[MinValueValidator(1)],
        help_text=_("Who has not bought for longer than this is no customer any more."),
    )
    cost_source = models.CharField(
        _("cost of deals"), max_length=10, choices=CostSource.choices, default=CostSource.NONE
    )
    cost_field = models.CharField(
        _("field with the cost"),
        max_length=100,
        blank=True,
        help_text=_("Such as UF_CRM_COST; it must be among the portal's custom fields of deals."),
    )

    class Meta:
        verbose_name = _("options of KPIs")
        verbose_name_plural = _("options of KPIs")

    def __str__(self) -> str:
        return str(self.portal)


class KpiSetting(models.Model):
    """One row per portal and KPI that departs from the catalogue: off, or with a norm of its own."""

    portal = models.ForeignKey(Portal, models.CASCADE, verbose_name=_("portal"), related_name="+", db_index=False)
    kpi = models.CharField("KPI", max_length=40)
    is_on = models.BooleanField(_("on"), default=True)
    norm_low = models.DecimalField(_("norm from"), max_digits=20, decimal_places=4, null=True, blank=True)
    norm_high = models.DecimalField(_("norm to"), max_digits=20, decimal_places=4, null=True, blank=True)
    norm_source = models.CharField(
        _("where the norm comes from"), max_length=255, blank=True, help_text=_("Shown beside the norm.")
    )

    class Meta:
        verbose_name = _("KPI setting")
        verbose_name_plural = _("KPI settings")
        constraints = [models.UniqueConstraint(fields=["portal", "kpi"], name="kpi_setting_once")]

    def __str__(self) -> str:
        return self.kpi
