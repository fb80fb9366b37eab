"""The admin of the portal's dictionaries and of the moves between stages."""

from collections.abc import Collection, Sequence
from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from crmsync.admin.columns import moment, reference
from crmsync.admin.readonly import MOST_FOUND, MirrorAdmin
from crmsync.admin.references import attach_stages, find_targets, link_target
from crmsync.admin.scope import find_scope
from crmsync.models import Deal, Entity, Lead, Pipeline, Semantics, Source, Stage, StageChange

OWNERS = {Entity.LEAD: Lead, Entity.DEAL: Deal}


@admin.register(Pipeline)
class PipelineAdmin(MirrorAdmin):
    list_display = ("external_id", "name", "position")
    list_display_links = ("external_id", "name")
    sortable_by = None
    ordering = ("position", "external_id")
    search_help_text = _("By ID or name.")
    text_columns = ("name",)


@admin.register(Stage)
class StageAdmin(MirrorAdmin):
    list_display = ("external_id", "name", "entity", "pipeline", "position", "semantics")
    list_display_links = ("external_id", "name")
    list_filter = ("entity", "semantics")
    fields = ("portal", "entity", "pipeline", "external_id", "name", "position", "semantics")
    sortable_by = None
    ordering = ("entity", "pipeline_external_id", "position", "pk")
    search_help_text = _("By code or name.")
    id_columns = ()
    text_columns = ("external_id", "name")
    references = {"pipeline": (Pipeline, "pipeline_external_id")}
    pipeline = reference("pipeline", "pipeline_external_id", _("pipeline"))


@admin.register(Source)
class SourceAdmin(MirrorAdmin):
    list_display = ("external_id", "name")
    list_display_links = ("external_id", "name")
    sortable_by = None
    ordering = ("name", "pk")
    search_help_text = _("By code or name.")
    id_columns = ()
    text_columns = ("external_id", "name")


@admin.register(StageChange)
class StageChangeAdmin(MirrorAdmin):
    list_display = ("external_id", "entity", "owner", "pipeline", "stage", "meaning", "changed")
    list_filter = ("entity",)
    fields = ("portal", "external_id", "entity", "owner", "change_type", "pipeline", "stage", "meaning", "changed_at")
    # The index that serves this order starts with the portal and the entity.
    ordering = ("-portal_id", "-entity", "-external_id")
    search_help_text = _("By the ID of the lead or deal.")
    references = {"pipeline": (Pipeline, "pipeline_external_id")}
    computed_from = {"owner": "owner_external_id", "stage": "stage_external_id", "meaning": "semantics"}
    pipeline = reference("pipeline", "pipeline_external_id", _("pipeline"))
    stage = reference("stage", "stage_external_id", _("stage"))
    changed = moment("changed_at", _("changed at"))

    def refer(self, rows: Sequence[Any], *, shown: Collection[str] | None = None) -> None:
        super().refer(rows, shown=shown)
        attach_stages(rows)
        attach_owners(rows)

    def find_by_id(self, request: HttpRequest, number: int) -> list[int]:
        # Naming every entity lets the index (portal, entity, record) answer.
        rows = StageChange.objects.filter(portal=find_scope(request), entity__in=Entity.values)
        return list(rows.filter(owner_external_id=number).values_list("pk", flat=True)[:MOST_FOUND])

    @admin.display(description=_("record"))
    def owner(self, change: Any) -> str:
        return link_target(change, "owner", change.owner_external_id)

    @admin.display(description=_("meaning"))
    def meaning(self, change: StageChange) -> str:
        return str(dict(Semantics.choices).get(change.semantics, change.semantics))


def attach_owners(rows: Sequence[Any], *, column: str = "owner_external_id") -> None:
    """Look up the leads and deals that rows are about, one query a table."""
    for entity, model in OWNERS.items():
        moves = [row for row in rows if row.entity == entity]
        targets = find_targets(model, moves, {getattr(row, column) for row in moves})
        for row in moves:
            row.found["owner"] = targets.get(getattr(row, column))
