"""Services: who shares a deal, how one counts for plans, and what of it was paid. Each is one transaction."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from simple_history.utils import bulk_create_with_history

from crmsync.models import Deal, Employee
from targets.errors import PlanError
from targets.models import DealCorrection, DealShare

HUNDRED = Decimal(100)


@transaction.atomic
def share_deal(deal: Deal, shares: Mapping[Employee, Decimal], *, by: Any, reason: str) -> None:
    """Divide a deal among employees; with no shares it is its owner's alone again.

    Raises: PlanError for shares that do not sum to exactly 100 %, and without a reason.
    """
    if not reason.strip():
        raise PlanError(_("Say why the deal is shared like this."))
    total = sum(shares.values(), Decimal(0))
    if shares and (total != HUNDRED or any(percent <= 0 for percent in shares.values())):
        raise PlanError(_("The shares of a deal must sum to exactly 100 %%, not %(total)s.") % {"total": f"{total:f}"})
    Deal.objects.select_for_update().get(pk=deal.pk)
    for row in DealShare.objects.filter(deal=deal):
        row._history_user, row._change_reason = by, reason  # type: ignore[attr-defined]
        row.delete()
    rows = [DealShare(deal=deal, employee=who, percent=percent) for who, percent in shares.items()]
    bulk_create_with_history(rows, DealShare, default_user=by, default_change_reason=reason)


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """How a deal is to count for plans; what is None stays as the CRM says."""

    reason: str
    expires_on: date
    employee: Employee | None = None
    amount_base: Decimal | None = None
    closed_on: date | None = None
    is_excluded: bool = False


@transaction.atomic
def correct_deal(deal: Deal, wanted: Correction, *, by: Any) -> DealCorrection:
    """Correct how a deal counts, in place of an earlier correction. Raises: PlanError for one that says nothing."""
    if not wanted.reason.strip():
        raise PlanError(_("Say why the deal is corrected: its manager will read it."))
    if (wanted.employee, wanted.amount_base, wanted.closed_on) == (None, None, None) and not wanted.is_excluded:
        raise PlanError(_("A correction changes the employee, the amount or the day, or takes the deal out."))
    if wanted.amount_base is not None and wanted.amount_base < 0:
        raise PlanError(_("An amount is 0 or more; to leave a deal out, take it out."))
    Deal.objects.select_for_update().get(pk=deal.pk)
    row = DealCorrection.objects.filter(deal=deal).first() or DealCorrection(deal=deal)
    for name in ("reason", "expires_on", "employee", "amount_base", "closed_on", "is_excluded"):
        setattr(row, name, getattr(wanted, name))
    row.created_by = by
    row._history_user, row._change_reason = by, wanted.reason  # type: ignore[attr-defined]
    row.save()
    return row


@transaction.atomic
def drop_correction(correction: DealCorrection, *, by: Any, reason: str) -> None:
    """Let a deal count as the CRM says again; its history stays."""
    correction._history_user, correction._change_reason = by, reason  # type: ignore[attr-defined]
    correction.delete()
