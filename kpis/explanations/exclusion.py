"""What an exclusion is: a reason next to the condition of the records that it concerns."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Model, Q

from crmsync.models import MirroredRow
from kpis.explanations.scope import Scope
from kpis.periods import bounds

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise


@dataclass(frozen=True, slots=True, kw_only=True)
class Exclusion:
    """A reason and the condition of the records that it concerns.

    `dated_by` and `credited_to` say when and for whom a person would expect them. `beyond` names a column whose
    employee must not be of the group, `off` a day that must not be of the period; `find` builds what only the scope
    can tell, of records moved on since the period began. A reason that is not `listed` only has a number.
    """

    key: str
    reason: "StrPromise"
    measures: tuple[str, ...]
    source: type[Model]
    dated_by: str
    credited_to: str | None
    where: Q = Q()
    beyond: str | None = None
    off: str | None = None
    find: Callable[[Scope], Q] | None = None
    is_gone: bool = False
    is_nobodys: bool = False
    listed: bool = True
    counts: bool = False

    def when(self, scope: Scope) -> Q:
        """Build the condition on the day: within the period, or with `find` any moment since it began."""
        if self.find is None:
            return scope.in_time(self.source, self.dated_by)
        start, _end = bounds(scope.period, scope.portal.zone)
        return Q(**{f"{self.dated_by}__gte": start}) | Q(**{f"{self.dated_by}__isnull": True})

    def narrow(self, scope: Scope) -> Q:
        """Build the condition within a scope, all but the day; what is dear to find out comes last."""
        found = self.where
        if issubclass(self.source, MirroredRow):
            found &= Q(deleted_at__isnull=not self.is_gone)
        found &= Q(**{f"{self.credited_to}__isnull": True}) if self.is_nobodys else scope.of_group(self.credited_to)
        if self.beyond:
            found &= scope.beyond_group(self.beyond)
        if self.off:
            found &= ~scope.in_time(self.source, self.off)
        return found & self.find(scope) if self.find else found
