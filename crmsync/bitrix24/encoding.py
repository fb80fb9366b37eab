"""Parameters as PHP reads them from a query string: how the commands of a batch are written."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any
from urllib.parse import quote

# What an earlier command of the same batch returned; the portal looks for the plain text.
REFERENCE = re.compile(r"\$result(\[[\w.-]+\])+")


def encode_command(method: str, params: Mapping[str, Any]) -> str:
    """Write a call as `method?query`."""
    query = "&".join(f"{key}={value}" for key, value in list_pairs(params))
    return f"{method}?{query}" if query else method


def list_pairs(params: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Flatten nested maps and lists to `a[b][0]=value`.

    Empty: None and empty collections write nothing; in a query string there is no way to say them.
    """
    for key, value in params.items():
        yield from flatten(quote(str(key), safe=""), value)


def flatten(name: str, value: Any) -> Iterator[tuple[str, str]]:
    """Yield the pairs of one parameter, its name already encoded."""
    if value is None:
        return
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from flatten(f"{name}[{quote(str(key), safe='')}]", inner)
    elif isinstance(value, list | tuple):
        for index, inner in enumerate(value):
            yield from flatten(f"{name}[{index}]", inner)
    else:
        yield name, encode_value(value)


def encode_value(value: Any) -> str:
    """Write one value; a query string has no types, so true and false are 1 and 0."""
    if isinstance(value, str) and REFERENCE.fullmatch(value):
        return value
    return quote(write_value(int(value) if isinstance(value, bool) else value), safe="")


def write_value(value: Any) -> str:
    """Write a value as text: dates and instants as ISO 8601."""
    return value.isoformat() if isinstance(value, date) else str(value)
