"""The admin of what is due and of who does it: slots and the workers' pulse."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from crmsync.admin.columns import moment
from crmsync.admin.formats import format_duration, measure
from crmsync.admin.readonly import ReadOnlyAdmin
from crmsync.admin.state import StateAdmin
from crmsync.heartbeat import SILENCE
from crmsync.models import Heartbeat, Slot


class OpenFilter(admin.SimpleListFilter):
    """Narrows the list to what is still to be done, or to what is done."""

    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, Any]]:
        return [("open", _("to be done")), ("done", _("done"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        wanted = {"open": True, "done": False}.get(self.value() or "")
        return queryset if wanted is None else queryset.filter(done_at__isnull=wanted)


@admin.register(Slot)
class SlotAdmin(StateAdmin):
    list_display = ("job", "due", "done", "took", "attempts")
    list_filter = (OpenFilter, "job")
    fields = ("portal", "job", ("due", "done", "took"), "attempts", "accepts_deletions")
    ordering = ("-due_at",)
    due = moment("due_at", _("due at"))
    done = moment("done_at", _("done at"))

    @admin.display(description=_("from due to done"))
    def took(self, slot: Slot) -> str:
        return format_duration(measure(slot.due_at, slot.done_at))


@admin.register(Heartbeat)
class HeartbeatAdmin(ReadOnlyAdmin):
    list_display = ("worker", "seen", "health")
    fields = ("worker", "seen", "health")
    ordering = ("worker",)
    seen = moment("seen_at", _("last sign of life"))

    @admin.display(description=_("health"))
    def health(self, heart: Heartbeat) -> str:
        silence = timezone.now() - heart.seen_at
        if silence <= SILENCE:
            return gettext("works")
        return gettext("silent for %(time)s") % {"time": format_duration(silence)}
