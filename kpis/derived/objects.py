"""Records of the CRM by type and id, listed or a whole range: around what a portion of derived rows is computed. Pure.

The same code derives what hangs on touched records and on a range of all records.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.db.models import Q

from crmsync.touches import COMPANY, CONTACT, DEAL, LEAD

# Stands for every other type: nothing but requests is derived around those, by their ids whatever the type.
OTHERS = 0
TYPES = (OTHERS, LEAD, DEAL, CONTACT, COMPANY)
FIRST_ID = 1
# A type and an id: where a range begins in the order of types and ids.
Place = tuple[int, int]
START: Place = (OTHERS, FIRST_ID)
# So many ids fit a statement of either database.
PORTION = 5_000


@dataclass(frozen=True, slots=True)
class Objects:
    """Records of one type: those with these ids, or, without a list, all from `start` up to, not including, `end`."""

    owner_type: int
    ids: tuple[int, ...] | None = None
    start: int = FIRST_ID
    end: int | None = None

    def among(self, column: str) -> Q:
        """Build the condition that a column names one of them."""
        if self.ids is not None:
            return Q(**{f"{column}__in": self.ids})
        begun = Q(**{f"{column}__gte": self.start})
        return begun if self.end is None else begun & Q(**{f"{column}__lt": self.end})

    def owning(self) -> Q:
        """Build the condition that a row belongs to one of them."""
        kind = Q(owner_type=self.owner_type) if self.owner_type != OTHERS else Q(owner_type__gt=COMPANY)
        return kind & self.among("owner_external_id")


def list_objects(records: Iterable[tuple[int, int]]) -> Iterator[Objects]:
    """Gather records, given by type and id, by their type, a bounded number at a time."""
    by_type: dict[int, list[int]] = {}
    for owner_type, key in sorted(set(records)):
        by_type.setdefault(owner_type, []).append(key)
    for owner_type, keys in by_type.items():
        for portion in cut_portions(keys):
            yield Objects(owner_type, tuple(portion))


def list_range(start: Place, end: Place | None) -> Iterator[Objects]:
    """List a half-open range of places, type by type."""
    last_type, last_id = end or (TYPES[-1] + 1, FIRST_ID)
    for owner_type in range(start[0], TYPES[-1] + 1):
        first = start[1] if owner_type == start[0] else FIRST_ID
        if owner_type < last_type:
            yield Objects(owner_type, start=first)
        elif owner_type == last_type and first < last_id:
            yield Objects(owner_type, start=first, end=last_id)


def cut_portions(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    """Cut ids into portions that fit a statement."""
    return (ids[at : at + PORTION] for at in range(0, len(ids), PORTION))
