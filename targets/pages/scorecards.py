"""Selector: everything that the page of one scorecard shows."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from django.utils.translation import gettext as _

from crmsync.models import Employee
from kpis.catalog import BY_KEY, HEADLINE
from kpis.compare import compare, find_through
from kpis.periods import Period
from kpis.render.formats import format_completeness
from targets.models import Scorecard, ScorecardLine
from targets.pages.amounts import write_percent
from targets.pages.bonus import describe_bonus, describe_score
from targets.pages.history import name_month
from targets.pages.pace import Pace, read_pace
from targets.pages.page import Page
from targets.pages.periods import find_following, name_period, name_previous
from targets.pages.plans import Found, find_plan, read_adjustments, read_events
from targets.pages.rows import Ground, build_plain_rows, build_rows
from targets.pages.steps import list_next
from targets.pages.story import tell_story, write_moment
from targets.scorecards import FOLLOWING
from targets.scoring.case import read_case
from targets.scoring.outcome import score


def read_page(employee: Employee, period: Period, *, now: datetime, is_own: bool) -> Page:
    """Read the page of an employee's period. Raises: ScoringError for a stored case that cannot be read any more."""
    today = now.astimezone(employee.portal.zone).date()
    found, pace = find_plan(employee, period, today=today), read_pace(employee, period, today=today)
    lines = list(ScorecardLine.objects.filter(scorecard=found.card).order_by("place")) if found.is_scored else []
    keys = [line.kpi for line in lines if line.kpi in BY_KEY] or list(HEADLINE)
    readings = compare(
        employee.portal, period, now=now, kpis=keys, employees=[employee.pk], by="employee", with_history=True
    )
    ground = Ground(employee, period.key, pace, {reading.kpi.key: reading for reading in readings})
    page = describe_period(period, found, ground, is_own=is_own)
    return page if found.card is None or not found.is_scored else fill_page(page, found.card, lines, ground)


def describe_period(period: Period, found: Found, ground: Ground, *, is_own: bool) -> Page:
    """Describe a period without what a scorecard tells: its days, its KPIs, its neighbours, and the plan's state."""
    employee, readings = ground.employee, list(ground.readings.values())
    acknowledged_at = found.member and found.member.acknowledged_at
    zone = employee.portal.zone
    return Page(
        employee=str(employee),
        external_id=employee.external_id,
        portal_key=employee.portal_id,
        period=name_period(period),
        previous=name_previous(period),
        following=name_period(find_following(period)) if found.has_following else None,
        days=describe_days(ground.pace),
        completeness=format_completeness(find_through(readings), zone),
        months=tuple(name_month(key) for key, _value in readings[0].history) if readings else (),
        rows=() if found.is_scored else tuple(build_plain_rows(ground)),
        remark=describe_lack(found),
        # Nobody does it for another, nor when all is over.
        may_acknowledge=is_own and found.is_promised and acknowledged_at is None,
        acknowledged=write_moment(acknowledged_at, zone) if acknowledged_at else "",
    )


def fill_page(page: Page, card: Scorecard, lines: Sequence[ScorecardLine], ground: Ground) -> Page:
    """Fill in what a scored scorecard tells; its own lines take the place of the plain ones."""
    case = read_case(card.inputs)
    outcome, follows = score(case), card.state in FOLLOWING
    adjustments = read_adjustments(card)
    own = [each for each in adjustments if each.scorecard_id == card.pk]
    zone = ground.employee.portal.zone
    return replace(
        page,
        rows=tuple(build_rows(card, lines, case, ground)),
        completeness=format_completeness(card.through, zone),
        computed=write_moment(card.computed_at, zone) if card.computed_at else "",
        score=describe_score(outcome, case.scheme.table),
        bonus=describe_bonus(case, outcome, own),
        steps=list_next(case, currency=ground.currency) if follows and ground.pace.is_running else (),
        has_steps=follows and ground.pace.is_running,
        story=tell_story(card, read_events(card), adjustments),
    )


def describe_lack(found: Found) -> str:
    """Say why there is no score. Empty: an empty text where there is one."""
    if found.member is None:
        return _("There is no published plan for this period: here are the KPIs alone.")
    if found.card is None:
        return _("The plan is published; its scorecard has not been computed yet.")
    return "" if found.is_scored else _("The plan has no targets for this employee yet: here are the KPIs alone.")


def describe_days(pace: Pace) -> str:
    """Say how many working days have passed, and the pace while the period is running."""
    told = {"passed": pace.passed, "days": pace.days, "percent": write_percent(pace.percent)}
    if pace.percent is None:
        return _("%(passed)s of %(days)s working days passed") % told
    return _("%(passed)s of %(days)s working days passed · pace %(percent)s") % told
