"""The very records that a measure counts: selected by its own declaration, added up by one statement, paged."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Model
from django.utils.timezone import localtime

from crmsync.models import Activity, Company, Contact, Deal, Employee, Lead
from crmsync.touches import COMPANY, CONTACT, DEAL, LEAD
from kpis.explanations.notes import describe_rows
from kpis.explanations.scope import Scope
from kpis.explanations.selecting import Dated, order, select
from kpis.kpi import Number
from kpis.measures import Measure
from kpis.models import ClientRequest, LeadProgress, Sale
from surveys.models import Answer, Invitation

# Bitrix24's entity type and the record's CRM id.
Card = tuple[int, int]

# By derived table: the record of the CRM that stands behind a row, under the same key.
BEHIND: dict[type[Model], type[Model]] = {Sale: Deal, LeadProgress: Lead, ClientRequest: Activity}
CARDS: dict[type[Model], int] = {Lead: LEAD, Deal: DEAL, Contact: CONTACT, Company: COMPANY}


@dataclass(frozen=True, slots=True)
class Record:
    """One record behind a number.

    `row` is the mirrored record, cost or answer itself, of a derived row the one that it was derived from; None where
    that is lost. `share` is what it adds, None where it adds nothing. Units: the measure's.
    """

    row: Any
    key: int
    day: date | None
    employee: Employee | None
    share: Number | None
    notes: tuple[str, ...] = ()

    @property
    def external_id(self) -> int | None:
        """The record's ID in the CRM; None for what is not of the CRM."""
        return getattr(self.row, "external_id", None)

    @property
    def name(self) -> str:
        """The record's name; of answers and invitations the deal's."""
        named = getattr(self.row, "deal", None) or self.row
        return "" if named is None else str(named)

    @property
    def card(self) -> Card | None:
        """The card in the CRM on which the record is found. Empty: None for what has no card."""
        return find_card(self.row)


def find_card(row: Any) -> Card | None:
    """Find the card of a record: its own, of an activity the one that it hangs on, of an answer its deal's."""
    if isinstance(row, Activity):
        if row.owner_type is None or row.owner_external_id is None:
            return None
        return row.owner_type, row.owner_external_id
    if isinstance(row, Answer | Invitation):
        return find_card(row.deal)
    return (CARDS[type(row)], row.external_id) if type(row) in CARDS else None


def list_records(measure: Measure, scope: Scope, *, limit: int, offset: int = 0) -> list[Record]:
    """List a page of a measure's records by day; whatever the limit, by as many queries."""
    page = order(select(measure, scope), measure.dated_by)[offset : offset + limit]
    return build_records(list(page), measure, scope=scope, total=measure.total, topic=measure.key)


def build_records(
    rows: Sequence[Any], dated: Dated, *, scope: Scope, total: str | None = None, topic: str = ""
) -> list[Record]:
    """Build records of rows of one source, each with what explains it; `topic` is the measure that is explained.

    Empty: without a topic the records add nothing, so they have no share.
    """
    behind = find_behind(dated.source, rows)
    notes = describe_rows(rows, behind, source=dated.source, topic=topic, portal=scope.portal)
    return [
        Record(
            row=behind.get(row.pk),
            key=row.pk,
            day=read_day(getattr(row, dated.dated_by), scope),
            employee=getattr(row, dated.credited_to) if dated.credited_to else None,
            share=(getattr(row, total) if total else 1) if topic else None,
            notes=tuple(told),
        )
        for row, told in zip(rows, notes, strict=True)
    ]


def read_day(value: date | None, scope: Scope) -> date | None:
    """Read a day as it is, an instant as the portal's day."""
    return localtime(value, scope.portal.zone).date() if isinstance(value, datetime) else value


def find_behind(source: type[Model], rows: Sequence[Any]) -> dict[int, Any]:
    """Find the records behind rows, by key: the rows themselves unless they are derived."""
    if source not in BEHIND:
        return {row.pk: row for row in rows}
    # Derived rows may outlive their records for a moment; a join would hide them.
    mirrored: Any = BEHIND[source]._default_manager
    return mirrored.in_bulk([row.pk for row in rows])
