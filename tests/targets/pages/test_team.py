"""The list of a team's scorecards: by name, with what each pays, and only of those whom one sees."""

from typing import Any

from django.test import Client

from crmsync.models import Employee
from targets.models import Scorecard
from tests.conftest import Cast

TEAM = "/team/2026-03/"


def read(browser: Client, path: str = TEAM, status: int = 200) -> str:
    response = browser.get(path)
    assert response.status_code == status
    return response.content.decode().replace("\xa0", " ")


def test_head_reads_his_people_by_name(card: Scorecard, alice: Client) -> None:
    page = read(alice)
    names = [page.index(name) for name in ("Волкова", "Ким", "Петров")]
    assert names == sorted(names)
    assert f'href="/scorecard/2026-03/2/?portal={card.portal_id}"' in page
    assert "88.0" in page
    assert page.count("44,000 RUB") == 2
    assert page.count("no plan") == 1
    assert "Орлов" not in page


def test_auditor_reads_everybody(card: Scorecard, auditor: Client) -> None:
    assert "Орлов" in read(auditor)


def test_manager_reads_himself_alone(card: Scorecard, bob: Client) -> None:
    page = read(bob)
    assert "Петров" in page
    assert "Ким" not in page


def test_two_of_one_name_are_told_apart(card: Scorecard, alice: Client, cast: Cast) -> None:
    Employee.objects.filter(pk=cast.carol.pk).update(first_name="Борис", last_name="Петров")
    page = read(alice)
    assert "Петров Борис · ID 2" in page
    assert "Петров Борис · ID 3" in page


def test_held_payout_waits(card: Scorecard, alice: Client) -> None:
    Scorecard.objects.filter(pk=card.pk).update(is_held=True, payout=None)
    assert "waits for a decision" in read(alice)


def test_former_employee_stays_where_he_had_a_plan(card: Scorecard, auditor: Client) -> None:
    Employee.objects.update(is_active=False)
    page = read(auditor)
    assert "Петров" in page
    assert "Орлов" not in page


def test_current_month_is_the_default_and_nonsense_is_not_found(card: Scorecard, alice: Client) -> None:
    read(alice, "/team/")
    read(alice, "/team/soon/", 404)


def test_who_sees_nobody_finds_nothing(card: Scorecard, client: Client, head: Any) -> None:
    client.force_login(head)
    read(client, status=404)


def test_team_costs_few_queries(card: Scorecard, auditor: Client, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(8):
        read(auditor)
