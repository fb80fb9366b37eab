"""A row of every table for the table of rights: one of Bob's, who reports to Alice, and one of Dave's, who does not."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.contrib import admin
from django.contrib.auth.models import User
from django.utils import timezone
from django_celery_beat.models import ClockedSchedule, CrontabSchedule, IntervalSchedule, PeriodicTask, SolarSchedule

from crmsync.models import Employee, Heartbeat, Invite, Portal, Tombstone
from kpis.models import Absence, CalendarDay, DailyFact, KpiOptions, MarketingSpend, WorkCalendar
from targets.models import PlanMember, PlanStatus, Scheme, SchemeVersion, Scorecard, SeasonalProfile, TargetPlan
from tests.conftest import Cast
from tests.crmsync.admin.rows import FIELDS, NOON, make_row

DAY = date(2026, 3, 2)
ABSENT = 987_654
Rows = dict[type, Any]


@dataclass(frozen=True)
class World:
    """The keys of rows by table: own and foreign for Alice and Bob."""

    own: dict[type, Any]
    foreign: dict[type, Any]


def build_world(portal: Portal, cast: Cast) -> World:
    return World(fill(portal, cast.bob, 1), fill(portal, cast.dave, 2))


def fill(portal: Portal, person: Employee, number: int) -> dict[type, Any]:
    """Make a row of every registered table; rows about employees are about this one."""
    rows = {model: make_mirrored(model, portal, person, number) for model in FIELDS} | make_others(person, number)
    rows |= (
        make_facts(portal, person, number)
        | make_plan(portal, person, number)
        | {Portal: portal, KpiOptions: portal, Employee: person}
    )
    return {model: row.pk for model, row in rows.items() if admin.site.is_registered(model)}


def make_mirrored(model: type[Any], portal: Portal, person: Employee, number: int) -> Any:
    fields = {"responsible": person} if hasattr(model, "responsible") else {}
    return person if model is Employee else make_row(model, portal, 20 + number, **fields)


def make_facts(portal: Portal, person: Employee, number: int) -> Rows:
    shared = {"portal": portal, "employee": person}
    stone = {"stream": "deals", "external_id": str(number), "row_id": number, "missed_at": NOON, "last_missed_at": NOON}
    return {
        DailyFact: DailyFact.objects.create(day=DAY, **shared),
        CalendarDay: CalendarDay.objects.create(day=DAY, **shared),
        Absence: Absence.objects.create(first_on=DAY, last_on=DAY, kind=Absence.Kind.values[0], **shared),
        MarketingSpend: MarketingSpend.objects.create(portal=portal, day=DAY, campaign=str(number), amount=1),
        WorkCalendar: WorkCalendar.objects.get_or_create(portal=portal)[0],
        Tombstone: Tombstone.objects.create(portal=portal, **stone),
    }


def make_plan(portal: Portal, person: Employee, number: int) -> Rows:
    scheme = Scheme.objects.create(portal=portal, name=str(number))
    shared = {"portal": portal, "period_key": "2026-03", "start_on": DAY, "end_on": date(2026, 4, 1)}
    plan = TargetPlan.objects.create(name=str(number), scheme=scheme, **shared)
    PlanMember.objects.create(plan=plan, employee=person, period_key=plan.period_key)
    promised = {**shared, "period_key": "2026-02", "start_on": date(2026, 2, 1), "end_on": date(2026, 3, 1)}
    old = TargetPlan.objects.create(name=f"old {number}", scheme=scheme, status=PlanStatus.PUBLISHED, **promised)
    member = PlanMember.objects.create(plan=old, employee=person, period_key=old.period_key)
    card = Scorecard.objects.create(member=member, employee=person, currency="RUB", **promised)
    SchemeVersion.objects.create(scheme=scheme, number=1, effective_on=DAY, rules={"base": "1", "currency": "RUB"})
    shares = {f"month_{month:02d}": Decimal(8) for month in range(1, 12)} | {"month_12": Decimal(12)}
    profile = SeasonalProfile.objects.create(portal=portal, name=str(number), **shares)
    return {TargetPlan: plan, Scheme: scheme, Scorecard: card, SeasonalProfile: profile}


def make_others(person: Employee, number: int) -> Rows:
    later = timezone.now() + timedelta(days=1)
    invite = {"email": "x@x.example", "token_hash": f"hash {number}", "expires_at": later, "employee": person}
    interval = IntervalSchedule.objects.create(every=number, period="days")
    return {
        User: User.objects.create(username=f"user {number}"),
        Heartbeat: Heartbeat.objects.create(worker=f"worker {number}", seen_at=NOON),
        Invite: Invite.objects.create(**invite),
        IntervalSchedule: interval,
        PeriodicTask: PeriodicTask.objects.create(name=f"job {number}", task="x", interval=interval),
        ClockedSchedule: ClockedSchedule.objects.create(clocked_time=NOON + timedelta(days=number)),
        CrontabSchedule: CrontabSchedule.objects.create(minute=str(number)),
        SolarSchedule: SolarSchedule.objects.create(event="sunset", latitude=number, longitude=1),
    }
