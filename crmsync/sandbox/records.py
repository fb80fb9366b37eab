"""A collection of records kept as dictionaries: the backing of folders and tests, the overlay of a made-up company."""

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from numpy.typing import NDArray

from crmsync.sandbox.comparing import comparable
from crmsync.sandbox.query import Condition
from crmsync.sandbox.schema import Record, Schema

Row = tuple[Any, ...]
Found = Sequence[Any] | NDArray[Any]


class Records:
    """Records by key, listed in key order."""

    def __init__(self, schema: Schema, records: Iterable[Record] = ()) -> None:
        self.schema = schema
        self._by_key: dict[Any, Record] = {schema.key_of(record): record for record in records}
        self._keys: list[Any] = sorted(self._by_key)
        self.hidden: dict[Any, Record] = {}

    def __len__(self) -> int:
        return len(self._keys)

    def __contains__(self, key: Any) -> bool:
        return key in self._by_key

    def __iter__(self) -> Iterator[Any]:
        return iter(list(self._keys))

    def next_key(self) -> int:
        """Return a key above every one in use, hidden ones included."""
        return max([0, *self._keys[-1:], *self.hidden]) + 1

    def get(self, key: Any) -> Record | None:
        """Return a record, None when there is none or it is hidden."""
        return self._by_key.get(key)

    def put(self, record: Record) -> None:
        """Add a record or replace the one with its key."""
        key = self.schema.key_of(record)
        if key not in self._by_key:
            insort(self._keys, key)
        self._by_key[key] = record

    def remove(self, key: Any) -> Record | None:
        """Take a record out and return it, None when there was none."""
        record = self._by_key.pop(key, None)
        if record is not None:
            del self._keys[bisect_left(self._keys, key)]
        return record

    def find(self, conditions: Sequence[Condition], *, limit: int | None = None, descending: bool = False) -> Found:
        """List the keys of matching records in key order, as many as the limit asks for."""
        found = self._matches(conditions, descending=descending)
        return list(found) if limit is None else [key for key, _ in zip(found, range(limit), strict=False)]

    def _matches(self, conditions: Sequence[Condition], *, descending: bool) -> Iterator[Any]:
        low, high = self._bounds(conditions)
        rest = [c for c in conditions if c.name != self.schema.key or c.operator not in (">", "<=")]
        keys = self._keys[low:high]
        for key in reversed(keys) if descending else keys:
            record = self._by_key[key]
            if all(condition.accepts(record.get(condition.name)) for condition in rest):
                yield key

    def _bounds(self, conditions: Sequence[Condition]) -> tuple[int, int]:
        low, high = 0, len(self._keys)
        for condition in conditions:
            if condition.name == self.schema.key and len(condition.operands) == 1:
                at = bisect_right(self._keys, condition.operands[0] or 0)
                low = max(low, at) if condition.operator == ">" else low
                high = min(high, at) if condition.operator == "<=" else high
        return low, high

    def rows(self, keys: Iterable[Any], names: Sequence[str]) -> list[Row]:
        """Return the wanted fields of some records, in the order of the names; what is missing is None."""
        records = (self._by_key[key] for key in keys)
        return [tuple(record.get(name) for name in names) for record in records]

    def sort(self, keys: Iterable[Any], order: Sequence[tuple[str, bool]], *, offset: int) -> list[Any]:
        """Order keys by fields, ties by key; empty values stand first, as in MySQL."""
        ordered = sorted(keys)
        for name, descending in reversed(order):
            kind = self.schema.kind_of(name) or "string"

            def rank(key: Any, name: str = name, kind: str = kind) -> tuple[bool, Any]:
                value = comparable(self._by_key[key].get(name), kind=kind, offset=offset)
                return (value is not None, value)

            ordered.sort(key=rank, reverse=descending)
        return ordered
