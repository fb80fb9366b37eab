"""An explanation as people read it: the formula with names and with numbers, the definition, the norm, what to know."""

from decimal import Decimal
from fractions import Fraction

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kpis.explanations.amounts import NO_BREAK, write_amount
from kpis.explanations.customers import NAMES, UNIT
from kpis.explanations.explain import Explanation
from kpis.kpi import Beside, Norm, NormKind, Result, Terms
from kpis.measures import BY_KEY as MEASURES
from kpis.norms import Position, judge
from kpis.render.catalog_texts import enclose, write_end, write_terms
from kpis.render.formats import format_number
from kpis.units import Unit

TIMES = " × "
HUNDRED = Fraction(100)
OWN_NORMS = {
    NormKind.OWN_PLAN: gettext_lazy("Norm: your own plan."),
    NormKind.OWN_HISTORY: gettext_lazy("Norm: your own history."),
    NormKind.OWN_STRATEGY: gettext_lazy("Norm: your own strategy."),
}
POSITIONS = {
    Position.BELOW: gettext_lazy("The value is below it."),
    Position.WITHIN: gettext_lazy("The value meets it."),
    Position.ABOVE: gettext_lazy("The value is above it."),
}


def name_measure(key: str) -> str:
    """Name a measure, or a figure that is computed for the very period."""
    return str(MEASURES[key].name if key in MEASURES else NAMES[key])


def find_unit(key: str) -> str:
    """Find the unit of a measure's sum."""
    return MEASURES[key].unit if key in MEASURES else UNIT


def write_names(explanation: Explanation) -> str:
    """Write the formula with the names of its measures."""
    kpi = explanation.kpi
    names = {key: name_measure(key) for key in explanation.formula}
    return write_formula(explanation.numerator, kpi.denominator, names, scale=kpi.scale)


def write_numbers(explanation: Explanation) -> str:
    """Write the formula with numbers in the places of names, up to the value."""
    kpi, currency = explanation.kpi, explanation.scope.portal.base_currency
    texts = {key: write_sum(explanation, key) for key in explanation.formula}
    steps = [write_formula(explanation.numerator, kpi.denominator, texts, scale=kpi.scale)]
    if kpi.unit in (Unit.DAYS, Unit.MINUTES) and explanation.result.denominator:
        mean = Decimal(explanation.result.numerator) / explanation.result.denominator
        steps.append(write_amount(mean, Unit.SECONDS, currency=currency))
    value = write_amount(explanation.result.value, kpi.unit, currency=currency)
    return " = ".join([*steps, value] if steps != [value] else steps)


def write_formula(numerator: Terms, denominator: Terms | None, texts: dict[str, str], *, scale: Fraction) -> str:
    """Write terms, divided and scaled where they are, each in its text."""
    above = write_terms(numerator, texts.__getitem__)
    if denominator is None:
        return above
    text = f"{enclose(above, numerator)} / {enclose(write_terms(denominator, texts.__getitem__), denominator)}"
    return f"{text}{TIMES}100" if scale == HUNDRED else text


def write_sum(explanation: Explanation, key: str) -> str:
    """Write a measure's sum with its unit."""
    currency = explanation.scope.portal.base_currency
    return write_amount(explanation.tallies[key].total, find_unit(key), currency=currency)


def write_value(explanation: Explanation) -> str:
    """Write the value with its unit. Empty: "no data"."""
    return write_amount(explanation.result.value, explanation.kpi.unit, currency=explanation.scope.portal.base_currency)


def write_definition(explanation: Explanation) -> str:
    """Write what the KPI means, and which version of its definition this is."""
    kpi = explanation.kpi
    told = {"text": kpi.description, "key": kpi.key, "version": kpi.version}
    return _("%(text)s Definition %(key)s, version %(version)s.") % told


def write_remarks(explanation: Explanation) -> list[str]:
    """Write what a reader must know besides: no data, what is only a team's, working hours, facts that lag behind."""
    kpi, remarks = explanation.kpi, []
    if kpi.team_only and explanation.scope.employees is not None:
        remarks.append(_("This KPI is computed for a team only: what it is made from belongs to no employee."))
    elif explanation.result.value is None:
        remarks.append(str(kpi.no_data))
    if explanation.in_business_hours:
        remarks.append(_("Times are counted in the working hours of the portal's calendar."))
    if explanation.elapsed is not None:
        remarks.append(_("The period is not over yet: days so far: %(days)s.") % {"days": explanation.elapsed})
    if not explanation.is_followed:
        told = write_amount(explanation.reported.value, kpi.unit, currency=explanation.scope.portal.base_currency)
        text = _("Reports still show %(value)s: they follow within minutes, or at once by manage.py refill.")
        remarks.append(text % {"value": told})
    return remarks


def write_norm(explanation: Explanation) -> str:
    """Write the norm with its source and where the value stands. Empty: an empty text without a norm."""
    norm = explanation.kpi.norm
    if norm.kind != NormKind.FIGURE:
        return str(OWN_NORMS.get(norm.kind, ""))
    text = _("Norm: %(level)s") % {"level": write_level(norm, explanation.kpi.unit, explanation)}
    text = f"{text} ({norm.source})." if norm.source else f"{text}."
    position = judge(explanation.kpi, explanation.result.value).position
    return f"{text} {POSITIONS[position]}" if position else text


def write_level(norm: Norm, unit: Unit, explanation: Explanation) -> str:
    """Write the level or the range of a norm."""
    currency = explanation.scope.portal.base_currency
    low, high = (
        None if level is None else write_amount(level, unit, currency=currency) for level in (norm.low, norm.high)
    )
    if low and high:
        return low if low == high else f"{low}{NO_BREAK}– {high}"
    return write_end(low or "", high or "", is_strict=norm.is_strict)


def write_beside(explanation: Explanation) -> list[str]:
    """Write the figures that are always shown with the value."""
    return [write_figure(figure, result, explanation) for figure, result in explanation.beside]


def write_figure(figure: Beside, result: Result, explanation: Explanation) -> str:
    """Write one figure with its name; a ratio also with what it was divided from."""
    currency = explanation.scope.portal.base_currency
    text = f"{figure.name}: {write_amount(result.value, figure.unit, currency=currency)}"
    if result.denominator is None:
        return text
    parts = {"part": format_number(result.numerator), "whole": format_number(result.denominator)}
    return f"{text} ({_('%(part)s of %(whole)s') % parts})"
