"""The admin site: the mirror first, its tables in the order in which an operator asks for them."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from crmsync.models import (
    Activity,
    Company,
    Contact,
    CreditChange,
    Currency,
    CurrencyRate,
    Deal,
    DealProduct,
    Department,
    Employee,
    Heartbeat,
    Lead,
    Pipeline,
    Portal,
    Product,
    Proof,
    Quarantine,
    Slot,
    Source,
    Stage,
    StageChange,
    StreamState,
    SyncRun,
    Tombstone,
)
from kpis.models import Absence, CalendarDay, DailyFact, KpiOptions, MarketingSpend, WorkCalendar

READING_ORDER = (
    *(Portal, SyncRun, StreamState, Proof, Quarantine, Tombstone, Slot, Heartbeat),
    *(Deal, Lead, Company, Contact, Activity, DealProduct, StageChange, CreditChange),
    *(Employee, Department, Pipeline, Stage, Source, Product, Currency, CurrencyRate),
)
KPI_ORDER = (DailyFact, KpiOptions, MarketingSpend, WorkCalendar, CalendarDay, Absence)
PLACES = {model: place for place, model in enumerate((*READING_ORDER, *KPI_ORDER))}
MIRROR = "crmsync"
# What an entry of the menu leads to, where that is no list of its table.
NAMES = {DailyFact: _("Why so many?")}


class Site(admin.AdminSite):
    """Django's admin site under our name; apps and tables that have no place keep their alphabetical order."""

    site_header = _("Itogi")
    site_title = _("Itogi")
    index_title = _("Administration")

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        apps = super().get_app_list(request, app_label)
        for app in apps:
            for entry in app["models"]:
                entry["name"] = NAMES.get(entry["model"], entry["name"])
            app["models"].sort(key=lambda entry: PLACES.get(entry["model"], len(PLACES)))
        return sorted(apps, key=lambda app: app["app_label"] != MIRROR)
