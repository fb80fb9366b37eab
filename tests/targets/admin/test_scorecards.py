"""The admin of scorecards: the list, the steps from review to payment, and what is stored."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from crmsync.models import Role
from targets.models import Scorecard, State, TargetPlan
from targets.states import Step, move
from tests.access.people import browse, enter
from tests.conftest import Cast
from tests.targets.pages.conftest import card, plan
from tests.targets.world import NOW

__all__ = ["card", "plan"]
LIST = "/admin/targets/scorecard/"
PATH = (State.OPEN, State.REVIEW, State.APPROVED, State.CLOSED, State.PAID)


@pytest.fixture
def root(db: None) -> Client:
    return browse(User.objects.create_superuser("root"))


def act(browser: Client, card: Scorecard, action: str, *, shown: str = "", **more: Any) -> Any:
    data = {"action": action, "_selected_action": [card.pk], "confirmed": "1", f"shown-{card.pk}": shown or card.state}
    response = browser.post(LIST, data | more, follow=True)
    card.refresh_from_db()
    return response


def test_list_shows_state_score_and_payout(root: Client, card: Scorecard) -> None:
    page = root.get(LIST, {"period_key": "2026-03"}).content.decode().replace("\xa0", " ")
    for told in ("Петров Борис", "open", "88.0", "44,000 RUB"):
        assert told in page


def test_step_is_asked_for_once_more(root: Client, card: Scorecard) -> None:
    response = root.post(LIST, {"action": "review", "_selected_action": [card.pk]})
    page = response.content.decode()
    assert f'name="shown-{card.pk}"' in page
    assert 'value="open"' in page
    card.refresh_from_db()
    assert card.state == State.OPEN


def test_scorecard_walks_from_review_to_payment(root: Client, card: Scorecard) -> None:
    for action, state in zip(("review", "approve", "close", "pay"), PATH[1:], strict=True):
        act(root, card, action)
        assert card.state == state
    assert [event.by.username for event in card.events.all() if event.by] == ["root"] * 4


def test_step_that_cannot_be_is_a_sentence(root: Client, card: Scorecard) -> None:
    page = act(root, card, "pay").content.decode()
    assert "A scorecard that is open cannot become paid." in page
    assert card.state == State.OPEN


def test_what_has_moved_on_meanwhile_is_left_alone(root: Client, card: Scorecard, boss: User) -> None:
    move(card, Step(to=State.REVIEW, shown=State.OPEN, by=boss, now=NOW))
    page = act(root, card, "approve", shown="open").content.decode()
    assert "has moved on meanwhile" in page
    assert card.state == State.REVIEW


def test_closed_one_is_opened_with_a_reason_by_another(root: Client, card: Scorecard, boss: User) -> None:
    for shown, to in zip(PATH, PATH[1:4], strict=False):
        move(card, Step(to=to, shown=shown, by=boss, now=NOW))
    assert "Say why the scorecard is opened again." in act(root, card, "reopen").content.decode()
    act(root, card, "reopen", reason="ошибка")
    assert (card.state, card.content_hash) == (State.OPEN, "")


def test_page_shows_what_is_stored_and_proves_it(root: Client, card: Scorecard, boss: User) -> None:
    for shown, to in zip(PATH, PATH[1:4], strict=False):
        move(card, Step(to=to, shown=shown, by=boss, now=NOW))
    page = root.get(f"{LIST}{card.pk}/change/").content.decode()
    assert card.content_hash in page
    assert "matches what is stored" in page
    assert "&quot;base&quot;: &quot;50000&quot;" in page
    Scorecard.objects.filter(pk=card.pk).update(result={**card.result, "payout": "1.00"})
    assert "DIFFERS from what is stored" in root.get(f"{LIST}{card.pk}/change/").content.decode()


def test_scorecard_without_targets_has_a_page_too(root: Client, plan: TargetPlan, cast: Cast) -> None:
    empty = Scorecard.objects.get(employee=cast.carol)
    assert root.get(f"{LIST}{empty.pk}/change/").status_code == 200


def test_auditor_looks_and_moves_nothing(card: Scorecard) -> None:
    auditor = browse(enter("olga", Role.AUDITOR))
    assert 'value="approve"' not in auditor.get(LIST).content.decode()
    assert auditor.get(f"{LIST}{card.pk}/change/").status_code == 200
    act(auditor, card, "review")
    assert card.state == State.OPEN


@pytest.mark.parametrize("role", [Role.HEAD, Role.MANAGER])
def test_others_may_not_look(card: Scorecard, role: str) -> None:
    assert browse(enter(role, role)).get(LIST).status_code == 403


def test_nothing_is_edited_or_deleted(root: Client, card: Scorecard) -> None:
    assert root.get(f"{LIST}add/").status_code == 403
    assert root.post(f"{LIST}{card.pk}/delete/", {"post": "yes"}).status_code == 403
    assert root.post(f"{LIST}{card.pk}/change/", {"payout": "1"}).status_code == 403
    card.refresh_from_db()
    assert card.payout == 44_000
