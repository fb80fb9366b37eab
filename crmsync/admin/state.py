"""The admin of the synchronisation's own state: runs, streams, quarantine."""

import json
from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from crmsync.admin.columns import moment
from crmsync.admin.formats import format_count, format_duration, format_rate
from crmsync.admin.overview import describe_streams, draw_progress
from crmsync.admin.readonly import MirrorAdmin
from crmsync.admin.references import NOTHING
from crmsync.bitrix24.streams import STREAMS
from crmsync.models import Quarantine, StreamState, SyncRun
from crmsync.selectors import name_stream

MOST_PAYLOAD = 4000


class StreamFilter(admin.SimpleListFilter):
    """Narrows a list to one stream of THE LIST."""

    title = _("stream")
    parameter_name = "stream"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [(stream.key, name_stream(stream.key)) for stream in STREAMS]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.filter(stream=self.value()) if self.value() else queryset


class StateAdmin(MirrorAdmin):
    """A row about a stream or a run, with what went wrong."""

    search_fields: ClassVar[tuple[str, ...]] = ()

    @admin.display(description=_("stream"), ordering="stream")
    def stream_name(self, row: StreamState | Quarantine) -> str:
        return name_stream(row.stream)

    @admin.display(description=_("message"))
    def trouble(self, row: SyncRun | StreamState) -> str:
        return ": ".join(filter(None, (row.error_class, row.error))) or NOTHING


@admin.register(SyncRun)
class SyncRunAdmin(StateAdmin):
    change_form_template = "admin/crmsync/syncrun/change_form.html"
    list_display = ("started", "outcome", "progress", "trouble", "took", "speed", "ends", "requests")
    list_filter = ("outcome",)
    ordering = ("-started_at",)
    fields = (
        "portal",
        "outcome",
        ("started_at", "finished_at", "seen_at"),
        "took",
        "progress",
        ("speed", "ends"),
        ("changed", "quarantined", "requests"),
        "trouble",
    )
    started = moment("started_at", _("started at"))
    ends = moment("eta_at", _("ends about"))

    @admin.display(description=_("duration"))
    def took(self, run: SyncRun) -> str:
        return format_duration(run.duration)

    @admin.display(description=_("progress"))
    def progress(self, run: SyncRun) -> str:
        return draw_progress(run)

    @admin.display(description=_("speed"))
    def speed(self, run: SyncRun) -> str:
        return format_rate(run.rate)

    def read_details(self, row: SyncRun) -> dict[str, Any]:
        return {"streams": describe_streams(row)}


@admin.register(StreamState)
class StreamStateAdmin(StateAdmin):
    list_display = ("stream_name", "complete", "tried", "swept", "lacking", "trouble")
    fields = (
        "portal",
        "stream_name",
        ("watermark_at", "checked_at"),
        ("cursor", "read"),
        ("swept_at", "missing", "is_braked"),
        "trouble",
    )
    sortable_by = None
    ordering = ("pk",)
    complete = moment("watermark_at", _("complete through"))
    tried = moment("checked_at", _("last tried at"))
    swept = moment("swept_at", _("searched for deleted at"))

    @admin.display(description=_("missing"), ordering="missing")
    def lacking(self, state: StreamState) -> str:
        return format_count(state.missing) if state.missing else NOTHING

    @admin.display(description=_("records read"), ordering="rows")
    def read(self, state: StreamState) -> str:
        return format_count(state.rows)


@admin.register(Quarantine)
class QuarantineAdmin(StateAdmin):
    list_display = ("stream_name", "external_id", "reason", "first_seen", "last_seen")
    list_display_links = ("stream_name", "external_id")
    list_filter = (StreamFilter,)
    fields = ("portal", "stream_name", "external_id", "reason", ("first_seen_at", "last_seen_at"), "record")
    ordering = ("-portal_id", "stream", "external_id")
    search_fields = ("external_id",)
    search_help_text = _("By ID.")
    id_columns = ()
    text_columns = ("external_id",)
    first_seen = moment("first_seen_at", _("first seen at"))
    last_seen = moment("last_seen_at", _("last seen at"))

    @admin.display(description=_("record"))
    def record(self, row: Quarantine) -> str:
        text = json.dumps(row.payload, ensure_ascii=False, indent=2, sort_keys=True)
        shown = text if len(text) <= MOST_PAYLOAD else text[:MOST_PAYLOAD] + "…"
        return format_html("<pre>{}</pre>", shown)
