"""The admin of what things cost: currencies with their rates, products with their purchase prices."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from crmsync.admin.columns import day
from crmsync.admin.formats import format_decimal, format_money
from crmsync.admin.readonly import MirrorAdmin
from crmsync.models import Currency, CurrencyRate, Product


class RatedAdmin(MirrorAdmin):
    """A rate and its day."""

    rated = day("rated_on", _("rate of"))
    computed_from = {"shown_rate": "rate"}

    @admin.display(description=_("rate"), ordering="rate")
    def shown_rate(self, row: Currency | CurrencyRate) -> str:
        return format_decimal(row.rate)


@admin.register(Currency)
class CurrencyAdmin(RatedAdmin):
    list_display = ("external_id", "name", "is_base", "shown_rate", "rated")
    list_display_links = ("external_id", "name")
    fields = ("portal", "external_id", "name", "is_base", "shown_rate", "rated_on")
    sortable_by = None
    ordering = ("-is_base", "external_id")
    search_help_text = _("By code or name.")
    id_columns = ()
    text_columns = ("external_id", "name")


@admin.register(CurrencyRate)
class CurrencyRateAdmin(RatedAdmin):
    list_display = ("currency", "rated", "shown_rate")
    list_display_links = ("currency", "rated")
    fields = ("portal", "currency", "rated_on", "shown_rate")
    ordering = ("-portal_id", "currency", "-rated_on")
    search_fields = ("currency",)
    search_help_text = _("By the currency's code.")
    id_columns = ()
    text_columns = ("currency",)


@admin.register(Product)
class ProductAdmin(MirrorAdmin):
    list_display = ("external_id", "name", "shown_price")
    list_display_links = ("external_id", "name")
    fields = ("portal", "external_id", "name", "shown_price")
    ordering = ("-portal_id", "external_id")
    search_help_text = _("By ID or name.")
    text_columns = ("name",)
    computed_from = {"shown_price": "purchase_price"}

    @admin.display(description=_("purchase price"), ordering="purchase_price")
    def shown_price(self, product: Product) -> str:
        return format_money(product.purchase_price, product.purchase_currency)
