"""The admin of what administrators enter about working time: how it is saved, and how its list is narrowed by days."""

from typing import Any

from django.contrib import messages
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.db.models import Model, QuerySet, TimeField
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crmsync.admin.filters import PeriodFilter, find_days
from crmsync.admin.references import NOTHING
from crmsync.admin.scope import PortalFilter, find_scope, list_portals
from crmsync.admin.seen import SeenAdmin
from crmsync.models import Portal
from kpis.admin.calendar_forms import ClockInput
from kpis.models import WorkCalendar
from kpis.work.changes import Entry, delete_entries, save_entry


class WhenFilter(PeriodFilter):
    """Narrows a list to days ahead, a month or a year; an absence that reaches into them is among them."""

    title = gettext_lazy("when")
    parameter_name = "when"
    presets = (("ahead", gettext_lazy("today and later")), *PeriodFilter.presets)
    first, last = "day", "day"

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        today = timezone.localdate()
        if self.value() == "ahead":
            return queryset.filter(**{f"{self.last}__gte": today})
        if not self.is_chosen:
            return queryset
        start, end = find_days(self.value() or "", today=today)
        return queryset.filter(**{f"{self.last}__gte": start, f"{self.first}__lt": end})


class ScopeFilter(PortalFilter):
    """Keeps a list to the portal in scope."""

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.filter(portal=find_scope(request))


class EntryAdmin(SeenAdmin):
    """What working time is counted by: written by its service; its portal is chosen once."""

    empty_value_display = NOTHING
    formfield_overrides = {TimeField: {"widget": ClockInput}}

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        # "Select absence to change" cannot be said in languages with cases.
        context = {"title": capfirst(self.opts.verbose_name_plural), **(extra_context or {})}
        return super().changelist_view(request, context)

    def list_portals(self) -> "QuerySet[Portal]":
        """List the portals that an entry may be added for."""
        return Portal.objects.defer("webhook_url").order_by("pk")

    def get_list_filter(self, request: HttpRequest) -> list[Any]:
        own = list(super().get_list_filter(request))
        return [ScopeFilter, *own] if list_portals(request).count() > 1 else own

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        only = list(self.list_portals()[:2])
        return ({"portal": only[0].pk} if len(only) == 1 else {}) | super().get_changeform_initial_data(request)

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[Any, ...]:
        own = tuple(super().get_readonly_fields(request, obj))
        return (*own, "portal") if obj else own

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "portal":
            kwargs["queryset"] = self.list_portals()
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and isinstance(field.widget, RelatedFieldWidgetWrapper):
            # Portals and employees are not added, edited or viewed on the way.
            field.widget = field.widget.widget
        return field

    def save_model(self, request: HttpRequest, obj: Entry, form: Any, change: bool) -> None:
        if save_entry(obj, changed=form.changed_data if change else None):
            self.tell(request, {obj.portal_id})

    def delete_model(self, request: HttpRequest, obj: Entry) -> None:
        self.delete_queryset(request, self.model._default_manager.filter(pk=obj.pk))

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet) -> None:
        self.tell(request, delete_entries(queryset))

    def tell(self, request: HttpRequest, portals: set[int]) -> None:
        """Say what a change leads to; without a calendar, that it leads to nothing yet."""
        if self.model is WorkCalendar or WorkCalendar.objects.filter(portal__in=portals).exists():
            self.message_user(request, _("Figures in business hours are being computed anew."), messages.INFO)
        else:
            text = _("This portal has no work calendar yet; special days and absences count once it has one.")
            self.message_user(request, text, messages.WARNING)
