"""Selector: the scorecards of a period of all whom a user sees, by name."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from crmsync.access import Sight, visible_to
from crmsync.models import Employee
from kpis.explanations.amounts import NOTHING, write_money
from kpis.periods import Period
from targets.models import PlanMember, PlanStatus, Scorecard
from targets.pages.amounts import write_points


@dataclass(frozen=True, slots=True)
class TeamRow:
    """One employee's scorecard in a line. Empty: dashes where there is none, and `state` says why."""

    name: str
    external_id: int
    portal_key: int
    score: str
    payout: str
    state: str
    is_acknowledged: bool
    has_plan: bool


@dataclass(frozen=True, slots=True)
class Team:
    """The people of one portal, and what is paid to them together."""

    portal: str
    portal_key: int
    rows: tuple[TeamRow, ...]
    total: str


def read_teams(sight: Sight, period: Period) -> list[Team]:
    """Read the teams that a user sees, by portal; of former employees only those who have a plan."""
    members = read_members(sight, period)
    planned = Q(pk__in=[member.employee_id for member in members.values()])
    people = visible_to(sight, Employee.objects.filter(planned | Q(is_active=True, deleted_at=None)))
    teams: dict[int, list[Employee]] = {}
    for person in people.select_related("portal").defer("portal__webhook_url").order_by("portal__name", "portal_id"):
        teams.setdefault(person.portal_id, []).append(person)
    return [build_team(each, members) for each in teams.values()]


def read_members(sight: Sight, period: Period) -> dict[int, PlanMember]:
    """Read who has a published plan for a period, by employee, each with the scorecard."""
    rows: QuerySet[PlanMember] = visible_to(sight, PlanMember.objects.filter(period_key=period.key))
    published = rows.exclude(plan__status=PlanStatus.DRAFT).select_related("scorecard")
    return {member.employee_id: member for member in published}


def build_team(people: Iterable[Employee], members: Mapping[int, PlanMember]) -> Team:
    """Build the team of a portal."""
    listed = sorted(people, key=lambda each: (str(each).casefold(), each.pk))
    portal = listed[0].portal
    cards = [getattr(members.get(each.pk), "scorecard", None) for each in listed]
    names = Counter(map(str, listed))
    rows = tuple(
        build_row(each, members.get(each.pk), card, is_alone=names[str(each)] == 1)
        for each, card in zip(listed, cards, strict=True)
    )
    return Team(portal.name, portal.pk, rows, add_up(card for card in cards if card))


def build_row(employee: Employee, member: PlanMember | None, card: Scorecard | None, *, is_alone: bool) -> TeamRow:
    """Build the line of one employee; who shares his name is told apart by the ID in the CRM."""
    has_score = card is not None and card.total_score is not None
    return TeamRow(
        name=str(employee) if is_alone else f"{employee} · ID {employee.external_id}",
        external_id=employee.external_id,
        portal_key=employee.portal_id,
        score=write_points(card.total_score) if card and has_score else NOTHING,
        payout=write_payout(card),
        state=describe_state(member, card),
        is_acknowledged=bool(member and member.acknowledged_at),
        has_plan=member is not None,
    )


def write_payout(card: Scorecard | None) -> str:
    """Write what is paid. Empty: a dash before it is computed; a held one waits."""
    if card is not None and card.is_held:
        return _("waits for a decision")
    return NOTHING if card is None else write_money(card.payout, card.currency)


def describe_state(member: PlanMember | None, card: Scorecard | None) -> str:
    """Say how far an employee's scorecard is."""
    if member is None:
        return _("no plan")
    return card.get_state_display() if card else _("not computed yet")


def add_up(cards: Iterable[Scorecard]) -> str:
    """Add up what is paid, by currency."""
    sums: dict[str, Decimal] = {}
    for card in cards:
        if card.payout is not None:
            sums[card.currency] = sums.get(card.currency, Decimal(0)) + card.payout
    return " + ".join(write_money(amount, currency) for currency, amount in sorted(sums.items())) or NOTHING
