"""How far a share that was counted on few answers can be trusted: the Wilson score interval."""

from decimal import Decimal

# 95 of 100 such intervals hold the true share.
Z = Decimal("1.96")


def wilson(successes: int, total: int, *, z: Decimal = Z) -> tuple[Decimal, Decimal] | None:
    """Compute the lowest and the highest share that the counted ones speak for.

    Units: shares from 0 to 1. Empty: None when nothing was counted.
    Raises: ValueError unless the successes are among the total.
    """
    if not 0 <= successes <= total:
        raise ValueError((successes, total))
    if not total:
        return None
    middle, scale = 2 * successes + z * z, 2 * (total + z * z)
    # In this form nothing is rounded at the ends: no success gives exactly 0, nothing but successes exactly 1.
    reach = z * (z * z + 4 * successes * (total - successes) / Decimal(total)).sqrt()
    return (middle - reach) / scale, (middle + reach) / scale


def lower_bound(successes: int, total: int, *, z: Decimal = Z) -> Decimal | None:
    """Compute the share by which to rank, low for what was counted seldom: 2 of 2 stands below 10 of 12.

    Units: from 0 to 1. Empty: None when nothing was counted.
    """
    bounds = wilson(successes, total, z=z)
    return bounds[0] if bounds else None
