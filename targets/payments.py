"""Selector: what was paid in a period, where a scheme counts paid deals: each payment by its share of the deal."""

from collections import defaultdict
from dataclasses import replace
from decimal import Decimal

from crmsync.models import Deal, Portal
from kpis.periods import Period
from targets.credits import Credit, Credits, Part, Rules, correct, share
from targets.models import Payment

# What a scheme that counts paid deals counts by payments; everything else stays as the facts have it.
PAID = ("deals_won", "revenue")


def read_paid(portal: Portal, period: Period, *, rules: Rules) -> Credits:
    """Read what payments add to the measures of `PAID`, which then are theirs alone.

    A payment counts on its own day, for a deal that is won by now; a payment whose deal has no amount counts whole.
    """
    found: dict[tuple[int | None, str], list[Credit]] = defaultdict(list)
    rows = Payment.objects.filter(portal=portal, paid_on__gte=period.start, paid_on__lt=period.end)
    won = Deal.objects.won().filter(pk__in=rows.values("deal")).in_bulk()
    for payment in rows.exclude(amount_base=None).order_by("paid_on", "pk"):
        deal = won.get(payment.deal_id)
        if deal is not None:
            for part in list_paid(payment, deal, rules):
                found[part.employee, part.measure].append(Credit(part.external_id, "payment", Decimal(part.amount)))
    return Credits(found)


def list_paid(payment: Payment, deal: Deal, rules: Rules) -> list[Part]:
    """List what one payment adds, divided as its deal is. Empty: nothing for a deal that is not to count."""
    # The deal is corrected as a whole; what was paid of it follows.
    own = Part(deal.pk, deal.external_id, "deals_won", deal.credited_to_id, deal.closed_on or payment.paid_on, 1)
    whole = Part(deal.pk, deal.external_id, "revenue", own.employee, own.day, deal.amount_base or Decimal(0))
    holder, value = correct(own, rules.corrections.get(deal.pk)), correct(whole, rules.corrections.get(deal.pk))
    if holder is None or value is None or payment.amount_base is None:
        return []
    part = payment.amount_base / value.amount if value.amount else Decimal(1)
    amounts = {"deals_won": part, "revenue": payment.amount_base}
    paid = [replace(holder, measure=key, day=payment.paid_on, amount=amounts[key]) for key in PAID]
    return [each for one in paid for each in share(one, rules.shares.get(deal.pk))]
