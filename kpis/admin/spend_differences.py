"""What a preview of costs shows: rows of plain texts, so that its template decides nothing."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from crmsync.admin.formats import format_money
from crmsync.admin.references import NOTHING
from kpis.spend.imports import Difference, Preview
from kpis.spend.sources import SourceBook
from kpis.spend.uploads import KEPT_SECONDS, Upload

MOST_SHOWN = 200


def describe_preview(upload: Upload, preview: Preview) -> dict[str, Any]:
    """Describe a preview for its page."""
    book = SourceBook(upload.portal)
    return {
        "upload": upload,
        "preview": preview,
        "counts": list_counts(preview),
        "totals": [format_money(amount, currency) for currency, amount in preview.totals.items()],
        "refused": [{"lines": join(row.lines), "text": row.text} for row in preview.refused[:MOST_SHOWN]],
        "changed": [describe_row(row, book) for row in preview.changed[:MOST_SHOWN]],
        "new": [describe_row(row, book) for row in preview.new[:MOST_SHOWN]],
        "hidden": count_hidden(preview),
        "kept_minutes": KEPT_SECONDS // 60,
    }


def list_counts(preview: Preview) -> list[tuple[str, int]]:
    """List how much of what the file has."""
    return [
        (_("new"), len(preview.new)),
        (_("changed"), len(preview.changed)),
        (_("equal"), preview.equal),
        (_("refused"), len(preview.refused)),
    ]


def count_hidden(preview: Preview) -> Mapping[str, int]:
    """Count the rows that are too many to be shown."""
    counts = {"new": len(preview.new), "changed": len(preview.changed), "refused": len(preview.refused)}
    return {name: max(0, count - MOST_SHOWN) for name, count in counts.items()}


def describe_row(row: Difference, book: SourceBook) -> dict[str, str]:
    """Write a cost as it is stored and as the file has it."""
    spend = row.spend
    return {
        "lines": join(row.lines),
        "day": date_format(spend.day, "SHORT_DATE_FORMAT"),
        "source": book.name(spend.source_external_id) or NOTHING,
        "campaign": spend.campaign or NOTHING,
        "kind": spend.get_kind_display(),
        "old": format_money(row.old_amount, row.old_currency),
        "amount": format_money(spend.amount, spend.currency),
        "note": write_note(row),
    }


def write_note(row: Difference) -> str:
    """Write the note, after what it was when it changes."""
    if row.old_amount is None or row.old_note == row.spend.note:
        return row.spend.note
    return f"{row.old_note or NOTHING} → {row.spend.note or NOTHING}"


def join(lines: Iterable[int]) -> str:
    """Write the numbers of lines; of a campaign with many ads the first few are enough."""
    numbers = [str(line) for line in lines]
    return ", ".join(numbers if len(numbers) <= 5 else [*numbers[:4], "…", numbers[-1]])
