"""THE LIST of KPIs: each is one measure, or one measure divided by another, times a scale.

Adding a KPI is one entry here and its test; what it counts is said by the measures. A changed
definition gets a new version, so that a number on paper can still be explained.
"""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kpis.measures import BY_KEY as MEASURES
from kpis.units import Direction, Unit

Number = int | Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Kpi:
    """A formula over measures; without a denominator it is the measure itself.

    The scale is a fraction because 1/86400, from seconds to days, has no exact decimal.
    """

    key: str
    version: int
    name: str | Promise
    description: str | Promise
    unit: Unit
    direction: Direction
    numerator: str
    denominator: str | None = None
    scale: Fraction = Fraction(1)

    @property
    def measures(self) -> tuple[str, ...]:
        """The keys of the measures that the formula reads."""
        return (self.numerator, self.denominator) if self.denominator else (self.numerator,)

    @property
    def streams(self) -> tuple[str, ...]:
        """The streams that the KPI waits for, each once."""
        return tuple(dict.fromkeys(stream for key in self.measures for stream in MEASURES[key].streams))

    def compute(self, numerator: Number, denominator: Number | None) -> Number | None:
        """Compute the value from sums over any period and group.

        Empty: None when the denominator is zero or missing.
        """
        if self.denominator is None:
            return numerator
        if not denominator:
            return None
        return Decimal(numerator * self.scale.numerator) / (denominator * self.scale.denominator)


CATALOG: tuple[Kpi, ...] = (
    Kpi(
        key="deals_won",
        version=1,
        name=_("Number of deals"),
        description=_("Deals won in the period, credited to whoever was responsible at that moment."),
        unit=Unit.DEALS,
        direction=Direction.UP,
        numerator="deals_won",
    ),
    Kpi(
        key="revenue",
        version=1,
        name=_("Value of deals"),
        description=_("Amounts of the deals won in the period, in the base currency at the rate of the day."),
        unit=Unit.MONEY,
        direction=Direction.UP,
        numerator="revenue",
    ),
    Kpi(
        key="average_deal",
        version=1,
        name=_("Average value of a deal"),
        description=_("Value of the deals won divided by their number."),
        unit=Unit.MONEY,
        direction=Direction.UP,
        numerator="revenue",
        denominator="deals_won",
    ),
    Kpi(
        key="lead_conversion",
        version=1,
        name=_("Lead conversion"),
        description=_("Deals won divided by leads received in the same period; may exceed 100 %."),
        unit=Unit.PERCENT,
        direction=Direction.UP,
        numerator="deals_won",
        denominator="leads_received",
        scale=Fraction(100),
    ),
    Kpi(
        key="deal_cycle_time",
        version=1,
        name=_("Deal cycle time"),
        description=_("Mean time from the creation of a deal to its winning."),
        unit=Unit.DAYS,
        direction=Direction.DOWN,
        numerator="cycle_seconds",
        denominator="cycle_deals",
        scale=Fraction(1, 86_400),
    ),
    Kpi(
        key="emails_sent",
        version=1,
        name=_("Number of e-mails sent"),
        description=_("Outgoing e-mails; to be read next to the results that they led to."),
        unit=Unit.LETTERS,
        direction=Direction.UP,
        numerator="emails_sent",
    ),
)
BY_KEY: dict[str, Kpi] = {kpi.key: kpi for kpi in CATALOG}
