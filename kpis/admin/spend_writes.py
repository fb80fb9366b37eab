"""Costs entered by hand: every way of writing one in the admin values it and touches its day."""

from typing import Any

from django.contrib import messages
from django.db.models import Field, ForeignKey, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext as _

from crmsync.admin.seen import SeenAdmin
from kpis.admin.spend_forms import SpendForm
from kpis.models import MarketingSpend
from kpis.spend.writing import delete_spends, save_spend


class SpendWrites(SeenAdmin):
    """Writes through the service alone."""

    form = SpendForm
    readonly_fields = ("worth",)

    def save_model(self, request: HttpRequest, obj: MarketingSpend, form: ModelForm, change: bool) -> None:
        save_spend(obj)
        if obj.amount_base is None:
            text = _("No rate of %(currency)s is known: this cost stays out of all sums until there is one.")
            self.message_user(request, text % {"currency": obj.currency}, messages.WARNING)

    def delete_model(self, request: HttpRequest, obj: MarketingSpend) -> None:
        delete_spends(MarketingSpend.objects.filter(pk=obj.pk))

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[MarketingSpend]) -> None:
        delete_spends(MarketingSpend.objects.filter(pk__in=list(queryset.values_list("pk", flat=True))))

    def formfield_for_dbfield(self, db_field: Field, request: Any, **kwargs: Any) -> Any:
        """Offer portals without the links to add or change one, which have no place among costs."""
        if isinstance(db_field, ForeignKey):
            return self.formfield_for_foreignkey(db_field, request, **kwargs)
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Let a cost stay in its portal: elsewhere its source would mean something else."""
        return ("portal", *self.readonly_fields) if obj else ()

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        own = ["portal", "day", "source_external_id", "campaign", "kind", ("amount", "currency"), "note"]
        return [*own[:-1], "worth", own[-1]] if obj else own
