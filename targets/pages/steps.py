"""What to do next: how much more of which result brings how much money, all else as it is."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from kpis.render.measured import PLACES
from targets.pages.amounts import find_unit, name_kpi, write_signed_money, write_value
from targets.scoring.lines import Better, Case
from targets.scoring.steps import Step, find_steps

SHOWN = 3


@dataclass(frozen=True, slots=True)
class Next:
    """One result worth reaching, and what it pays."""

    kpi: str
    what: str
    gain: str


def list_next(case: Case, *, currency: str) -> tuple[Next, ...]:
    """List the nearest results that pay more. Units: results in the portal's currency, pay in the scheme's."""
    grains = {line.kpi: Decimal(1).scaleb(-PLACES.get(find_unit(line.kpi), 0)) for line in case.lines}
    return tuple(describe_steps(case, find_steps(case, grains=grains)[:SHOWN], currency=currency))


def describe_steps(case: Case, steps: tuple[Step, ...], *, currency: str) -> Iterator[Next]:
    """Describe steps in words."""
    lines = {line.kpi: line for line in case.lines}
    for step in steps:
        line, unit = lines[step.kpi], find_unit(step.kpi)
        text = _("%(amount)s more") if line.is_cumulative else _("up to %(amount)s")
        text = text if line.better is Better.HIGHER else _("down to %(amount)s")
        amount = step.missing if line.is_cumulative and line.better is Better.HIGHER else step.actual
        what = text % {"amount": write_value(amount, unit, currency=currency)}
        yield Next(name_kpi(step.kpi), what, write_signed_money(step.gain, case.scheme.currency))
