"""The admin of changes of credit: who changed what about a lead or a deal, as the mirror saw it."""

from collections.abc import Collection, Sequence
from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from crmsync.admin.columns import moment
from crmsync.admin.credit_names import read_names, write_person, write_value
from crmsync.admin.pipeline import attach_owners
from crmsync.admin.readonly import MOST_FOUND, MirrorAdmin
from crmsync.admin.references import link_target
from crmsync.admin.scope import find_scope
from crmsync.models import CreditChange, Entity


@admin.register(CreditChange)
class CreditChangeAdmin(MirrorAdmin):
    list_display = ("seen", "record", "field", "values", "who")
    list_display_links = ("seen",)
    list_filter = ("field", "entity")
    fields = ("portal", "entity", "record", "field", ("old", "new"), ("changed", "who"), "seen")
    ordering = ("-portal_id", "-seen_at")
    search_help_text = _("By the ID of the lead or deal.")
    seen = moment("seen_at", _("seen at"))
    changed = moment("changed_at", _("changed at"))

    def refer(self, rows: Sequence[Any], *, shown: Collection[str] | None = None) -> None:
        super().refer(rows, shown=shown)
        attach_owners(rows, column="external_id")
        names = read_names(rows)
        for row in rows:
            row.names = names

    def find_by_id(self, request: HttpRequest, number: int) -> list[int]:
        # Naming every entity lets the index (portal, entity, record) answer.
        rows = CreditChange.objects.filter(portal=find_scope(request), entity__in=Entity.values)
        return list(rows.filter(external_id=number).values_list("pk", flat=True)[:MOST_FOUND])

    @admin.display(description=_("record"))
    def record(self, change: Any) -> str:
        return link_target(change, "owner", change.external_id)

    @admin.display(description=_("before"))
    def old(self, change: Any) -> str:
        return write_value(change, change.before, change.names)

    @admin.display(description=_("after"))
    def new(self, change: Any) -> str:
        return write_value(change, change.after, change.names)

    @admin.display(description=_("before → after"))
    def values(self, change: Any) -> str:
        return format_html("{} → {}", self.old(change), self.new(change))

    @admin.display(description=_("changed by"))
    def who(self, change: Any) -> str:
        return write_person(change.changed_by_external_id, change.names)
