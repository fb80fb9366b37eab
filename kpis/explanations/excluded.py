"""Records that do not count although a person would expect them: found by THE LIST, counted, listed by pages."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial, reduce
from operator import or_
from typing import Any

from django.db.models import Count, Model, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from crmsync.models import MirroredRow
from kpis.explanations.exclusion import Exclusion
from kpis.explanations.exclusions import EXCLUSIONS, HANGING, OPENS, closed, received, started
from kpis.explanations.records import Record, build_records
from kpis.explanations.scope import Scope
from kpis.explanations.selecting import keep, order
from kpis.measures import BY_KEY, WON, Measure
from kpis.models import ClientRequest, LeadProgress, Sale

Make = partial[Exclusion]
# By derived table: the records that a person expects behind its measures, and the condition that they meet.
SEEN: dict[type[Model], tuple[Make, Q]] = {
    Sale: (closed, WON),
    LeadProgress: (received, Q()),
    ClientRequest: (started, OPENS & HANGING),
}


@dataclass(frozen=True, slots=True)
class Excluded:
    """How many records of a scope an exclusion concerns, and which."""

    exclusion: Exclusion
    scope: Scope
    count: int

    def list_records(self, *, limit: int, offset: int = 0) -> list[Record]:
        """List a page of them by day. Empty: what is only counted lists nothing."""
        if not self.exclusion.listed:
            return []
        dated = read_source(self.exclusion.source, self.scope).filter(self.exclusion.when(self.scope))
        rows = order(keep(dated, self.exclusion.narrow(self.scope)), self.exclusion.dated_by)
        return build_records(list(rows[offset : offset + limit]), self.exclusion, scope=self.scope)


def find_excluded(scope: Scope, keys: Iterable[str]) -> tuple[Excluded, ...]:
    """Find the exclusions that concern any of these measures and any record of the scope, in the order of the list."""
    wanted = [BY_KEY[key] for key in dict.fromkeys(keys) if key in BY_KEY]
    declared = [each for each in EXCLUSIONS if any(measure.key in each.measures for measure in wanted)]
    concerned = [*list_gone(wanted), *(list_nobodys(wanted) if scope.is_group else ()), *declared]
    counts = count_excluded(scope, concerned)
    return tuple(Excluded(each, scope, counts[each.key]) for each in concerned if counts[each.key])


def list_gone(wanted: Iterable[Measure]) -> list[Exclusion]:
    """List the exclusions of deleted records, one for each kind of record."""
    return [
        make(key=f"deleted_{kind}", reason=_("deleted on the portal"), measures=keys, where=where, is_gone=True)
        for kind, (make, keys, where) in gather(wanted).items()
        if issubclass(make.keywords["source"], MirroredRow)
    ]


def list_nobodys(wanted: Iterable[Measure]) -> list[Exclusion]:
    """List the exclusions of records that count for nobody, and so for the whole team only."""
    reason = _("counts for nobody: in the whole team only")
    return [
        make(key=f"nobody_{kind}", reason=reason, measures=keys, where=where, is_nobodys=True)
        for kind, (make, keys, where) in gather(wanted).items()
    ]


def gather(wanted: Iterable[Measure]) -> dict[str, tuple[Make, tuple[str, ...], Q]]:
    """Gather measures by the records that a person sees behind them. Shape: by a name for their kind."""
    groups: dict[tuple[Any, ...], list[Measure]] = {}
    for measure in wanted:
        if measure.credited_to is not None:
            make, _where = look_behind(measure)
            place = tuple(make.keywords[name] for name in ("source", "dated_by", "credited_to"))
            groups.setdefault(place, []).append(measure)
    return {
        f"{source._meta.model_name}_{dated_by}": (
            partial(Exclusion, source=source, dated_by=dated_by, credited_to=credited_to),
            tuple(measure.key for measure in group),
            join(look_behind(measure)[1] for measure in group),
        )
        for (source, dated_by, credited_to), group in groups.items()
    }


def look_behind(measure: Measure) -> tuple[Make, Q]:
    """Find the records that a person sees behind a measure, and the condition that they meet."""
    if measure.source in SEEN:
        return SEEN[measure.source]
    source, dated_by, credited_to = measure.source, measure.dated_by, measure.credited_to
    return partial(Exclusion, source=source, dated_by=dated_by, credited_to=credited_to), measure.where


def join(conditions: Iterable[Q]) -> Q:
    """Join conditions by "or"; one without any test makes the others needless."""
    known = list(conditions)
    return reduce(or_, known) if all(known) else Q()


def count_excluded(scope: Scope, concerned: Iterable[Exclusion]) -> dict[str, int]:
    """Count the records of each exclusion.

    Those of one source and day share a statement, and so do all for whose days the source has no index: it is read
    through once.
    """
    groups: dict[tuple[type[Model], str, bool], list[Exclusion]] = {}
    for each in concerned:
        place = each.dated_by if has_index(each.source, each.dated_by) else ""
        groups.setdefault((each.source, place, each.find is not None), []).append(each)
    counts: dict[str, int] = {}
    for (source, place, _found), group in groups.items():
        # A single condition on the day is what an index can answer.
        when = group[0].when(scope) if place else join(each.when(scope) for each in group)
        rows = read_source(source, scope).filter(when)
        found = {each.key: Count("pk", filter=each.when(scope) & each.narrow(scope)) for each in group}
        counts |= rows.aggregate(**found)
    return counts


def has_index(source: type[Model], column: str) -> bool:
    """Say whether a portal's rows of some days are found by an index."""
    return any(index.fields[:2] == ["portal", column] for index in source._meta.indexes)


def read_source(source: type[Model], scope: Scope) -> "QuerySet[Any]":
    """Select a portal's rows of a source, counted or not."""
    manager: Any = source._default_manager
    return manager.filter(portal=scope.portal)
