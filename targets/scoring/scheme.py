"""A scheme: the rules by which attainments become a payout. Pure; the pay rules of a plan are read into this."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from django.utils.translation import gettext as _

from targets.scoring.errors import ScoringError, check_least, check_rising
from targets.scoring.tables import DEFAULT_TABLE, Table

CURRENCY_LETTERS = 3


class NoData(StrEnum):
    """What becomes of a line without data: left out, scored 0, or kept for somebody to decide."""

    REDISTRIBUTE = "redistribute"
    ZERO = "zero"
    HOLD = "hold"


class Bound(StrEnum):
    """What a gate compares: the value itself, or the lower end of its interval."""

    POINT = "point"
    LOWER = "lower"


class GatesOn(StrEnum):
    """What the gates multiply: base and commission, or the base only."""

    ALL = "all"
    BASE = "base"


@dataclass(frozen=True, slots=True)
class Bracket:
    """From this amount on, this rate on the part above it. Units: money, percent. Raises: ScoringError."""

    from_amount: Decimal
    rate_percent: Decimal

    def __post_init__(self) -> None:
        check_least("rate", self.rate_percent)


@dataclass(frozen=True, slots=True)
class Commission:
    """A share of a KPI's value, bracket by bracket. Raises: ScoringError for brackets that do not rise from 0."""

    kpi: str
    brackets: tuple[Bracket, ...]

    def __post_init__(self) -> None:
        check_rising([bracket.from_amount for bracket in self.brackets])


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """A multiplier of the pay that applies while a KPI is below a level. Raises: ScoringError."""

    kpi: str
    below: Decimal
    multiplier: Decimal
    min_sample: int = 0
    bound: Bound = Bound.POINT

    def __post_init__(self) -> None:
        check_least("multiplier", self.multiplier)
        check_least("min_sample", self.min_sample)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheme:
    """The rules of pay. `table` scores lines; without `payout_table` a point of the total is a percent of the base.

    Units: `base` and `maximum` are in the currency. Raises: ScoringError.
    """

    base: Decimal
    currency: str
    table: Table = DEFAULT_TABLE
    payout_table: Table | None = None
    commission: Commission | None = None
    gates: tuple[Gate, ...] = ()
    gates_on: GatesOn = GatesOn.ALL
    no_data: NoData = NoData.REDISTRIBUTE
    maximum: Decimal | None = None
    prorates_targets: bool = True
    prorates_base: bool = True

    def __post_init__(self) -> None:
        check_least("base", self.base)
        check_currency(self.currency)
        check_capped(self.table)
        if self.maximum is not None:
            check_least("maximum", self.maximum)


def check_currency(currency: str) -> None:
    """Check that a currency is a code of three capital letters. Raises: ScoringError."""
    if not (len(currency) == CURRENCY_LETTERS and currency.isascii() and currency.isalpha() and currency.isupper()):
        told = {"value": currency}
        raise ScoringError(_("currency must be a code of three capital letters such as RUB, not “%(value)s”.") % told)


def check_capped(table: Table) -> None:
    """Check that a table of lines has a cap: an unbounded attainment takes it. Raises: ScoringError."""
    if table.cap is None:
        raise ScoringError(_("The tiers of lines need a cap."))
