"""Names for IDs: mirrored rows refer to others by the portal's ID, and pages show what that is."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Model
from django.urls import reverse
from django.utils.html import format_html

from crmsync.models import Entity, Stage
from crmsync.viewing import may_open

Reference = tuple[type[Model], str]
NOTHING = "—"


def attach_references(rows: Sequence[Any], references: Mapping[str, Reference]) -> None:
    """Look up what rows of one portal refer to, one query a reference, into each row's `found`."""
    for row in rows:
        row.found = {}
    for name, (model, column) in references.items():
        ids = {getattr(row, column) for row in rows} - {None, ""}
        targets = find_targets(model, rows, ids)
        for row in rows:
            row.found[name] = targets.get(getattr(row, column))


def find_targets(model: type[Any], rows: Sequence[Any], ids: set[Any]) -> dict[Any, Any]:
    """Find rows of a table by the portal's IDs, in the portal of the rows that refer to them."""
    if not ids:
        return {}
    found = model.objects.filter(portal_id=rows[0].portal_id, external_id__in=ids)
    return {target.external_id: target for target in found}


def attach_stages(rows: Sequence[Any], *, entity: Entity | None = None) -> None:
    """Look up the stages of leads, deals or moves of one portal, in one query; moves tell their entity."""
    codes = {row.stage_external_id for row in rows}
    found = Stage.objects.filter(portal_id=rows[0].portal_id, external_id__in=codes) if rows else ()
    stages = {(stage.entity, stage.pipeline_external_id, stage.external_id): stage for stage in found}
    for row in rows:
        pipeline = getattr(row, "pipeline_external_id", None) or 0
        row.found["stage"] = stages.get((entity or row.entity, pipeline, row.stage_external_id))


def link_target(row: Any, name: str, raw: Any) -> str:
    """Link to what a row refers to; the bare ID where the mirror does not have it."""
    target = row.found.get(name)
    if target is not None:
        return link_row(target)
    return NOTHING if raw is None or raw == "" else f"ID {raw}"


def link_row(row: Model, *, text: str = "") -> str:
    """Link to a row's page in the admin, by its name or by a text; who may not open it reads the name alone."""
    if not may_open(row):
        return format_html("{}", text or row)
    url = reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])
    return format_html('<a href="{}">{}</a>', url, text or row)
