"""From a stream's declaration to the requests that read it."""

from collections.abc import Mapping, Sequence
from datetime import tzinfo
from typing import Any

from crmsync.bitrix24.client import Listing
from crmsync.bitrix24.readers import EMAIL_ALIASES, PHONE_ALIASES
from crmsync.bitrix24.stream import Stream
from crmsync.windows import Raw, Window

ALIASES = frozenset((*EMAIL_ALIASES, *PHONE_ALIASES))
Schema = Mapping[str, Any]


def build_listing(stream: Stream, window: Window, *, schema: Schema, custom: Sequence[str], offset: tzinfo) -> Listing:
    """Build the listing of a window. *Time*: the bound is written in the portal's own offset."""
    params: dict[str, Any] = dict(stream.params)
    if stream.entity_type:
        params["entityTypeId"] = stream.entity_type
    if stream.selects:
        params["select"] = build_select(stream, schema, custom)
    if window.since and stream.changed_field:
        bound = window.since.astimezone(offset).replace(microsecond=0).isoformat()
        params[stream.filter_name] = {f">={stream.changed_field}": bound}
    return Listing(
        method=stream.method,
        params=params,
        key=stream.id_field,
        items=stream.items,
        filter_name=stream.filter_name,
        flat_sort=stream.flat_sort,
    )


def build_select(stream: Stream, schema: Schema, custom: Sequence[str]) -> list[str]:
    """Name the fields to request.

    Where the portal does not offer e-mail and phone by name, they come only with everything else.
    """
    wanted = stream.select
    if ALIASES.intersection(wanted):
        offered = ALIASES.intersection(schema)
        if not offered:
            return ["*", *find_custom_names(schema, custom)]
        wanted = [name for name in wanted if name not in ALIASES or name in offered]
    return [*wanted, *find_custom_names(schema, custom)]


def find_custom_names(schema: Schema, custom: Sequence[str]) -> dict[str, str]:
    """Map the portal's spelling of the configured custom fields to their UF_* names; absent ones are left out."""
    upper = {
        str(about.get("upperName") or name).upper(): name for name, about in schema.items() if isinstance(about, dict)
    }
    return {upper[wanted]: wanted for wanted in custom if wanted in upper}


def take_custom_fields(raw: Raw, names: Mapping[str, str]) -> Raw:
    """Gather a record's custom fields under one key, by their UF_* names."""
    return {**raw, "custom_fields": {wanted: raw.get(name) for name, wanted in names.items()}}


def needs_schema(stream: Stream, custom: Sequence[str]) -> bool:
    """Tell whether the list of the portal's fields must be read before the stream."""
    return bool(stream.entity_type) and (bool(custom) or bool(ALIASES.intersection(stream.select)))
