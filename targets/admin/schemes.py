"""The admin of schemes: each with its versions; the rules change by a new version, which is tried out before."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Max, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from targets.admin.scheme_forms import build_whole, show_whole
from targets.admin.scheme_texts import show_rules
from targets.models import Scheme, SchemeVersion
from targets.schemes import add_version

FOLDER = "admin/targets/scheme"
PAGE, NEW, VERSION = "targets_scheme_change", "targets_scheme_version_add", "targets_scheme_version"


@admin.register(Scheme)
class SchemeAdmin(admin.ModelAdmin):
    """Versions are never changed or deleted, and a scheme that has one is not deleted either."""

    list_display = ("name", "portal", "shown_version", "shown_day")
    fields = ("portal", "name")
    ordering = ("name", "pk")
    actions = None
    show_facets = admin.ShowFacets.NEVER

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Scheme]":
        newest = {"newest": Max("versions__number"), "since": Max("versions__effective_on")}
        return super().get_queryset(request).select_related("portal").defer("portal__webhook_url").annotate(**newest)

    @admin.display(description=gettext_lazy("newest version"), ordering="newest", empty_value="—")
    def shown_version(self, scheme: Any) -> int | None:
        return scheme.newest

    @admin.display(description=gettext_lazy("in force from"), ordering="since", empty_value="—")
    def shown_day(self, scheme: Any) -> Any:
        return scheme.since

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        is_bare = obj is None or not obj.versions.exists()
        return is_bare and super().has_delete_permission(request, obj)

    def get_urls(self) -> list[URLPattern]:
        own = [
            path("<int:scheme_id>/version/", self.admin_site.admin_view(self.add_version_view), name=NEW),
            path("<int:scheme_id>/version/<int:number>/", self.admin_site.admin_view(self.version_view), name=VERSION),
        ]
        return [*own, *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        title = capfirst(self.opts.verbose_name_plural)
        return super().changelist_view(request, {"title": title, **(extra_context or {})})

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: str | None = None) -> HttpResponse:
        """Lead to what a new scheme lacks: its first version."""
        return redirect(f"admin:{NEW}", obj.pk)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show the versions instead of a form: a scheme has nothing else that changes."""
        if request.method == "POST":
            raise PermissionDenied
        scheme = self.find_scheme(request, object_id)
        versions = scheme.versions.select_related("created_by").order_by("-number")
        return self.show(request, "versions", scheme, {"versions": versions, "title": scheme.name})

    def version_view(self, request: HttpRequest, scheme_id: int, number: int) -> HttpResponse:
        scheme = self.find_scheme(request, str(scheme_id))
        version = scheme.versions.filter(number=number).first()
        if version is None:
            raise Http404
        shown = show_rules(version.rules, version.line_tables)
        told = {"version": version, "whole": show_whole(version), "shown": shown, "title": str(version)}
        return self.show(request, "version", scheme, told)

    def add_version_view(self, request: HttpRequest, scheme_id: int) -> HttpResponse:
        """Show the form filled in with the newest version, try out what was sent, or store it."""
        scheme = self.find_scheme(request, str(scheme_id), to_change=True)
        newest = scheme.versions.order_by("-number").first()
        data = request.POST if request.method == "POST" else None
        whole = build_whole(data, newest, currency=scheme.portal.base_currency)
        draft = whole.read_draft() if data is not None else None
        if draft is not None and "_save" in request.POST:
            return self.store(request, scheme, add_version(scheme, draft, by=request.user))
        shown = show_rules(draft.rules, draft.line_tables) if draft else None
        return self.show(request, "form", scheme, {"whole": whole, "shown": shown, "newest": newest})

    def store(self, request: HttpRequest, scheme: Scheme, version: SchemeVersion) -> HttpResponse:
        """Tell what was stored, and lead to it."""
        told = {"version": version}
        self.log_change(request, scheme, _("Added %(version)s.") % told)
        self.message_user(request, _("%(version)s is stored; nobody can change it any more.") % told, messages.SUCCESS)
        return redirect(f"admin:{VERSION}", scheme.pk, version.number)

    def find_scheme(self, request: HttpRequest, scheme_id: str, *, to_change: bool = False) -> Scheme:
        """Find a scheme that one may see, or change. Raises: Http404, PermissionDenied."""
        scheme = self.get_object(request, scheme_id)
        if scheme is None:
            raise Http404
        may = self.has_change_permission if to_change else self.has_view_or_change_permission
        if not may(request, scheme):
            raise PermissionDenied
        return scheme

    def show(self, request: HttpRequest, page: str, scheme: Scheme, context: dict[str, Any]) -> HttpResponse:
        """Show one of the pages inside the admin's frame."""
        own = {"opts": self.opts, "scheme": scheme, "can_change": self.has_change_permission(request, scheme)}
        whole = {**self.admin_site.each_context(request), "title": _("New version"), **own, **context}
        return TemplateResponse(request, f"{FOLDER}/{page}.html", whole)
