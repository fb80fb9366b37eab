"""What stands on a proof's page: what was compared by stream, and the differences with links to our rows."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import IntegerField
from django.http import QueryDict

from crmsync.admin.formats import format_count
from crmsync.admin.references import link_row
from crmsync.admin.search import is_number
from crmsync.bitrix24.stream import Stream
from crmsync.bitrix24.streams import BY_KEY
from crmsync.models import Difference, Proof
from crmsync.proof_texts import CAUSES
from crmsync.selectors import title_stream
from crmsync.tombstones import name_key

MOST_SHOWN = 100


def describe_proof_page(proof: Proof, query: QueryDict) -> dict[str, Any]:
    """Build the context of a proof's page; `stream` and `cause` of the query narrow its differences."""
    chosen = {name: str(query[name]) for name in ("stream", "cause") if query.get(name)}
    found = Difference.objects.filter(proof=proof, **chosen).order_by("pk")
    shown = list(found[:MOST_SHOWN])
    return {
        "streams": describe_compared(proof),
        "chosen": describe_choice(chosen),
        "differences": describe_differences(shown, proof),
        "is_cut": len(shown) == MOST_SHOWN,
        "has_more": proof.differing > 0 and not shown,
    }


def describe_compared(proof: Proof) -> list[dict[str, Any]]:
    """Write what was compared. *Shape*: one row per stream, in the order of comparing."""
    return [
        {
            "key": key,
            "name": title_stream(key),
            "compared": format_count(told.get("compared", 0)),
            "kept": told.get("kept", 0),
            "causes": [
                {"key": cause, "name": CAUSES.get(cause, cause), "count": format_count(count)}
                for cause, count in sorted(told.get("causes", {}).items())
            ],
            "error": told.get("error", ""),
        }
        for key, told in proof.streams.items()
    ]


def describe_choice(chosen: Mapping[str, str]) -> str:
    """Say to what the differences are narrowed."""
    names = [title_stream(chosen["stream"])] if "stream" in chosen else []
    names += [str(CAUSES.get(chosen["cause"], chosen["cause"]))] if "cause" in chosen else []
    return ": ".join(names)


def describe_differences(rows: Sequence[Difference], proof: Proof) -> list[dict[str, Any]]:
    """Write differences, each with a link to our row where we have one; one query a stream."""
    keys: dict[str, set[str]] = {}
    for row in rows:
        keys.setdefault(row.stream, set()).add(row.external_id)
    ours = {key: find_rows(BY_KEY[key], ids, proof.portal_id) for key, ids in keys.items() if key in BY_KEY}
    return [
        {
            "row": row,
            "stream": title_stream(row.stream),
            "record": describe_record(ours.get(row.stream, {}).get(row.external_id), row.external_id),
        }
        for row in rows
    ]


def describe_record(row: Any, external_id: str) -> str:
    """Link to our row, or give the bare ID."""
    return external_id if row is None else link_row(row, text=external_id)


def find_rows(stream: Stream, names: set[str], portal_id: int) -> dict[str, Any]:
    """Find rows of a stream by the names that `name_key` gives them: the ID is what stands last."""
    ids = {name.split(":", len(stream.unique) - 1)[-1] for name in names}
    model: Any = stream.model
    if isinstance(model._meta.get_field("external_id"), IntegerField):
        ids = {number for number in ids if is_number(number)}
    rows = model._default_manager.filter(portal_id=portal_id, external_id__in=ids)
    return {name_key(stream, {name: getattr(row, name) for name in stream.unique}): row for row in rows}
