"""A made-up collection: named columns over consecutive ids, searched in key order only as far as a page needs."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from crmsync.sandbox.choices import Constant, Serial
from crmsync.sandbox.columns import Array, Column, Rows
from crmsync.sandbox.query import Condition
from crmsync.sandbox.schema import Record, Schema

FIRST_CHUNK = 512
Row = tuple[Any, ...]


class Table:
    """Columns by field; record number `first_id` stands at position 0."""

    def __init__(self, schema: Schema, columns: Mapping[str, Column], *, length: int, first_id: int = 1) -> None:
        self.schema = schema
        self.length = length
        self.first_id = first_id
        self.columns: dict[str, Column] = {
            name: Constant(known.empty, length=length) for name, known in schema.fields.items()
        }
        self.columns.update(columns)
        self._keys = Serial(length=length, first=first_id)
        self._blank = Constant(None, length=length)
        self.alive: Array | None = None

    def __contains__(self, key: Any) -> bool:
        position = key - self.first_id
        return 0 <= position < self.length and (self.alive is None or bool(self.alive[position]))

    def column(self, name: str) -> Column:
        """Return the column that compares a field; a custom field declared later is empty here."""
        return self._keys if name == self.schema.key else self.columns.get(name, self._blank)

    def living(self) -> int:
        """Return how many records have not been buried."""
        return self.length if self.alive is None else int(self.alive.sum())

    def bury(self, key: int) -> None:
        """Stop listing a record: it is deleted, hidden or kept elsewhere in a newer version."""
        if self.alive is None:
            self.alive = np.ones(self.length, dtype=bool)
        self.alive[key - self.first_id] = False

    def rows(self, keys: Iterable[Any], names: Sequence[str]) -> list[Row]:
        """Render the wanted fields of some records."""
        at = np.asarray(keys, dtype=np.int64) - self.first_id
        if not names:
            return [()] * len(at)
        return list(zip(*[self.columns.get(name, self._blank).values(at) for name in names], strict=True))

    def record(self, key: int) -> Record:
        """Render one whole record."""
        names = tuple(self.columns)
        return dict(zip(names, self.rows([key], names)[0], strict=True))

    def find(self, conditions: Sequence[Condition], *, limit: int | None, descending: bool) -> Array:
        """Return the keys of matching records in key order, as many as the limit asks for."""
        candidates, rest = self.narrow(conditions)
        if isinstance(candidates, slice):
            found = self.scan(candidates, rest, limit=limit, descending=descending)
        else:
            found = candidates[self.mask(candidates, rest)]
            found = found[::-1] if descending else found
        return found[:limit] + self.first_id

    def narrow(self, conditions: Sequence[Condition]) -> tuple[Rows, list[Condition]]:
        """Cut the positions down by conditions on ascending columns; return them and the conditions left."""
        low, high = 0, self.length
        chosen: Array | None = None
        rest = []
        for condition in conditions:
            column = self.sorted_column(condition)
            if column is None:
                rest.append(condition)
            elif condition.operator == "=":
                hit = positions_of(column, condition.operands)
                chosen = hit if chosen is None else np.intersect1d(chosen, hit)
            else:
                first, last = span(column, condition, length=self.length)
                low, high = max(low, first), min(high, last)
        if chosen is None:
            return slice(low, max(low, high)), rest
        return chosen[(chosen >= low) & (chosen < high)], rest

    def sorted_column(self, condition: Condition) -> Column | None:
        """Return the ascending column that answers a condition by bisection, None when there is none."""
        column = self.column(condition.name)
        bisects = condition.operator == "=" or (
            condition.operator in (">", ">=", "<", "<=") and len(condition.operands) == 1
        )
        if not column.ascending or not bisects or None in condition.operands:
            return None
        return column

    def scan(self, rows: slice, conditions: list[Condition], *, limit: int | None, descending: bool) -> Array:
        """Walk a range in chunks that grow, until enough rows are found."""
        found: list[Array] = []
        count, chunk = 0, FIRST_CHUNK if limit is not None else max(1, rows.stop - rows.start)
        low, high = rows.start, rows.stop
        while low < high and (limit is None or count < limit):
            part = slice(max(low, high - chunk), high) if descending else slice(low, min(high, low + chunk))
            hits = part.start + np.flatnonzero(self.mask(part, conditions))
            found.append(hits[::-1] if descending else hits)
            count += len(hits)
            low, high = (low, part.start) if descending else (part.stop, high)
            chunk *= 4
        return np.concatenate(found) if found else np.empty(0, dtype=np.int64)

    def mask(self, rows: Rows, conditions: Sequence[Condition]) -> Array:
        """Tell for each row whether it is alive and satisfies every condition."""
        size = rows.stop - rows.start if isinstance(rows, slice) else len(rows)
        mask = np.ones(size, dtype=bool) if self.alive is None else self.alive[rows].copy()
        for condition in conditions:
            mask &= self.column(condition.name).mask(condition, rows)
        return mask

    def sort_keys(self, keys: Array, name: str) -> Array:
        """Return comparable values of one field for ordering."""
        return self.column(name).keys(keys - self.first_id)


def span(column: Column, condition: Condition, *, length: int) -> tuple[int, int]:
    """Return the range of positions that an inequality leaves in an ascending column."""
    at = column.bisect(condition.operands[0], right=condition.operator in (">", "<="))
    return (at, length) if condition.operator.startswith(">") else (0, at)


def positions_of(column: Column, operands: Sequence[Any]) -> Array:
    """Return the positions in an ascending column that hold one of the operands, ascending."""
    spans = [
        np.arange(column.bisect(operand, right=False), column.bisect(operand, right=True))
        for operand in sorted(set(operands))
    ]
    return np.concatenate(spans) if spans else np.empty(0, dtype=np.int64)
