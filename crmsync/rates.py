"""Money of other currencies: dated rates are kept as they come, and deals are valued by the rate of their day."""

from datetime import date
from decimal import Decimal

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


def adopt_base(portal: Portal) -> bool:
    """Take over the base currency that the portal's own list names. Returns whether it changed."""
    code = Currency.objects.filter(portal=portal, is_base=True).values_list("external_id", flat=True).first()
    if code is None or code == portal.base_currency:
        return False
    portal.base_currency = code
    portal.save(update_fields=["base_currency"])
    return True
