"""What a KPI is: a formula over sums of measures, with what people must know to read it. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from typing import TYPE_CHECKING, Literal

from django.utils.functional import Promise

from kpis.units import Direction, Unit

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

Number = int | Decimal
Sums = Mapping[str, Number]
Dimension = Literal["source", "campaign", "pipeline"]


@dataclass(frozen=True, slots=True)
class Terms:
    """Measures that are added up, some of them taken away."""

    added: tuple[str, ...]
    less: tuple[str, ...] = ()

    @property
    def measures(self) -> tuple[str, ...]:
        """The keys of the measures, in the order of the formula."""
        return (*self.added, *self.less)

    def compute(self, sums: Sums) -> Number:
        """Compute from sums over any period and group."""
        result: Number = sum((sums[key] for key in self.added[1:]), sums[self.added[0]])
        return sum((-sums[key] for key in self.less), result)


def total(*added: str, less: tuple[str, ...] = ()) -> Terms:
    """Add measures up, and take some away."""
    return Terms(added, less)


class NormKind(Enum):
    """Where the level comes from against which a value is judged."""

    FIGURE = "figure"
    OWN_PLAN = "own plan"
    OWN_HISTORY = "own history"
    OWN_STRATEGY = "own strategy"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Norm:
    """A level to judge by: figures with their source, or a word for whose level it is. Units: the KPI's."""

    kind: NormKind
    low: Decimal | None = None
    high: Decimal | None = None
    source: "str | StrPromise" = ""
    # "More than 80" is not met by 80.
    is_strict: bool = False


@dataclass(frozen=True, slots=True)
class Beside:
    """A figure that is always shown with a KPI, because without it the value misleads.

    With a denominator it is a ratio, with a scale; all measures roll up like those of the KPI itself.
    """

    key: str
    name: str | Promise
    unit: Unit
    numerator: Terms
    denominator: Terms | None = None
    scale: Fraction = Fraction(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kpi:
    """A formula over measures; without a denominator it is the numerator itself.

    The scale is a fraction because 1/86400, from seconds to days, has no exact decimal. `business` replaces the
    numerator where the portal has a work calendar. A KPI that is not `additive` is computed for the very period and
    group by the function that `computed.py` keeps under its key; its terms are then that function's. `spread` names
    the field whose median and percentile stand beside the mean. A `team_only` KPI has no value for one employee.
    """

    key: str
    version: int
    name: str | Promise
    description: str | Promise
    no_data: str | Promise
    unit: Unit
    direction: Direction
    norm: Norm
    numerator: Terms
    denominator: Terms | None = None
    scale: Fraction = Fraction(1)
    business: Terms | None = None
    records: Terms | None = None
    beside: tuple[Beside, ...] = ()
    dimensions: tuple[Dimension, ...] = ()
    spread: str | None = None
    additive: bool = True
    team_only: bool = False
    is_share: bool = False

    @property
    def measures(self) -> tuple[str, ...]:
        """The keys of the measures that the value is made from, each once."""
        terms = (self.numerator, self.business, self.denominator)
        return tuple(dict.fromkeys(key for each in terms if each for key in each.measures))

    @property
    def shown(self) -> tuple[str, ...]:
        """The keys of all measures that are shown with the value, each once."""
        terms = [self.records, *(each for figure in self.beside for each in (figure.numerator, figure.denominator))]
        return tuple(dict.fromkeys([*self.measures, *(key for each in terms if each for key in each.measures)]))

    def count_records(self, sums: Sums) -> Number:
        """Count the records under the value: what a person would call its sample."""
        return (self.records or self.denominator or self.numerator).compute(sums)


@dataclass(frozen=True, slots=True)
class Result:
    """A value with what it was divided from. Empty: the value is None without a denominator to divide by."""

    value: Number | None
    numerator: Number
    denominator: Number | None


def divide(numerator: Number, denominator: Number, *, scale: Fraction) -> Decimal | None:
    """Divide and scale. Empty: None when the denominator is zero."""
    if not denominator:
        return None
    return Decimal(numerator * scale.numerator) / (denominator * scale.denominator)


def compute(formula: Kpi | Beside, sums: Sums, *, in_business_hours: bool = False) -> Result:
    """Compute a formula from sums over any period and group."""
    business = formula.business if isinstance(formula, Kpi) and in_business_hours else None
    numerator = (business or formula.numerator).compute(sums)
    if formula.denominator is None:
        return Result(numerator, numerator, None)
    denominator = formula.denominator.compute(sums)
    return Result(divide(numerator, denominator, scale=formula.scale), numerator, denominator)
