"""Whether lists show what the portal does not have any more, and what a deleted record's page says about it."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from django.contrib import admin
from django.contrib.admin.views.main import SEARCH_VAR, ChangeList
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crmsync.bitrix24.streams import STREAMS
from crmsync.models import MirroredRow, StageChange, Tombstone
from crmsync.viewing import may_list

STREAMS_OF = {stream.model: (stream.key,) for stream in STREAMS if stream.model is not StageChange}
LIVE, DELETED, ALL = "live", "deleted", "all"


def can_vanish(model: type[Model]) -> bool:
    """Tell whether rows of a table may vanish from the portal; history is kept whatever the portal forgets."""
    return issubclass(model, MirroredRow) and model is not StageChange


def find_presence(request: HttpRequest) -> str:
    """Find which rows a list is asked for. Whoever searches for a record wants it, deleted or not."""
    chosen = request.GET.get(PresenceFilter.parameter_name, "")
    if chosen in (LIVE, DELETED, ALL):
        return chosen
    return ALL if request.GET.get(SEARCH_VAR, "").strip() else LIVE


class PresenceFilter(admin.SimpleListFilter):
    """Shows what the portal has; on demand what it lost, or everything."""

    title = _("presence")
    parameter_name = "presence"

    def __init__(self, request: HttpRequest, *args: Any) -> None:
        super().__init__(request, *args)
        self.shown = find_presence(request)

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, Any]]:
        return [(LIVE, _("on the portal")), (DELETED, _("deleted")), (ALL, _("all"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.shown == ALL:
            return queryset
        return queryset.filter(deleted_at__isnull=self.shown == LIVE)

    def choices(self, changelist: ChangeList) -> Iterator[Any]:
        """Mark what is shown, chosen or not; there is no "All" besides our own."""
        for key, name in self.lookup_choices:
            link = changelist.get_query_string({self.parameter_name: key})
            yield {"selected": key == self.shown, "query_string": link, "display": name}


def describe_absence(row: Any, *, site: admin.AdminSite) -> dict[str, Any]:
    """Tell since when a record is gone and where such records are listed. *Empty*: nothing for a live one."""
    gone_at = getattr(row, "deleted_at", None)
    if gone_at is None:
        return {}
    return {
        "gone_at": gone_at,
        "gone_list": find_list(row) if site.is_registered(Tombstone) and may_list(Tombstone) else "",
    }


def find_list(row: Any) -> str:
    """Find the list in which a deleted record stands. *Empty*: product lines that only went along with their deal."""
    stone = Tombstone.objects.filter(
        portal=row.portal_id, stream__in=STREAMS_OF.get(type(row), ()), row_id=row.pk
    ).first()
    if stone is None:
        return ""
    query = urlencode({"portal": row.portal_id, "stream": stone.stream, "row_id": row.pk})
    return f"{reverse('admin:crmsync_tombstone_changelist')}?{query}"
