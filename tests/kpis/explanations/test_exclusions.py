"""Why a record does not count: each reason by a record of its own, within the asked period and group only."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from crmsync.models import (
    Activity,
    Company,
    CreditChange,
    Deal,
    Entity,
    Portal,
    Semantics,
    SemanticsSource,
    StageChange,
)
from kpis.explanations.excluded import find_excluded
from kpis.explanations.scope import Scope
from kpis.models import ClientRequest, MarketingSpend, Sale
from kpis.periods import parse_period
from surveys.models import Answer, Invitation
from tests.conftest import Cast
from tests.kpis.mirror import GONE_AT, add_activity, add_deal, add_lead, win_deal

MARCH = parse_period("2026-03")
DAY, BEFORE = date(2026, 3, 14), date(2026, 2, 27)
AT = datetime(2026, 3, 14, 9, tzinfo=UTC)
IN, OUT = Activity.Direction.INCOMING, Activity.Direction.OUTGOING
ON_DEAL = {"owner_type": 2, "owner_external_id": 7, "started_at": AT}


def find(scope: Scope, *measures: str) -> dict[str, int]:
    """Find the reasons that do not count, by their key."""
    return {each.exclusion.key: each.count for each in find_excluded(scope, measures) if not each.exclusion.counts}


def find_marks(scope: Scope, *measures: str) -> dict[str, int]:
    return {each.exclusion.key: each.count for each in find_excluded(scope, measures) if each.exclusion.counts}


def team(portal: Portal) -> Scope:
    return Scope(portal, MARCH)


WON: list[tuple[str, str, dict[str, Any]]] = [
    ("deals_won", "deleted_deal_closed_on", {"deleted_at": GONE_AT}),
    ("deals_won", "template", {"is_recurring": True}),
    ("revenue", "rate", {"amount": 5, "currency": "XAU", "amount_base": None}),
    ("revenue", "amount", {"amount_base": None}),
    ("cycle_deals", "duration", {"cycle_seconds": None}),
    ("deals_won", "planned", {"planned_close_on": DAY, "closed_on": BEFORE}),
    ("deals_lost", "planned_lost", {"planned_close_on": DAY, "closed_on": BEFORE, "semantics": Semantics.FAILURE}),
    ("deals_lost", "template_lost", {"is_recurring": True, "semantics": Semantics.FAILURE}),
    ("deals_lost", "deleted_deal_closed_on", {"deleted_at": GONE_AT, "semantics": Semantics.FAILURE}),
    ("lead_to_won_deals", "lead_missing", {}),
    (
        "deals_won",
        "meaning",
        {
            "semantics": Semantics.PROCESS,
            "semantics_source": SemanticsSource.UNKNOWN,
            "moved_at": AT,
            "closed_on": None,
        },
    ),
]


@pytest.mark.parametrize(("measure", "key", "fields"), WON)
def test_deal_is_excluded_with_its_reason(
    portal: Portal, cast: Cast, measure: str, key: str, fields: dict[str, Any]
) -> None:
    deal = win_deal(portal, DAY, cast.bob, "1", cycle_seconds=60)
    Deal.objects.filter(pk=deal.pk).update(**fields)
    assert find(team(portal), measure) == {key: 1}
    [found] = find_excluded(team(portal), [measure])
    assert [record.key for record in found.list_records(limit=5)] == ([deal.pk] if found.exclusion.listed else [])


@pytest.mark.parametrize("day", [BEFORE, date(2026, 4, 1)])
def test_reason_outside_of_the_period_is_not_told(portal: Portal, cast: Cast, day: date) -> None:
    win_deal(portal, day, cast.bob, "1", is_recurring=True)
    win_deal(portal, day, cast.bob, "1", deleted_at=GONE_AT)
    assert find(team(portal), "deals_won", "revenue") == {}


def test_reason_of_another_measure_is_not_told(portal: Portal, cast: Cast) -> None:
    win_deal(portal, DAY, cast.bob, None, cycle_seconds=None)
    assert find(team(portal), "deals_won") == {}


def reopen(portal: Portal, cast: Cast, **fields: Any) -> Deal:
    return add_deal(portal, BEFORE, cast.bob, moved_at=AT + timedelta(days=60), **fields)


def test_deal_that_was_won_and_is_open_again_is_told_by_the_history(portal: Portal, cast: Cast) -> None:
    deal = reopen(portal, cast)
    move = {"entity": Entity.DEAL, "owner_external_id": deal.external_id, "stage_external_id": "WON"}
    StageChange.objects.create(portal=portal, external_id=1, semantics="S", changed_at=AT, **move)
    assert find(team(portal), "deals_won") == {"reopened": 1}
    assert find(team(portal), "deals_lost") == {}
    assert find(Scope(portal, parse_period("2026-04")), "deals_won") == {}


def test_deal_that_was_won_and_is_open_again_is_told_by_the_log(portal: Portal, cast: Cast) -> None:
    told = {"field": CreditChange.Field.CLOSED, "before": "2026-03-14T09:00:00Z"}
    deal = reopen(portal, cast)
    CreditChange.objects.create(portal=portal, entity=Entity.DEAL, external_id=deal.external_id, **told)
    assert find(team(portal), "deals_won") == {"reopened": 1}


def test_deal_that_was_open_all_the_time_is_no_reason(portal: Portal, cast: Cast) -> None:
    deal = reopen(portal, cast)
    move = {"entity": Entity.DEAL, "owner_external_id": deal.external_id, "stage_external_id": "NEW"}
    StageChange.objects.create(portal=portal, external_id=1, semantics="P", changed_at=AT, **move)
    assert find(team(portal), "deals_won", "deals_lost") == {}


def test_deal_credited_to_another_is_told_to_the_present_responsible(portal: Portal, cast: Cast) -> None:
    deal = win_deal(portal, DAY, cast.bob, "1")
    Deal.objects.filter(pk=deal.pk).update(responsible=cast.carol)
    assert find(Scope(portal, MARCH, (cast.carol.pk,), cast.carol), "deals_won") == {"credit": 1}
    assert find(Scope(portal, MARCH, (cast.bob.pk,), cast.bob), "deals_won") == {}
    assert find(Scope(portal, MARCH, (cast.bob.pk, cast.carol.pk)), "deals_won") == {}
    assert find_marks(Scope(portal, MARCH, (cast.bob.pk,), cast.bob), "deals_won") == {"moved": 1}


def test_what_counts_for_nobody_is_told_to_a_group_only(portal: Portal, cast: Cast) -> None:
    win_deal(portal, DAY, None, "1")
    group = (cast.bob.pk, cast.carol.pk)
    assert find(Scope(portal, MARCH, group), "deals_won") == {"nobody_deal_closed_on": 1}
    assert find(Scope(portal, MARCH, (cast.bob.pk,), cast.bob), "deals_won") == {}
    assert find(team(portal), "deals_won") == {}


def test_counted_deal_that_deserves_a_look_is_marked(portal: Portal, cast: Cast) -> None:
    win_deal(portal, DAY, cast.bob, "1", planned_close_on=BEFORE, closed_source=Deal.ClosedSource.PLANNED)
    assert find_marks(team(portal), "deals_won") == {"day": 1, "unsure": 1}
    assert find(team(portal), "deals_won") == {}


ACTIVITIES: list[tuple[str, dict[str, int], str, int, dict[str, Any]]] = [
    ("emails_sent", {"provider": 1}, "unknown", OUT, {}),
    ("emails_sent", {"ignored": 1}, "ignored", OUT, {}),
    ("emails_sent", {"direction_email": 1}, "email", 0, {}),
    ("calls_made", {"direction_call": 1}, "call", 0, {}),
    ("meetings_held", {"meeting": 1}, "meeting", 0, {}),
    ("tasks_done", {"task": 1}, "task", 0, {}),
    ("emails_sent", {"deleted_activity_started_on": 1}, "email", OUT, {"deleted_at": GONE_AT}),
    ("emails_sent", {}, "email", IN, {}),
    ("requests", {"object": 1}, "email", IN, {"started_at": AT}),
    ("requests", {"row": 1}, "chat", IN, ON_DEAL),
    ("requests", {"row": 1}, "call", IN, ON_DEAL),
    ("requests", {"taken": 1}, "call", IN, ON_DEAL | {"is_completed": True}),
    ("requests", {}, "email", OUT, ON_DEAL),
]


@pytest.mark.parametrize(("measure", "reasons", "kind", "direction", "fields"), ACTIVITIES)
def test_activity_is_excluded_with_its_reason(
    portal: Portal,
    cast: Cast,
    measure: str,
    reasons: dict[str, int],
    kind: str,
    direction: int,
    fields: dict[str, Any],
) -> None:
    add_activity(portal, DAY, cast.bob, kind, direction, **fields)
    assert find(team(portal), measure) == reasons


def ask(portal: Portal, cast: Cast, **fields: Any) -> ClientRequest:
    activity = add_activity(portal, DAY, cast.bob, "email", IN, **ON_DEAL)
    owner = {"owner_type": 2, "owner_external_id": 7}
    return ClientRequest.objects.create(
        portal=portal, employee=cast.bob, activity=activity, asked_at=AT, asked_on=DAY, **owner, **fields
    )


def test_request_without_an_answer_is_told(portal: Portal, cast: Cast) -> None:
    ask(portal, cast)
    ask(portal, cast, response_seconds=60)
    assert find(team(portal), "requests_answered") == {"unanswered": 1}
    assert find(team(portal), "response_business_seconds") == {"unanswered": 1, "no_hours": 1}
    assert find(team(portal), "requests") == {}


def test_lead_is_excluded_with_its_reason(portal: Portal, cast: Cast) -> None:
    add_lead(portal, DAY, cast.bob, semantics_source=SemanticsSource.UNKNOWN)
    add_lead(portal, DAY, cast.bob, deleted_at=GONE_AT)
    assert find(team(portal), "leads_converted") == {"lead_meaning": 1}
    assert find(team(portal), "leads_received") == {"deleted_lead_created_on": 1}
    assert find(team(portal), "leads_won") == {"deleted_lead_created_on": 1, "lead_not_won": 1}
    assert find(team(portal), "leads_answered") == {"deleted_lead_created_on": 1, "lead_not_answered": 1}


def sell(portal: Portal, cast: Cast, *, company: int | None = None, **fields: Any) -> Sale:
    deal = win_deal(portal, DAY, cast.bob, "1", company_external_id=company, lead_external_id=4)
    return Sale.objects.create(portal=portal, employee=cast.bob, deal=deal, won_at=AT, won_on=DAY, **fields)


def test_sale_is_excluded_with_its_reason(portal: Portal, cast: Cast) -> None:
    Company.objects.create(portal=portal, external_id=9, is_own=True)
    sell(portal, cast)
    sell(portal, cast, company=9)
    assert find(team(portal), "repeat_sales") == {"own": 1, "customer": 1}
    assert find(team(portal), "cost") == {"cost": 2}
    assert find(team(portal), "lead_to_won_deals") == {"lead_unknown": 2}


def test_unconfirmed_answer_and_silence_are_told(portal: Portal, cast: Cast) -> None:
    asked = {"portal": portal, "employee": cast.bob}
    first, _second = (Invitation.objects.create(sent_on=DAY, **asked) for _ in range(2))
    Answer.objects.create(invitation=first, score=5, answered_at=AT, answered_on=DAY, **asked)
    assert find(team(portal), "csat_responses") == {"unconfirmed": 1}
    assert find(team(portal), "invitations_answered") == {"silent": 2}


def test_cost_without_a_rate_is_told(portal: Portal) -> None:
    MarketingSpend.objects.create(portal=portal, day=DAY, amount=5, currency="XAU")
    assert find(team(portal), "spend") == {"spend_rate": 1}
