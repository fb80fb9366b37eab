"""Numbers as an operator reads them: money, rates, durations, progress. Pure but for the language in force."""

from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from crmsync.admin.references import NOTHING

BAR = 10


def format_count(count: int | float) -> str:
    """Write a whole number in groups of three."""
    return number_format(round(count), decimal_pos=0, use_l10n=True, force_grouping=True)


def format_money(amount: Decimal | None, currency: str) -> str:
    """Write an amount with its currency. Empty: a dash."""
    if amount is None:
        return NOTHING
    # Django would cut the digits off instead of rounding.
    rounded = amount.quantize(Decimal("0.01"), ROUND_HALF_UP)
    text = number_format(rounded, decimal_pos=2, use_l10n=True, force_grouping=True)
    return f"{text}\N{NO-BREAK SPACE}{currency}".rstrip()


def format_decimal(value: Decimal | None) -> str:
    """Write a rate or a quantity without the zeros that its column adds."""
    if value is None:
        return NOTHING
    plain = f"{value:f}"
    plain = plain.rstrip("0").rstrip(".") if "." in plain else plain
    return number_format(plain, use_l10n=True, force_grouping=True)


def format_duration(span: timedelta | None) -> str:
    """Write a length of time by its two largest units. Empty: a dash."""
    if span is None:
        return NOTHING
    minutes, seconds = divmod(int(span.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    values = {"days": days, "hours": hours, "minutes": minutes, "seconds": seconds}
    if days:
        text = _("%(days)s d %(hours)s h")
    elif hours:
        text = _("%(hours)s h %(minutes)s min")
    else:
        text = _("%(minutes)s min %(seconds)s s") if minutes else _("%(seconds)s s")
    return (text % values).replace(" ", "\N{NO-BREAK SPACE}")


def measure(start: datetime, end: datetime | None) -> timedelta | None:
    """Measure from start to end. Empty: None while there is no end."""
    return None if end is None else end - start


def format_progress(done: int, expected: int | None) -> str:
    """Draw how much of the expected is done; a bar never looks full before it is."""
    if not expected:
        return format_count(done)
    share = min(done / expected, 1)
    full = int(share * BAR)
    counts = _("%(done)s of %(expected)s") % {"done": format_count(done), "expected": format_count(expected)}
    bar = "█" * full + "░" * (BAR - full)
    return f"{bar}\N{NO-BREAK SPACE}{int(share * 100)}\N{NO-BREAK SPACE}%, {counts}"


def format_rate(rate: float | None) -> str:
    """Write records per second. Empty: a dash."""
    return NOTHING if rate is None else _("%(count)s/s") % {"count": format_count(rate)}
