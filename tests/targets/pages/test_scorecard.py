"""The page of a scorecard: what a manager reads of himself, whom others may read, and what it costs."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from crmsync.models import Employee, Portal
from kpis.models import Absence
from targets.models import PlanMember, Scorecard, State, TargetPlan
from targets.pages.page import Page
from targets.pages.scorecards import read_page
from targets.scorecards import compute_plan
from targets.states import Step, move
from tests.conftest import Cast
from tests.targets.world import MARCH, NOW, set_target

OWN, BOBS = "/scorecard/2026-03/", "/scorecard/2026-03/2/"
MIDDLE = datetime(2026, 3, 16, 9, tzinfo=UTC)


def read(browser: Client, path: str = OWN, status: int = 200) -> str:
    response = browser.get(path)
    assert response.status_code == status
    return response.content.decode().replace("\xa0", " ")


def hide_token(page: str) -> str:
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", page)


def look(who: Employee, now: datetime = NOW, *, is_own: bool = True) -> Page:
    return read_page(Employee.objects.select_related("portal").get(pk=who.pk), MARCH, now=now, is_own=is_own)


def test_manager_reads_his_score_and_what_it_pays(card: Scorecard, bob: Client) -> None:
    page = read(bob)
    for told in ("88.0", "44,000 RUB", "50,000 RUB × 88.0 %", "80.0 %", "threshold 70", "cap 150", "21 of 21 working"):
        assert told in page


def test_lines_are_those_that_were_scored(card: Scorecard, cast: Cast) -> None:
    rows = {row.name: row for row in look(cast.bob).rows}
    revenue = rows["Стоимость сделок"]
    assert (revenue.percent, revenue.weight, revenue.points) == (Decimal(80), "60", "48,0")
    assert (revenue.actual, revenue.target) == ("800\xa0₽", "1\xa0000\xa0₽")
    assert len(revenue.trend.values) == 13


def test_running_sum_is_judged_by_the_pace_a_finished_one_by_the_target(card: Scorecard, cast: Cast) -> None:
    """On 16 March 10 of 21 working days have begun: 47.6 %; 80 % is ahead of it, and below the target."""
    running, over = ({row.kpi_key: row for row in look(cast.bob, now).rows}["revenue"] for now in (MIDDLE, NOW))
    assert (round(float(running.pace or 0), 1), running.verdict.tone) == (47.6, "good")
    assert (over.pace, over.verdict.tone) == (None, "behind")


def test_next_step_is_told_while_the_month_runs(card: Scorecard, cast: Cast) -> None:
    """The cap of deals is nearest: 3 of 2 are 150 %; revenue at 1,000 scores 100 × 60 %, 12 points more: 6,000."""
    steps = {step.kpi: step.gain for step in look(cast.bob, MIDDLE).steps}
    assert steps["Стоимость сделок"] == "+6\xa0000\xa0₽"
    assert not look(cast.bob, NOW).has_steps


def test_changed_target_shows_both(plan: TargetPlan, cast: Cast, head: User) -> None:
    set_target(plan, cast.bob, "revenue", "1600", weight="60", by=head, version=1)
    compute_plan(plan, now=NOW)
    revenue = {row.kpi_key: row for row in look(cast.bob).rows}["revenue"]
    assert revenue.attainment == "50,0\xa0%"
    assert any("1\xa0000\xa0₽" in note and "80,0\xa0%" in note for note in revenue.target_notes)


def test_absence_shows_the_full_target_and_the_reason(plan: TargetPlan, portal: Portal, cast: Cast) -> None:
    Absence.objects.create(
        portal=portal, employee=cast.bob, first_on=date(2026, 3, 18), last_on=date(2026, 3, 31), kind="vacation"
    )
    compute_plan(plan, now=NOW)
    revenue = {row.kpi_key: row for row in look(cast.bob).rows}["revenue"]
    assert revenue.target == "524\xa0₽"
    assert revenue.target_notes[0].count("11") == 1
    assert "18.03–31.03" in revenue.target_notes[1]


def test_little_data_is_said(plan: TargetPlan, cast: Cast) -> None:
    PlanMember.objects.get(employee=cast.bob).targets.filter(kpi="deals_won").update(min_sample=9)
    compute_plan(plan, now=NOW)
    deals = {row.kpi_key: row for row in look(cast.bob).rows}["deals_won"]
    assert (deals.percent, deals.points) == (None, "—")
    assert any("9" in note for note in deals.notes)


def test_bonus_adds_up_from_its_parts(card: Scorecard, cast: Cast) -> None:
    bonus = look(cast.bob).bonus
    assert bonus
    assert (bonus.payout, [part.amount for part in bonus.parts]) == (
        "44\xa0000\xa0₽",
        ["44\xa0000\xa0₽", "0\xa0₽"],
    )


def test_month_without_a_plan_shows_its_kpis(card: Scorecard, bob: Client) -> None:
    page = read(bob, "/scorecard/2026-02/")
    assert page.count("There is no published plan for this period") == 1
    assert "Number of deals" in page


def test_plan_without_targets_says_so(plan: TargetPlan, carol: Client) -> None:
    assert "no targets for this employee" in read(carol)


def test_draft_is_not_shown(plan: TargetPlan, bob: Client) -> None:
    Scorecard.objects.all().delete()
    TargetPlan.objects.update(status="draft")
    assert "There is no published plan" in read(bob)


def test_closed_scorecard_tells_its_steps_and_its_hash(card: Scorecard, cast: Cast, boss: User, bob: Client) -> None:
    for shown, to in ((State.OPEN, State.REVIEW), (State.REVIEW, State.APPROVED), (State.APPROVED, State.CLOSED)):
        move(card, Step(to=to, shown=shown, by=boss, now=NOW))
    page = read(bob)
    assert card.content_hash in page
    assert page.count(", boss") == 3
    assert "I have seen the plan" not in page


def test_plan_is_acknowledged_by_its_manager_once(card: Scorecard, bob: Client, alice: Client) -> None:
    assert "I have seen the plan" in read(bob)
    assert "I have seen the plan" not in read(alice, BOBS)
    response = bob.post(f"{OWN}acknowledge/", {"portal": card.portal_id})
    assert response["Location"] == f"{OWN}?portal={card.portal_id}"
    assert PlanMember.objects.get(employee=card.employee_id).acknowledged_at is not None
    page = read(bob)
    assert "The plan is acknowledged." in page
    assert "I have seen the plan" not in page


def test_nobody_acknowledges_for_another(card: Scorecard, alice: Client, dave: Client) -> None:
    for browser in (alice, dave):
        assert browser.post(f"{OWN}acknowledge/", {"portal": card.portal_id}).status_code == 404
    assert PlanMember.objects.get(employee=card.employee_id).acknowledged_at is None


def test_head_and_auditor_read_others(card: Scorecard, alice: Client, auditor: Client) -> None:
    for browser in (alice, auditor):
        assert "Петров Борис" in read(browser, BOBS)


def test_absent_and_forbidden_answer_alike(card: Scorecard, dave: Client, carol: Client) -> None:
    absent, forbidden = (hide_token(read(dave, path, 404)) for path in ("/scorecard/2026-03/9/", BOBS))
    assert absent.replace("/9/", "/2/") == forbidden
    assert "Петров" not in read(carol, BOBS, 404)


@pytest.mark.parametrize(
    "path", ["/scorecard/soon/", "/scorecard/2026-W10/", "/scorecard/2026-03-05/", f"{OWN}?portal=x"]
)
def test_what_is_no_period_or_portal_is_not_found(card: Scorecard, bob: Client, path: str) -> None:
    read(bob, path, 404)


def test_who_is_no_employee_is_led_to_the_team(auditor: Client) -> None:
    assert auditor.get("/scorecard/")["Location"] == "/team/"
    assert auditor.get(OWN).status_code == 404


def test_stranger_is_sent_to_log_in(db: None) -> None:
    assert Client().get(OWN)["Location"] == f"/accounts/login/?next={OWN}"


def test_quarter_and_year_have_pages_too(card: Scorecard, bob: Client) -> None:
    for key in ("2026-Q1", "2026"):
        assert "There is no published plan" in read(bob, f"/scorecard/{key}/")


def test_page_costs_few_queries(card: Scorecard, bob: Client, django_assert_max_num_queries: Any) -> None:
    read(bob)
    with django_assert_max_num_queries(20):
        read(bob)


def test_head_pays_no_more(card: Scorecard, alice: Client, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(23):
        read(alice, BOBS)


def test_page_has_nothing_inline(card: Scorecard, bob: Client) -> None:
    page = read(bob)
    assert "style=" not in page
    assert "<script" not in page
