"""Money of other currencies: dated rates are kept as they come, and deals are valued by the rate of their day."""

from datetime import date
from decimal import Decimal

from crmsync.bitrix24.normalize import MAX_AMOUNT
from crmsync.bitrix24.readers import RATE_STEP
from crmsync.conversion import Rates
from crmsync.models import Currency, CurrencyRate, Portal


def load_rates(portal: Portal) -> Rates:
    """Read all rates of a portal."""
    rates = Rates(base=portal.base_currency)
    for row in CurrencyRate.objects.filter(portal=portal).order_by("currency", "rated_on"):
        rates.days.setdefault(row.currency, []).append(row.rated_on)
        rates.values.setdefault(row.currency, []).append(row.rate)
    return rates


def record_rates(portal: Portal, *, today: date) -> set[str]:
    """Keep the current rates under their day. Returns the currencies whose history changed.

    *Source*: crm.currency.list tells only the present rate, so a rate missed today is missed for ever.
    """
    before = load_rates(portal)
    changed = set()
    for currency in Currency.objects.filter(portal=portal, is_base=False, rate__isnull=False):
        rate = currency.rate or Decimal(0)
        day = min(currency.rated_on or today, today)
        if before.find(currency.external_id, day) == rate and currency.external_id in before.days:
            continue
        CurrencyRate.objects.update_or_create(
            portal=portal, currency=currency.external_id, rated_on=day, defaults={"rate": rate}
        )
        changed.add(currency.external_id)
    return changed


def rebase_rates(portal: Portal, *, base: str) -> None:
    """Express the kept rates in another base currency, by that currency's own rate of the same day.

    *Empty*: without any rate of it the history is dropped, because its numbers would be of the old currency.
    """
    rates = load_rates(portal)
    kept = CurrencyRate.objects.filter(portal=portal)
    old = [(row.currency, row.rated_on, row.rate) for row in kept.exclude(currency=base)]
    old += [(portal.base_currency, day, Decimal(1)) for day in rates.days.get(base, ())]
    crossed = [(currency, day, rate / price) for currency, day, rate in old if (price := rates.find(base, day))]
    kept.delete()
    CurrencyRate.objects.bulk_create(
        CurrencyRate(portal=portal, currency=currency, rated_on=day, rate=rate)
        for currency, day, rate in crossed
        if RATE_STEP <= rate <= MAX_AMOUNT
    )


def adopt_base(portal: Portal) -> bool:
    """Take over the base currency that the portal's own list names. Returns whether it changed."""
    code = Currency.objects.filter(portal=portal, is_base=True).values_list("external_id", flat=True).first()
    if code is None or code == portal.base_currency:
        return False
    rebase_rates(portal, base=code)
    portal.base_currency = code
    portal.save(update_fields=["base_currency"])
    return True
