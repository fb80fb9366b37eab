"""The shape of a stream: what is asked of the portal, and how each column of ours is read from its answer."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from crmsync.models import MirroredRow
from crmsync.windows import Raw

# How a stream's state names the error of an optional stream that the portal does not offer us.
SPARED = "Spared"


@dataclass(frozen=True)
class Column:
    """One column of ours and the Bitrix24 field it is read from.

    A column with `needs` is read from the whole record, for which those fields are requested.
    """

    name: str
    source: str
    read: Callable[[Any], Any]
    required: bool = False
    needs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Stream:
    """What to ask for and how to read it.

    `id_field` is what pages walk by, `unique` what tells rows apart within a portal, `changed_field` what
    increments are filtered by (None: the stream is small and read whole every time). `entity_type` marks
    streams of `crm.item.list`, `custom_key` the table whose custom fields can be copied, `in_catalogues` lists
    that are asked for catalogue by catalogue. `requires` are fields that the method insists on. A `nightly` stream
    is read whole, so that it is read once and then only with the nightly sweep; an `optional` one may be refused.
    """

    key: str
    model: type[MirroredRow]
    method: str
    columns: tuple[Column, ...]
    id_field: str = "ID"
    unique: tuple[str, ...] = ("external_id",)
    changed_field: str | None = None
    entity_type: int | None = None
    params: Mapping[str, Any] = field(default_factory=dict)
    items: str | None = None
    by_keyset: bool = True
    filter_name: str = "filter"
    flat_sort: bool = False
    start_name: str = "start"
    constants: Mapping[str, Any] = field(default_factory=dict)
    accepts: Callable[[Raw], bool] | None = None
    selects: bool = True
    custom_key: str = ""
    requires: tuple[str, ...] = ()
    in_catalogues: bool = False
    nightly: bool = False
    optional: bool = False

    @property
    def select(self) -> list[str]:
        """Only the fields that the product uses."""
        names = [name for column in self.columns for name in (column.needs or (column.source,))]
        return list(dict.fromkeys([self.id_field, *self.requires, *names]))
