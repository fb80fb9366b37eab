"""A made-up collection with the changes made to it since: records that were touched live in an overlay."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np

from crmsync.sandbox.columns import EMPTY_KEY, Array
from crmsync.sandbox.comparing import comparable
from crmsync.sandbox.query import Condition
from crmsync.sandbox.records import Found, Records, Row
from crmsync.sandbox.schema import Record
from crmsync.sandbox.table import Table


class LayeredRecords(Records):
    """A table below, changed and added records above; a record is in one of them only."""

    def __init__(self, table: Table) -> None:
        super().__init__(table.schema)
        self.table = table

    def __len__(self) -> int:
        return self.table.living() + super().__len__()

    def __contains__(self, key: Any) -> bool:
        return super().__contains__(key) or key in self.table

    def __iter__(self) -> Iterator[Any]:
        return iter(np.asarray(self.find(())).tolist())

    def next_key(self) -> int:
        """Return a key above every one in use, buried ones included."""
        return max(super().next_key(), self.table.first_id + self.table.length)

    def get(self, key: Any) -> Record | None:
        """Return a record, None when there is none or it is hidden."""
        above = super().get(key)
        if above is not None or key not in self.table:
            return above
        return self.table.record(key)

    def put(self, record: Record) -> None:
        """Add a record or lay it over the one with its key."""
        key = self.schema.key_of(record)
        if key in self.table:
            self.table.bury(key)
        super().put(record)

    def remove(self, key: Any) -> Record | None:
        """Take a record out and return it, None when there was none."""
        record = self.get(key)
        if key in self.table:
            self.table.bury(key)
        super().remove(key)
        return record

    def find(self, conditions: Sequence[Condition], *, limit: int | None = None, descending: bool = False) -> Found:
        """Return the keys of matching records of both layers in key order, as many as the limit asks for."""
        below = self.table.find(conditions, limit=limit, descending=descending)
        above = super().find(conditions, limit=limit, descending=descending)
        if not len(above):
            return below
        merged = np.sort(np.concatenate((below, np.array(above, dtype=np.int64))))
        return (merged[::-1] if descending else merged)[:limit]

    def rows(self, keys: Iterable[Any], names: Sequence[str]) -> list[Row]:
        """Return the wanted fields of some records of either layer, in the order of the keys."""
        wanted = np.asarray(list(keys) if not isinstance(keys, np.ndarray) else keys, dtype=np.int64)
        if not self._by_key:
            return self.table.rows(wanted, names)
        above = [int(key) in self._by_key for key in wanted.tolist()]
        below_rows = iter(self.table.rows(wanted[~np.array(above, dtype=bool)], names))
        above_rows = iter(super().rows([int(k) for k, up in zip(wanted, above, strict=True) if up], names))
        return [next(above_rows) if up else next(below_rows) for up in above]

    def sort(self, keys: Iterable[Any], order: Sequence[tuple[str, bool]], *, offset: int) -> list[Any]:
        """Order keys by fields, ties by key."""
        wanted = np.sort(np.asarray(keys, dtype=np.int64))
        columns = [self._ranks(wanted, name, offset=offset) * (-1 if down else 1) for name, down in order]
        return wanted[np.lexsort((wanted, *reversed(columns)))].tolist()

    def _ranks(self, keys: Array, name: str, *, offset: int) -> Array:
        above = np.array([key in self._by_key for key in keys.tolist()]) if self._by_key else None
        if above is None or not above.any():
            return rank(self.table.sort_keys(keys, name))
        kind = self.schema.kind_of(name) or "string"
        below = self.table.sort_keys(keys[~above], name)
        raw = [comparable(self._by_key[key].get(name), kind=kind, offset=offset) for key in keys[above].tolist()]
        text = below.dtype.kind not in "fiu"
        nothing = "" if text else EMPTY_KEY
        ours = [nothing if value is None else str(value) if text else value for value in raw]
        merged = np.empty(len(keys), dtype=object if text else np.float64)
        merged[~above], merged[above] = below, ours
        return rank(merged.astype(str) if text else merged)


def rank(values: Array) -> Array:
    """Turn comparable values, texts included, into numbers of the same order."""
    return values if values.dtype.kind in "fiu" else np.unique(values, return_inverse=True)[1]
