"""The portal's catalogue, as far as costs need it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from crmsync.models.portal import MirroredRow


class Product(MirroredRow):
    """One row per product or variation of the catalogue, with its present purchase price."""

    external_id = models.BigIntegerField("ID", help_text="id")
    name = models.CharField(_("name"), max_length=255, blank=True, help_text="name")
    purchase_price = models.DecimalField(
        _("purchase price"), max_digits=20, decimal_places=4, null=True, help_text="purchasingPrice"
    )
    purchase_currency = models.CharField(_("currency"), max_length=3, blank=True, help_text="purchasingCurrency")

    class Meta:
        verbose_name = _("product")
        verbose_name_plural = _("products")
        constraints = [models.UniqueConstraint(fields=["portal", "external_id"], name="product_once")]

    def __str__(self) -> str:
        return self.name or f"ID {self.external_id}"
