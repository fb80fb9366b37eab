"""Filters that never look for the distinct values of a large table: presets, small dictionaries, signals."""

from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crmsync.admin.scope import find_scope
from crmsync.models import Pipeline, Source
from crmsync.selectors import DEAL_SIGNALS, LEAD_SIGNALS, Signal

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

Choices = list[tuple[str, "str | StrPromise"]]


def find_days(preset: str, *, today: date) -> tuple[date, date]:
    """Find the days of a preset, half-open."""
    month, year = today.replace(day=1), today.replace(month=1, day=1)
    ahead = (month + timedelta(days=31)).replace(day=1)
    return {
        "month": (month, ahead),
        "last_month": ((month - timedelta(days=1)).replace(day=1), month),
        "year": (year, year.replace(year=year.year + 1)),
        "last_year": (year.replace(year=year.year - 1), year),
    }[preset]


class PeriodFilter(admin.SimpleListFilter):
    """Narrows a list to a month or a year by an indexed business day; the list's zone is in force."""

    column = ""
    presets: tuple[tuple[str, "StrPromise"], ...] = (
        ("month", _("this month")),
        ("last_month", _("last month")),
        ("year", _("this year")),
        ("last_year", _("last year")),
    )

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> Choices:
        return list(self.presets)

    @property
    def is_chosen(self) -> bool:
        """Tell whether the list is narrowed to a period."""
        return self.value() in dict(self.presets)

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if not self.is_chosen:
            return queryset
        start, end = find_days(self.value() or "", today=timezone.localdate())
        return queryset.filter(**{f"{self.column}__gte": start, f"{self.column}__lt": end})


class CreatedFilter(PeriodFilter):
    title = _("created on")
    parameter_name = "created"
    column = "created_on"


class ClosedFilter(PeriodFilter):
    title = _("won or lost on")
    parameter_name = "closed"
    column = "closed_on"


class StartedFilter(PeriodFilter):
    title = _("started on")
    parameter_name = "started"
    column = "started_on"


class DictionaryFilter(admin.SimpleListFilter):
    """Narrows a list to one entry of one of the portal's small dictionaries."""

    model: type[Pipeline] | type[Source]
    column = ""
    order = "name"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> Choices:
        entries = self.model.objects.filter(portal=find_scope(request)).order_by(self.order, "pk")
        return [(str(entry.external_id), entry.name) for entry in entries]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        known = dict(self.lookup_choices)
        return queryset.filter(**{self.column: self.value()}) if self.value() in known else queryset


class PipelineFilter(DictionaryFilter):
    title = _("pipeline")
    parameter_name = "pipeline"
    model = Pipeline
    column = "pipeline_external_id"
    order = "position"


class SourceFilter(DictionaryFilter):
    title = _("source")
    parameter_name = "source"
    model = Source
    column = "source_external_id"


class SignalFilter(admin.SimpleListFilter):
    """Narrows a list to records that a person should look at."""

    title = _("data quality")
    parameter_name = "signal"
    signals: tuple[Signal, ...] = ()

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> Choices:
        return [(signal.key, signal.name) for signal in self.signals]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        conditions: dict[str | None, Q] = {signal.key: signal.condition for signal in self.signals}
        return queryset.filter(conditions.get(self.value(), Q()))


class DataQualityFilter(SignalFilter):
    """The signals of deals."""

    signals = DEAL_SIGNALS


class LeadQualityFilter(SignalFilter):
    """The signals of leads."""

    signals = LEAD_SIGNALS
