"""Service of schemes: a change of the rules is a new version, which is checked, numbered and never changed again."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Max

from targets.models import Scheme, SchemeVersion
from targets.scoring.rows import read_table
from targets.scoring.rules import read_scheme


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """The rules of a version that is not stored yet, in the form of a JSON case; tables of single KPIs by their key."""

    rules: Mapping[str, Any]
    line_tables: Mapping[str, Any] = field(default_factory=dict)
    counts: str = SchemeVersion.Counts.WON
    effective_on: date
    note: str = ""


def check_rules(rules: Mapping[str, Any], line_tables: Mapping[str, Any]) -> None:
    """Check that rules can be scored. Raises: ScoringError, which names the field."""
    scheme = read_scheme(dict(rules))
    for kpi, table in line_tables.items():
        read_table(table, path=kpi, default=scheme.table)


@transaction.atomic
def add_version(scheme: Scheme, draft: Draft, *, by: Any) -> SchemeVersion:
    """Add the next version of a scheme. Raises: ScoringError for rules that cannot be scored."""
    check_rules(draft.rules, draft.line_tables)
    # Two who add at once get numbers one after the other.
    locked = Scheme.objects.select_for_update().get(pk=scheme.pk)
    newest = locked.versions.aggregate(newest=Max("number"))["newest"] or 0
    return SchemeVersion.objects.create(
        scheme=locked,
        number=newest + 1,
        effective_on=draft.effective_on,
        rules=dict(draft.rules),
        line_tables=dict(draft.line_tables),
        counts=draft.counts,
        note=draft.note,
        created_by=by,
    )
