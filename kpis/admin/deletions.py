"""The admin of deleted records: which vanished from the portal, and the figures that left with them."""

from collections.abc import Collection, Sequence
from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _

from crmsync.admin.columns import moment
from crmsync.admin.references import NOTHING
from crmsync.admin.state import StateAdmin, StreamFilter
from crmsync.bitrix24.streams import BY_KEY as STREAMS
from crmsync.models import Portal, Tombstone
from kpis.deletions import describe_stones
from kpis.render.deletion_texts import write_left

STATES = {
    "waiting": Q(deleted_at=None, restored_at=None),
    "deleted": Q(deleted_at__isnull=False, restored_at=None),
    "returned": Q(restored_at__isnull=False),
}


class TombstoneFilter(admin.SimpleListFilter):
    """Narrows the list to what waits for its second check, is gone, or came back."""

    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, Any]]:
        names = (_("waiting for the second check"), _("deleted"), _("came back"))
        return list(zip(STATES, names, strict=True))

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.filter(STATES.get(self.value() or "", Q()))


@admin.register(Tombstone)
class TombstoneAdmin(StateAdmin):
    list_display = ("stream_name", "record", "name", "missed", "deleted", "restored", "figures")
    list_filter = (TombstoneFilter, StreamFilter)
    fields = ("portal", "stream_name", "record", "name", "missed", "deleted", "restored", "figures")
    ordering = ("-pk",)
    search_fields = ("external_id",)
    search_help_text = _("By ID or name.")
    id_columns = ()
    text_columns = ("external_id", "name")
    missed = moment("missed_at", _("first missed at"))
    deleted = moment("deleted_at", _("taken for deleted at"))
    restored = moment("restored_at", _("came back at"))

    def refer(self, rows: Sequence[Any], *, shown: Collection[str] | None = None) -> None:
        """Find the figures that left with all rows of a page at once."""
        if not rows:
            return
        portal = Portal.objects.defer("webhook_url").get(pk=rows[0].portal_id)
        stones = Tombstone.objects.filter(pk__in=[row.pk for row in rows])
        left = {found.stone.pk: found.left for found in describe_stones(stones, portal=portal)}
        for row in rows:
            row.left = write_left(left[row.pk], currency=portal.base_currency)

    @admin.display(description="ID")
    def record(self, row: Tombstone) -> str:
        """Link to the record, which stays in the mirror."""
        stream = STREAMS.get(row.stream)
        if stream is None or not self.admin_site.is_registered(stream.model):
            return row.external_id
        url = reverse(f"admin:{stream.model._meta.app_label}_{stream.model._meta.model_name}_change", args=[row.row_id])
        return format_html('<a href="{}">{}</a>', url, row.external_id)

    @admin.display(description=_("figures that left"))
    def figures(self, row: Any) -> str:
        return format_html_join("", "<div>{}</div>", ((line,) for line in row.left)) or NOTHING
