"""What the page “Why so many?” is asked for: the arguments that its address carries, of those whom one sees."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from crmsync.access import Sight
from crmsync.models import Portal
from kpis.explanations.scope import ScopeError
from kpis.explanations.seen import find_seen_group
from kpis.periods import Period, month_of, parse_period

DEFAULT = "revenue"
NAMES = ("portal", "kpi", "period", "employee", "department")


@dataclass(frozen=True, slots=True)
class Question:
    """A KPI, a period and whose; `asked` keeps the texts as they were asked."""

    kpi: str
    period: Period
    title: str
    whose: dict[str, Any] = field(default_factory=dict)
    asked: dict[str, str] = field(default_factory=dict)

    def address(self, **more: str | int) -> str:
        """Build the query of this question's address with more arguments."""
        return urlencode(self.asked | {name: str(value) for name, value in more.items() if value != ""})


def keep_asked(query: QueryDict) -> dict[str, str]:
    """Keep the arguments that are not empty."""
    given = {name: str(query.get(name, "")).strip() for name in NAMES}
    return {name: text for name, text in given.items() if text}


def read_question(portal: Portal, query: QueryDict, *, sight: Sight, now: datetime) -> Question:
    """Read what is asked: value of deals, the running month and all who are seen unless something else is.

    Raises: ScopeError, GroupError or PeriodError, whose text says what to choose instead.
    """
    asked = keep_asked(query)
    period = parse_period(asked["period"]) if "period" in asked else month_of(localdate(now, portal.zone))
    if "employee" in asked and "department" in asked:
        raise ScopeError(_("Choose an employee or a department, not both."))
    named = {name: read_id(asked[name]) for name in ("employee", "department") if name in asked}
    group = find_seen_group(portal, sight, **named)
    whose: dict[str, Any] = {}
    if group.employee:
        whose["employee"] = group.employee
    elif group.employees is not None:
        whose["employees"] = list(group.employees)
    asked |= {"portal": str(portal.pk), "kpi": asked.get("kpi", DEFAULT), "period": period.key}
    return Question(asked["kpi"], period, group.name, whose, asked)


def read_id(text: str) -> int:
    """Read an ID of the CRM. Raises: ScopeError for what is none."""
    if not (text.isascii() and text.isdecimal() and len(text) <= 18):
        raise ScopeError(_("“%(text)s” is no ID: choose from the list.") % {"text": text})
    return int(text)
