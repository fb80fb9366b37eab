"""The admin site: the mirror first, its tables in the order in which an operator asks for them."""

from functools import update_wrapper
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from config.rights import may_enter_admin
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
    Invite,
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
from crmsync.viewing import looked_at_by
from kpis.models import Absence, CalendarDay, DailyFact, KpiOptions, MarketingSpend, WorkCalendar

READING_ORDER = (
    *(Portal, SyncRun, StreamState, Proof, Quarantine, Tombstone, Slot, Heartbeat),
    *(Deal, Lead, Company, Contact, Activity, DealProduct, StageChange, CreditChange),
    *(Employee, Invite, Department, Pipeline, Stage, Source, Product, Currency, CurrencyRate),
)
KPI_ORDER = (DailyFact, KpiOptions, MarketingSpend, WorkCalendar, CalendarDay, Absence)
PLACES = {model: place for place, model in enumerate((*READING_ORDER, *KPI_ORDER))}
MIRROR = "crmsync"
# What an entry of the menu leads to, where that is no list of its table.
NAMES = {DailyFact: _("Why so many?")}
# What libraries would register: secrets of second factors, roles that must not be renamed, users without our rules.
FOREIGN = ("allauth.", "django.contrib.auth.")


class Site(admin.AdminSite):
    """Django's admin site under our name; apps and tables that have no place keep their alphabetical order."""

    site_header = _("Itogi")
    site_title = _("Itogi")
    index_title = _("Administration")

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        if not (admin_class and admin_class.__module__.startswith(FOREIGN)):
            super().register(model_or_iterable, admin_class, **options)

    def has_permission(self, request: HttpRequest) -> bool:
        return may_enter_admin(request.user)

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """Refuse whoever is logged in and may not enter: another log-in would lead here again."""
        guarded = super().admin_view(view, cacheable)

        def enter(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.user.is_authenticated and not self.has_permission(request):
                raise PermissionDenied
            with looked_at_by(request):
                response = guarded(request, *args, **kwargs)
                # Names become links while the page is rendered, which Django would do later.
                return response.render() if isinstance(response, TemplateResponse) else response

        return update_wrapper(enter, guarded)

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Lead to the site's own log-in, which counts tries and asks for second factors."""
        index = reverse("admin:index", current_app=self.name)
        if self.has_permission(request):
            return redirect(index)
        if request.user.is_authenticated:
            raise PermissionDenied
        return redirect_to_login(request.GET.get("next", index), settings.LOGIN_URL)

    def password_change(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        return redirect("account_change_password")

    def password_change_done(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        return redirect("account_change_password")

    def logout(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        return redirect("account_logout", preserve_request=True)

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        apps = super().get_app_list(request, app_label)
        for app in apps:
            for entry in app["models"]:
                entry["name"] = NAMES.get(entry["model"], entry["name"])
            app["models"].sort(key=lambda entry: PLACES.get(entry["model"], len(PLACES)))
        return sorted(apps, key=lambda app: app["app_label"] != MIRROR)
