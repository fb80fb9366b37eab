"""What the addresses of targets and scorecards are asked with."""

from rest_framework import serializers

from kpis.api.fields import KpiField, PeriodField, count_rows, name_id, skip_rows
from kpis.api.questions import PortalQuery
from targets.models import State

PERIOD = "Only of this period: a month `2026-10`, a quarter `2026-Q4` or a year `2026`, as the plan names it."


class TargetsQuery(PortalQuery):
    """A page of targets."""

    period = PeriodField(required=False, default=None, help_text=PERIOD)
    employee = name_id("Only of this employee, by the ID in the CRM.")
    kpi = KpiField(required=False, default=None, help_text="Only of this KPI.")
    limit = count_rows(100, 1000)
    offset = skip_rows()


class ScorecardsQuery(PortalQuery):
    """A page of scorecards."""

    period = PeriodField(required=False, default=None, help_text=PERIOD)
    employee = name_id("Only of this employee, by the ID in the CRM.")
    state = serializers.ChoiceField(
        choices=State.choices, required=False, default=None, help_text="Only in this state."
    )
    limit = count_rows(100, 1000)
    offset = skip_rows()


class MineQuery(PortalQuery):
    """A page of one's own scorecards."""

    period = PeriodField(required=False, default=None, help_text=PERIOD)
    limit = count_rows(12, 100)
    offset = skip_rows()
