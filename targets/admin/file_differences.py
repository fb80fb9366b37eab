"""What a preview of an import of targets shows: rows of plain texts, so that its template decides nothing."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from kpis.catalog import BY_KEY
from kpis.spend.uploads import KEPT_SECONDS
from targets.admin.layers import FIELD_NAMES
from targets.imports import Difference, Preview
from targets.numbers import Writer, make_writer

MOST_SHOWN = 200


def describe_preview(preview: Preview) -> dict[str, Any]:
    """Describe a preview for its page."""
    writer = make_writer()
    return {
        "preview": preview,
        "counts": [
            (_("added"), len(preview.added)),
            (_("changed"), len(preview.changed)),
            (_("the same"), preview.same),
            (_("refused"), len(preview.refused)),
            (_("conflicting"), len(preview.conflicts)),
        ],
        "sections": [
            (_("Refused rows"), [{"line": line, "text": text} for line, text in preview.refused[:MOST_SHOWN]]),
            (_("Conflicting cells"), [describe_row(row, writer, text) for row, text in preview.conflicts[:MOST_SHOWN]]),
            (_("Changed cells"), describe_rows(preview.changed, writer)),
            (_("Added cells"), describe_rows(preview.added, writer)),
        ],
        "kept_minutes": KEPT_SECONDS // 60,
    }


def describe_rows(rows: Sequence[Difference], writer: Writer) -> list[dict[str, Any]]:
    """Describe the first rows."""
    return [describe_row(row, writer) for row in rows[:MOST_SHOWN]]


def describe_row(row: Difference, writer: Writer, text: str = "") -> dict[str, Any]:
    """Write a target as it is stored and as the file has it, the numbers that differ alone."""
    changes = [
        f"{FIELD_NAMES[name]}: {writer.write_plain(was or None) or '–'} → {writer.write_plain(value or None) or '–'}"
        for name, value in row.values.items()
        if (was := getattr(row.stored, name)) != value
    ]
    name = f"{row.name} · {BY_KEY[row.kpi].name}"
    return {"line": row.line, "name": name, "text": "; ".join([*changes, *filter(None, [text])])}
