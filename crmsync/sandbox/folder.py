"""Reads a folder of records: one JSON-lines file a collection, in the shapes the REST methods return."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from crmsync.sandbox.instants import parse_offset
from crmsync.sandbox.schema import SCHEMAS, Record, Schema
from crmsync.sandbox.store import Store

SETTINGS_FILE = "portal.json"
SETTING_TYPES: dict[str, type] = {"utc_offset": str, "base_currency": str, "scopes": list, "userfields": list}


class FolderError(Exception):
    """A folder that cannot be served: what is wrong (a short code), in which file, on which line."""

    def __init__(self, reason: str, path: Path, *, line: int = 0, detail: str = "") -> None:
        super().__init__(f"{path}{f', line {line}' if line else ''}: {reason} {detail}".strip())
        self.reason = reason
        self.path = path
        self.line = line
        self.detail = detail


def read_folder(path: Path, *, clock: Callable[[], float] | None = None) -> Store:
    """Read a folder into a store.

    Raises: FolderError for a folder, a file or a line that cannot be used.
    """
    if not path.is_dir():
        raise FolderError("no_folder", path)
    files = sorted(path.glob("*.jsonl"))
    if not files:
        raise FolderError("empty_folder", path)
    for file in files:
        if file.stem not in SCHEMAS:
            raise FolderError("unknown_file", file, detail=", ".join(SCHEMAS))
    settings = read_settings(path / SETTINGS_FILE)
    records = {file.stem: list(read_records(file, SCHEMAS[file.stem])) for file in files}
    return Store.from_records(records, **settings, **({"clock": clock} if clock else {}))


def read_settings(path: Path) -> dict[str, Any]:
    """Read portal.json; without it every setting has its default.

    Raises: FolderError for a setting that is unknown or of the wrong kind.
    """
    if not path.exists():
        return {}
    try:
        settings = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise FolderError("broken_settings", path, detail=str(error)) from None
    if not isinstance(settings, dict):
        raise FolderError("broken_settings", path)
    for name, value in settings.items():
        if name not in SETTING_TYPES or not isinstance(value, SETTING_TYPES[name]):
            raise FolderError("wrong_setting", path, detail=name)
    try:
        parse_offset(settings.get("utc_offset", "+03:00"))
    except ValueError:
        raise FolderError("wrong_setting", path, detail="utc_offset") from None
    return settings


def read_records(path: Path, schema: Schema) -> Iterator[Record]:
    """Yield the records of one file; blank lines are skipped.

    Raises: FolderError for a line that is no record, lacks its key or repeats one.
    """
    seen: set[Any] = set()
    with path.open("rb") as lines:
        for number, line in enumerate(lines, 1):
            if line.strip():
                record = read_record(line, path, schema, number=number)
                key = schema.key_of(record)
                if key in seen:
                    raise FolderError("repeated_key", path, line=number, detail=f"{schema.key} {key}")
                seen.add(key)
                yield record


def read_record(line: bytes, path: Path, schema: Schema, *, number: int) -> Record:
    """Read one line.

    Raises: FolderError when it is no record of the collection.
    """
    try:
        record = json.loads(line)
    except ValueError:
        raise FolderError("broken_line", path, line=number) from None
    if not isinstance(record, dict):
        raise FolderError("broken_line", path, line=number)
    try:
        schema.key_of(record)
    except (KeyError, TypeError, ValueError):
        raise FolderError("no_key", path, line=number, detail=schema.key) from None
    return record
