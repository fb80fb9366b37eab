"""The one place where scores and money are rounded: half up, to the currency's minor unit. Pure; section 6."""

from decimal import Decimal
from fractions import Fraction

DEFAULT_PLACES = 2
# Currencies whose smallest unit is not a hundredth, by ISO 4217.
PLACES = {
    **dict.fromkeys(("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "VND"), 0),
    **dict.fromkeys(("VUV", "XAF", "XOF", "XPF"), 0),
    **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3),
}


def count_places(currency: str) -> int:
    """Return the number of decimals in which a currency is paid."""
    return PLACES.get(currency, DEFAULT_PLACES)


def round_half_up(value: Fraction, *, places: int) -> Decimal:
    """Round an exact value, halves away from zero, whatever the precision of the decimal context."""
    units, divisor = abs(value.numerator) * 10**places, value.denominator
    rounded = (2 * units + divisor) // (2 * divisor)
    return Decimal(f"{-rounded if value < 0 else rounded}e-{places}")


def round_money(value: Fraction, *, currency: str) -> Decimal:
    """Round an exact amount to the currency's minor unit."""
    return round_half_up(value, places=count_places(currency))
