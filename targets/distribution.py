"""Sharing a team's total out over its people: parts are whole steps and sum exactly to the total. Pure."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from django.utils.translation import gettext as _

from targets.errors import PlanError


def share_out(total: Decimal, weights: Sequence[Decimal | int], *, step: Decimal = Decimal(1)) -> list[Decimal]:
    """Share a total out by weights: everybody gets the whole steps of his part, the rest goes by largest remainder.

    Equal remainders are served in the order given. A total that is finer than the step is shared out in its own
    last digit. Shape: a part for each weight, in their order. Raises: PlanError when nothing has a weight.
    """
    whole = sum((Fraction(weight) for weight in weights), Fraction(0))
    if whole <= 0 or any(weight < 0 for weight in weights):
        raise PlanError(_("There is nothing to share the total out by: choose equal parts."))
    exponent = total.normalize().as_tuple().exponent
    step = min(step, Decimal(1).scaleb(exponent)) if isinstance(exponent, int) else step
    units = int(total / step)
    exact = [units * Fraction(weight) / whole for weight in weights]
    parts = [int(each) for each in exact]
    neediest = sorted(range(len(exact)), key=lambda place: parts[place] - exact[place])
    for place in neediest[: units - sum(parts)]:
        parts[place] += 1
    return [part * step for part in parts]
