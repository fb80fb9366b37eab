"""The page “Why so many?”: any KPI, employee or group and period, explained down to the records.

Its address carries every argument, so that it can be passed on:
/admin/kpis/dailyfact/explain/?portal=1&kpi=revenue&period=2026-10&employee=7
"""

from typing import Any
from urllib.parse import urlencode

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from crmsync.admin.readonly import ReadOnlyAdmin
from crmsync.admin.scope import find_scope, render_in_zone
from crmsync.models import Portal
from crmsync.viewing import read_sight
from kpis.admin.explain_choice import list_choices
from kpis.explanations.page import describe_page
from kpis.explanations.question import DEFAULT, keep_asked, read_question
from kpis.explanations.scope import ScopeError
from kpis.groups import GroupError
from kpis.models import DailyFact
from kpis.periods import PeriodError
from kpis.snapshots import one_moment

TEMPLATE = "admin/kpis/dailyfact/explain.html"


@admin.register(DailyFact)
class DailyFactAdmin(ReadOnlyAdmin):
    """The facts have no list of their own: a number is looked at through its explanation."""

    def get_urls(self) -> list[URLPattern]:
        page = self.admin_site.admin_view(self.explain_view)
        return [path("explain/", page, name="kpis_explain"), *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        query = urlencode(keep_asked(request.GET))
        return redirect(f"{reverse('admin:kpis_explain')}{'?' if query else ''}{query}")

    def explain_view(self, request: HttpRequest) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        portal = find_scope(request)
        return render_in_zone(portal, lambda: self.render(request, portal))

    def render(self, request: HttpRequest, portal: Portal | None) -> HttpResponse:
        """Answer with the explanation, or with the form and a sentence about what is wrong."""
        told, status = {}, 200
        if portal is not None:
            try:
                with one_moment():
                    told = self.describe(request, portal)
            except (ScopeError, GroupError, PeriodError) as error:
                told, status = {"refusal": str(error), "asked": keep_asked(request.GET)}, 400
            told["choices"] = list_choices(portal, request)
        page = {"opts": self.opts, "title": _("Why so many?"), "portal": portal, "default": DEFAULT}
        context = self.admin_site.each_context(request) | page | told
        return TemplateResponse(request, TEMPLATE, context, status=status)

    def describe(self, request: HttpRequest, portal: Portal) -> dict[str, Any]:
        """Explain what the address asks for."""
        now = timezone.now()
        question = read_question(portal, request.GET, sight=read_sight(request), now=now)
        return describe_page(portal, question, request.GET, now=now)
