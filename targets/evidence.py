"""Selector: which deals of a closed period have changed since it was closed, from the log of what carries credit."""

from collections.abc import Iterable

from crmsync.credit import write_moment
from crmsync.models import CreditChange, Deal, Entity
from kpis.periods import bounds
from targets.models import Scorecard, State

MOST = 1000


def list_changed_deals(card: Scorecard) -> list[int]:
    """List the deals, by ID in the CRM, whose credit has changed since closing and that are or were the employee's.

    Empty: nothing for a scorecard that was never closed.
    """
    closing = card.events.filter(after=State.CLOSED).order_by("-pk").first()
    if closing is None:
        return []
    log = CreditChange.objects.filter(portal=card.portal_id, entity=Entity.DEAL, seen_at__gt=closing.at)
    changed = set(log.values_list("external_id", flat=True)[:MOST])
    deals = Deal.objects.filter(portal=card.portal_id, external_id__in=changed)
    inside = deals.filter(closed_on__gte=card.start_on, closed_on__lt=card.end_on, credited_to=card.employee_id)
    return sorted(set(inside.values_list("external_id", flat=True)) | find_left(card, log))


def find_left(card: Scorecard, log: "Iterable[CreditChange]") -> set[int]:
    """Find the deals that were won or lost in the period, or credited to the employee, before they changed."""
    start, end = (write_moment(moment) for moment in bounds(card.period, card.portal.zone))
    person = str(card.employee.external_id)
    return {
        row.external_id
        for row in log
        if (row.field == CreditChange.Field.CREDIT and row.before == person)
        or (row.field == CreditChange.Field.CLOSED and start <= row.before < end and is_his(row, card))
    }


def is_his(row: CreditChange, card: Scorecard) -> bool:
    """Say whether a deal that is open again, or closed elsewhere, is the employee's."""
    deal = Deal.objects.filter(portal=card.portal_id, external_id=row.external_id).first()
    return deal is not None and card.employee_id in (deal.responsible_id, deal.credited_to_id)
