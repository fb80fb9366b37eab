"""Tables of the KPIs: facts, what they are derived from beyond the mirror, and what administrators choose."""

from kpis.models.calendar import Absence, CalendarDay, WorkCalendar
from kpis.models.derived import ClientRequest, DerivedRow, LeadProgress, Sale
from kpis.models.facts import DailyFact, Fact, MonthlyFact
from kpis.models.fills import DeriveRange, Filling, FillRange
from kpis.models.options import KpiOptions, KpiSetting
from kpis.models.spend import MarketingSpend

__all__ = [
    "Absence",
    "CalendarDay",
    "ClientRequest",
    "DailyFact",
    "DeriveRange",
    "DerivedRow",
    "Fact",
    "FillRange",
    "Filling",
    "KpiOptions",
    "KpiSetting",
    "LeadProgress",
    "MarketingSpend",
    "MonthlyFact",
    "Sale",
    "WorkCalendar",
]
