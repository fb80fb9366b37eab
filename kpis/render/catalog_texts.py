"""KPIs in words: their formulas over measures and their norms, as people and the generated page read them."""

from collections.abc import Callable
from fractions import Fraction

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kpis.kpi import Kpi, Norm, NormKind, Number, Terms
from kpis.measures import BY_KEY as MEASURES
from kpis.render.formats import format_number

# What is computed for the very period and group is made from counts that no measure holds.
COMPUTED_NAMES = {
    "customers_lost": gettext_lazy("Customers lost"),
    "customers_at_start": gettext_lazy("Customers at the start"),
}
KIND_NAMES = {
    NormKind.OWN_PLAN: gettext_lazy("own plan"),
    NormKind.OWN_HISTORY: gettext_lazy("own history"),
    NormKind.OWN_STRATEGY: gettext_lazy("own strategy"),
}
NOTHING = "—"
# Norms are stored with as many decimals.
MOST_PLACES = 4

Name = Callable[[str], str]


def name_measure(key: str) -> str:
    """Name a measure in the active language."""
    return str(MEASURES[key].name if key in MEASURES else COMPUTED_NAMES[key])


def write_formula(kpi: Kpi, *, name: Name = name_measure) -> str:
    """Write a formula such as "Deals won ÷ (Deals won + Deals lost) × 100", with another way to name measures."""
    formula = write_quotient(kpi.numerator, kpi.denominator, kpi.scale, name)
    if kpi.business is None:
        return formula
    told = {"formula": formula, "business": write_quotient(kpi.business, kpi.denominator, kpi.scale, name)}
    return _("%(formula)s; with a work calendar %(business)s") % told


def write_quotient(numerator: Terms, denominator: Terms | None, scale: Fraction, name: Name) -> str:
    """Write a quotient with its scale; without a denominator its numerator alone."""
    if denominator is None:
        return write_terms(numerator, name)
    parts = [enclose(write_terms(terms, name), terms) for terms in (numerator, denominator)]
    return " ÷ ".join(parts) + write_scale(scale)


def write_terms(terms: Terms, name: Name) -> str:
    """Write what is added up, and what is taken away."""
    return " − ".join([" + ".join(map(name, terms.added)), *map(name, terms.less)])


def enclose(text: str, terms: Terms) -> str:
    """Put several terms into brackets."""
    return f"({text})" if len(terms.measures) > 1 else text


def write_scale(scale: Fraction) -> str:
    """Write what a quotient is multiplied and divided by. Empty: nothing for one."""
    up = f" × {format_number(scale.numerator)}" if scale.numerator != 1 else ""
    return up + (f" ÷ {format_number(scale.denominator)}" if scale.denominator != 1 else "")


def write_norm(norm: Norm) -> str:
    """Write a norm's figures, or whose level it is. Empty: a dash where there is none."""
    if norm.low is None and norm.high is None:
        return str(KIND_NAMES.get(norm.kind, NOTHING))
    low, high = write_level(norm.low), write_level(norm.high)
    if norm.low == norm.high:
        return low
    if low and high:
        return f"{low}–{high}"
    return write_end(low, high, is_strict=norm.is_strict)


def write_end(low: str, high: str, *, is_strict: bool) -> str:
    """Write a norm that is open on one side."""
    text = {
        (True, False): _("from %(level)s"),
        (True, True): _("more than %(level)s"),
        (False, False): _("up to %(level)s"),
        (False, True): _("less than %(level)s"),
    }[bool(low), is_strict]
    return text % {"level": low or high}


def write_level(level: Number | None) -> str:
    """Write one end of a norm with the decimals that it has. Empty: no text for none."""
    if level is None:
        return ""
    digits = f"{level:.{MOST_PLACES}f}".rstrip("0")
    return format_number(level, places=len(digits.partition(".")[2]))
