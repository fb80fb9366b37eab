"""What an exclusion is: a reason next to the condition of the records that it concerns."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Model, Q

from crmsync.models import MirroredRow
from kpis.explain_scope import Scope

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise


@dataclass(frozen=True, slots=True, kw_only=True)
class Exclusion:
    """A reason and the condition of the records that it concerns.

    `dated_by` and `credited_to` say when and for whom a person would expect them. `beyond` names a column whose
    employee must not be of the group, `off` a day that must not be of the period; `find` builds what only the scope
    can tell, in place of the day. A reason that is not `listed` only has a number.
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

    def narrow(self, scope: Scope) -> Q:
        """Build the condition within a scope, all but the day."""
        found = self.where & (self.find(scope) if self.find else Q())
        if self.beyond:
            found &= scope.beyond_group(self.beyond)
        if self.off:
            found &= ~scope.in_time(self.source, self.off)
        if issubclass(self.source, MirroredRow):
            found &= Q(deleted_at__isnull=not self.is_gone)
        nobodys = Q(**{f"{self.credited_to}__isnull": True}) if self.is_nobodys else scope.of_group(self.credited_to)
        return found & nobodys
