"""The admin of portals: what is shown of each, and which settings an administrator may change."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import Count, Min, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crmsync.activities import reclassify
from crmsync.admin.overview import describe_portal
from crmsync.admin.portal_forms import SettingsForm
from crmsync.admin.portal_pages import PortalPages
from crmsync.admin.references import NOTHING
from crmsync.admin.scope import render_in_zone
from crmsync.models import Portal
from crmsync.selectors import NIGHTLY


@admin.register(Portal)
class PortalAdmin(PortalPages):
    form = SettingsForm
    empty_value_display = NOTHING
    actions = ("sync_now",)
    list_display = ("name", "origin", "connection", "is_enabled", "complete_through")
    readonly_fields = ("origin", "base_currency", "connection", "connection_note", "created_at")
    fieldsets = (
        (None, {"fields": ("name", "origin", ("connection", "connection_note"), "is_enabled", "time_zone")}),
        (gettext_lazy("Schedule"), {"fields": (("sync_seconds", "night_hour"),)}),
        (gettext_lazy("Money and activities"), {"fields": ("base_currency", "custom_fields", "activity_map")}),
        (gettext_lazy("Limits"), {"fields": (("bucket_capacity", "bucket_leak"), "overlap_hours", "created_at")}),
    )

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest) -> bool:
        return not lookup.startswith("webhook") and super().lookup_allowed(lookup, value, request)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Portal]:
        """Leave the secret in the database: no page needs it."""
        fresh = ~Q(stream_states__stream__in=NIGHTLY)
        states = {
            "first_watermark": Min("stream_states__watermark_at", filter=fresh),
            "unread": Count("stream_states", filter=fresh & Q(stream_states__watermark_at=None)),
        }
        return super().get_queryset(request).defer("webhook_url").annotate(**states).order_by("pk")

    @admin.display(description=gettext_lazy("complete through"))
    def complete_through(self, portal: Any) -> Any:
        return None if portal.unread else portal.first_watermark

    def save_model(self, request: HttpRequest, obj: Portal, form: Any, change: bool) -> None:
        # A sync may be at work: the columns of its lease must not be written back as they were.
        obj.save(update_fields=form.changed_data)
        if {"custom_fields", "time_zone"} & set(form.changed_data):
            text = _("Records read so far stay as they are; to read them again: manage.py sync --portal %(id)s --full")
            self.message_user(request, text % {"id": obj.pk}, messages.WARNING)
        if "activity_map" in form.changed_data:
            text = _("Activities that have another kind now: %(count)s.")
            self.message_user(request, text % {"count": reclassify(obj)}, messages.SUCCESS)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        view = super().render_change_form
        # The form's own portal may hold a refused zone.
        stored = self.get_queryset(request).get(pk=context["original"].pk)
        context |= {"title": capfirst(self.opts.verbose_name), "show_save_and_add_another": False}
        now = timezone.now()
        return render_in_zone(
            stored, lambda: view(request, context | describe_portal(stored, now=now), *args, **kwargs)
        )
