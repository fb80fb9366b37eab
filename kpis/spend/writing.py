"""Writing costs: each is valued in base currency, and its day is touched in the same transaction."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date

from django.db import transaction
from django.db.models import DecimalField, ExpressionWrapper, F, Q, QuerySet
from django.db.models.functions import Cast

from crmsync.deals import touch
from crmsync.models import Portal
from crmsync.rates import load_rates
from kpis.models import MarketingSpend

CHUNK = 500
# An amount has four decimals, a hundred millionths; half of that is more than SQLite's arithmetic can err.
NEARLY = 50
MILLIONTHS = DecimalField(max_digits=30, decimal_places=4)


def value_spends(portal: Portal, spends: Iterable[MarketingSpend]) -> None:
    """Set the costs' value in base currency, unsaved.

    A cost without a currency is in the base currency of now, and keeps it when the portal's changes.
    *Empty*: None where no rate of the currency is known; the cost then is in no sum.
    """
    rates = load_rates(portal)
    for spend in spends:
        spend.currency = spend.currency or portal.base_currency
        spend.amount_base = rates.convert(spend.amount, spend.currency, spend.day)


def touch_days(portal: Portal, days: Iterable[date]) -> None:
    """Record that the numbers of nobody on these days are stale."""
    touch(portal, [(None, day) for day in sorted(set(days))])


@transaction.atomic
def save_spend(spend: MarketingSpend) -> None:
    """Write one cost. A cost that moves to another day changes both."""
    stored = MarketingSpend.objects.select_for_update().filter(pk=spend.pk)
    before = list(stored.values_list("day", flat=True))
    value_spends(spend.portal, [spend])
    spend.save()
    touch_days(spend.portal, [*before, spend.day])


@transaction.atomic
def write_spends(portal: Portal, *, new: Sequence[MarketingSpend], changed: Sequence[MarketingSpend]) -> None:
    """Write many costs of one portal. *Raises* IntegrityError when a new one exists meanwhile."""
    value_spends(portal, [*new, *changed])
    MarketingSpend.objects.bulk_create(new, batch_size=CHUNK)
    MarketingSpend.objects.bulk_update(changed, ["amount", "currency", "amount_base", "note"], batch_size=CHUNK)
    touch_days(portal, [spend.day for spend in (*new, *changed)])


@transaction.atomic
def delete_spends(spends: QuerySet[MarketingSpend]) -> int:
    """Delete costs. Returns how many."""
    days: dict[Portal, set[date]] = defaultdict(set)
    rows = list(spends.order_by("pk").select_for_update(of=("self",)).select_related("portal"))
    for row in rows:
        days[row.portal].add(row.day)
    MarketingSpend.objects.filter(pk__in=[row.pk for row in rows]).delete()
    for portal, touched in days.items():
        touch_days(portal, touched)
    return len(rows)


@transaction.atomic
def revalue_spends(portal: Portal) -> int:
    """Value again the costs whose rates, or whose base currency, have changed. Returns how many changed."""
    suspects = list(find_suspects(portal).order_by("pk").select_for_update())
    if not suspects:
        return 0
    before = {spend.pk: spend.amount_base for spend in suspects}
    value_spends(portal, suspects)
    changed = [spend for spend in suspects if spend.amount_base != before[spend.pk]]
    MarketingSpend.objects.bulk_update(changed, ["currency", "amount_base"], batch_size=CHUNK)
    touch_days(portal, [spend.day for spend in changed])
    return len(changed)


def find_suspects(portal: Portal) -> QuerySet[MarketingSpend]:
    """Find the costs whose value may be out of date: of other currencies, or not worth their own amount."""
    worth = ExpressionWrapper(F("amount") * 1_000_000, output_field=MILLIONTHS)
    gap = ExpressionWrapper(worth - Cast("amount_base", MILLIONTHS), output_field=MILLIONTHS)
    own = Q(currency__in=("", portal.base_currency))
    wrong = Q(amount_base=None) | Q(gap__gt=NEARLY) | Q(gap__lt=-NEARLY)
    return MarketingSpend.objects.alias(gap=gap).filter(~own | wrong, portal=portal)
