"""Writing derived rows: what is stored is compared with what was computed, and only differences are written.

The caller owns the transaction. Several workers may do this at once for different ranges: docs/algorithms/derived.md.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db.models import Q, QuerySet

from crmsync.models import Portal
from crmsync.touches import Cell
from crmsync.upserts import upsert
from kpis.derived.objects import cut_portions
from kpis.derived.reading import Epoch
from kpis.models import DerivedRow

# Rows by their key; each begins with that key and the employee.
Rows = dict[int, tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Table:
    """How one kind of derived rows is compared: its columns, the key first and the employee second.

    `dated` is the day on which a row counts, `instant` a column that is compared as whole seconds.
    """

    model: type[DerivedRow]
    columns: tuple[str, ...]
    dated: str
    instant: str | None = None

    @property
    def key(self) -> str:
        """The column that tells rows apart."""
        return self.columns[0]

    def list_rows(self, where: Q, *, portal: Portal) -> QuerySet[Any]:
        """List the stored rows that satisfy a condition."""
        return self.model.objects.filter(where, portal=portal)

    def read(self, where: Q, *, portal: Portal) -> Rows:
        """Read stored rows in the shape of computed ones."""
        columns = [Epoch(name) if name == self.instant else name for name in self.columns]
        return {row[0]: row for row in self.list_rows(where, portal=portal).values_list(*columns).iterator()}

    def read_keys(self, keys: Sequence[int], *, portal: Portal) -> Rows:
        """Read the stored rows with these keys."""
        found: Rows = {}
        for portion in cut_portions(keys):
            found |= self.read(Q(pk__in=portion), portal=portal)
        return found

    def find_cell(self, row: tuple[Any, ...]) -> Cell:
        """Find the employee and day under which a row counts."""
        return row[1], row[self.columns.index(self.dated)]

    def name_columns(self, row: tuple[Any, ...], portal: Portal) -> dict[str, Any]:
        """Give a row as columns of the table."""
        named = dict(zip(self.columns, row, strict=True), portal_id=portal.pk)
        if self.instant:
            named[self.instant] = datetime.fromtimestamp(named[self.instant], UTC)
        return named


def write(table: Table, computed: Rows, stored: Rows, *, home: Q, portal: Portal) -> set[Cell]:
    """Make the stored rows what was computed. Returns the cells of the old and new rows that differ.

    `home` is the condition by which `stored` was read. Rows are written before any is deleted and in the order of their
    keys; a row to be deleted that another worker is writing has moved to his range: together, workers never wait for
    each other in a circle.
    """
    changed = sorted(key for key, row in computed.items() if stored.get(key) != row)
    gone = sorted(stored.keys() - computed.keys())
    upsert(table.model, [table.name_columns(computed[key], portal) for key in changed], unique=(name_key(table),))
    for portion in cut_portions(gone):
        still = table.list_rows(home & Q(pk__in=portion), portal=portal)
        free = still.order_by("pk").select_for_update(skip_locked=True, of=("self",)).values_list("pk", flat=True)
        table.model.objects.filter(pk__in=list(free)).delete()
    rows = [computed[key] for key in changed] + [stored[key] for key in (*changed, *gone) if key in stored]
    return {table.find_cell(row) for row in rows}


def name_key(table: Table) -> str:
    """Name the field of the key; its column has its suffix."""
    return table.model._meta.pk.name
