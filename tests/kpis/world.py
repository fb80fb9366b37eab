"""A mirror of random rows for properties: records of the CRM with what is derived from them, costs, answers."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

from django.db.models import Q
from hypothesis import strategies as st

from crmsync.models import Activity, Deal, Employee, Portal, Semantics
from kpis.models import ClientRequest, DailyFact, LeadProgress, MarketingSpend, MonthlyFact, Sale
from kpis.scans import insert_totals, scan_months, scan_records
from surveys.models import Answer, Invitation
from tests.conftest import Cast
from tests.kpis.mirror import add_activity, add_deal, add_lead

GONE_AT = datetime(2026, 4, 1, tzinfo=UTC)
FIRST = date(2026, 1, 30)

whole = st.one_of(st.none(), st.integers(0, 10**6))
money = st.one_of(st.none(), st.decimals("-1000", "1000000", places=6))
flag = st.booleans()
ROWS = st.lists(
    st.tuples(
        st.sampled_from(("deal", "lead", "activity", "spend", "answer")),
        st.tuples(st.integers(0, 3), st.integers(0, 3)),
        st.integers(0, 4),
        st.tuples(flag, flag, flag, flag),
        st.tuples(whole, whole, money, money),
    ),
    max_size=25,
)


class World:
    """A mirror of random rows, of which some are deleted, templates, without a rate or without anybody responsible."""

    def __init__(self, portal: Portal, cast: Cast) -> None:
        self.portal, self.people, self.numbers = portal, (None, *cast[:3]), count(1)

    def add(self, kind: str, who: tuple[int, int], when: int, flags: Sequence[bool], values: Sequence[Any]) -> None:
        day, people = FIRST + timedelta(days=when), [self.people[each] for each in who]
        {
            "deal": self.add_deal,
            "lead": self.add_lead,
            "activity": self.add_activity,
            "spend": self.add_spend,
            "answer": self.add_answer,
        }[kind](day, people, flags, values)

    def add_deal(self, day: date, people: list[Employee | None], flags: Sequence[bool], values: Sequence[Any]) -> None:
        gone, template, won, linked = flags
        deal = add_deal(
            self.portal,
            day,
            people[0],
            credited_to=people[1],
            closed_on=day,
            semantics=Semantics.SUCCESS if won else Semantics.FAILURE,
            is_recurring=template,
            amount_base=values[2],
            cycle_seconds=values[0],
            lead_external_id=5 if linked else None,
            deleted_at=GONE_AT if gone else None,
        )
        if won and not gone and not template:
            self.sell(deal, values, is_first=linked)

    def sell(self, deal: Deal, values: Sequence[Any], *, is_first: bool) -> None:
        """Derive the sale; its amounts are arbitrary, for the list must equal whatever stands there."""
        place = {"is_first": is_first, "is_repeat": not is_first}
        customer = {"customer_type": 4, "customer_external_id": 1 + deal.pk % 3, **place} if values[1] else {}
        Sale.objects.create(
            portal=self.portal,
            employee=deal.credited_to,
            deal=deal,
            won_at=datetime.combine(deal.closed_on or FIRST, datetime.min.time(), UTC),
            won_on=deal.closed_on or FIRST,
            revenue=values[2],
            cost=values[3],
            lead_seconds=values[1] if deal.lead_external_id else None,
            **customer,
        )

    def add_lead(self, day: date, people: list[Employee | None], flags: Sequence[bool], values: Sequence[Any]) -> None:
        gone, won, answered, _open = flags
        lead = add_lead(self.portal, day, people[0], deleted_at=GONE_AT if gone else None)
        if (won or answered) and not gone:
            LeadProgress.objects.create(
                portal=self.portal,
                employee=people[0],
                lead=lead,
                created_on=day,
                is_won=won,
                response_seconds=values[0] if answered else None,
                business_seconds=values[1] if answered and values[0] is not None else None,
            )

    def add_activity(
        self, day: date, people: list[Employee | None], flags: Sequence[bool], values: Sequence[Any]
    ) -> None:
        gone, completed, incoming, asks = flags
        kind = Activity.Kind.values[(values[0] or 0) % 7]
        at = datetime.combine(day, datetime.min.time(), UTC)
        owner = {"owner_type": 2, "owner_external_id": 1} if asks else {}
        activity = add_activity(
            self.portal, day, people[0], kind, 1 if incoming else 2, is_completed=completed, started_at=at, **owner
        )
        if gone:
            Activity.objects.filter(pk=activity.pk).update(deleted_at=GONE_AT)
        elif asks and incoming:
            ClientRequest.objects.create(
                portal=self.portal,
                employee=people[0],
                activity=activity,
                owner_type=2,
                owner_external_id=1,
                asked_at=at,
                asked_on=day,
                response_seconds=values[0],
                business_seconds=None if values[0] is None else values[1],
            )

    def add_spend(self, day: date, _people: Any, _flags: Any, values: Sequence[Any]) -> None:
        MarketingSpend.objects.create(
            portal=self.portal, day=day, campaign=str(next(self.numbers)), amount=1, amount_base=values[2]
        )

    def add_answer(
        self, day: date, people: list[Employee | None], flags: Sequence[bool], values: Sequence[Any]
    ) -> None:
        whose = {"portal": self.portal, "employee": people[0]}
        invitation = Invitation.objects.create(sent_on=day, **whose)
        if flags[0]:
            at = datetime.combine(day, datetime.min.time(), UTC)
            score, by = 1 + (values[0] or 0) % 5, invitation if flags[2] else None
            Answer.objects.create(
                invitation=by, score=score, answered_at=at, answered_on=day, is_confirmed=flags[1], **whose
            )


def fill(portal: Portal) -> None:
    """Compute the facts from the rows as they stand, the derived ones included."""
    DailyFact.objects.all().delete()
    MonthlyFact.objects.all().delete()
    insert_totals(DailyFact, scan_records(portal, (date(2025, 1, 1), None)), portal=portal, dated="day")
    insert_totals(MonthlyFact, [scan_months(portal, Q())], portal=portal, dated="month")
