"""THE LIST of measures: what each column of the facts counts or sums, of which records, on whose day and account.

Adding a measure is one entry here, its column in `models.py` with a migration, and its test.
"""

from dataclasses import dataclass
from functools import partial

from django.db.models import Case, Count, F, Model, Q, Sum, Value, When
from django.db.models.aggregates import Aggregate
from django.db.models.functions import Coalesce
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from crmsync.models import Activity, Deal, Lead, Semantics
from kpis.models import ClientRequest, LeadProgress, MarketingSpend, Sale
from kpis.units import Unit
from surveys.models import Answer, Invitation


@dataclass(frozen=True, slots=True)
class Measure:
    """An additive number per employee and day.

    Records of `source` that satisfy `where` are counted, or their `total` field is summed, on the day
    in `dated_by` for the employee in `credited_to` (None: for nobody); a record without that day is left out.
    `streams` are those whose lateness makes the number late.
    """

    key: str
    name: str | Promise
    unit: Unit
    source: type[Model]
    dated_by: str
    credited_to: str | None
    streams: tuple[str, ...]
    where: Q = Q()
    total: str | None = None

    @property
    def value(self) -> Aggregate:
        """The aggregate that gives the number over any group of the source's records."""
        where = self.where or None
        return Sum(self.total, filter=where) if self.total else Count("pk", filter=where)

    @property
    def share(self) -> Case:
        """What a single record adds; None where it adds nothing."""
        # A condition without any test is none to SQL.
        met = When(self.where or Q(pk__isnull=False), then=F(self.total) if self.total else Value(1))
        return Case(met, default=None)


CLOSING = ("deals", "deal_history")
received = partial(Measure, source=Lead, dated_by="created_on", credited_to="responsible", streams=("leads",))
created = partial(Measure, source=Deal, dated_by="created_on", credited_to="responsible", streams=("deals",))
closed = partial(Measure, source=Deal, dated_by="closed_on", credited_to="credited_to", streams=CLOSING)
started = partial(Measure, source=Activity, dated_by="started_on", credited_to="responsible", streams=("activities",))
followed = partial(Measure, source=LeadProgress, dated_by="created_on", credited_to="employee")
sold = partial(Measure, source=Sale, dated_by="won_on", credited_to="employee")
asked = partial(Measure, source=ClientRequest, dated_by="asked_on", credited_to="employee", streams=("activities",))
invited = partial(Measure, source=Invitation, dated_by="sent_on", credited_to="employee", streams=())
answered = partial(Measure, source=Answer, dated_by="answered_on", credited_to="employee", streams=())
spent = partial(Measure, source=MarketingSpend, dated_by="day", credited_to=None, streams=())

COUNTED = Q(is_recurring=False)
WON = COUNTED & Q(semantics=Semantics.SUCCESS)
LOST = COUNTED & Q(semantics=Semantics.FAILURE)
TIMED = WON & Q(cycle_seconds__isnull=False)
SENT, RECEIVED = Q(direction=Activity.Direction.OUTGOING), Q(direction=Activity.Direction.INCOMING)
EMAIL, CALL = Q(kind=Activity.Kind.EMAIL), Q(kind=Activity.Kind.CALL)
# Meetings and tasks have no direction that says whether they took place; being completed does.
HELD = Q(kind=Activity.Kind.MEETING, is_completed=True)
DONE = Q(kind=Activity.Kind.TASK, is_completed=True)
CHAT = Q(kind=Activity.Kind.CHAT)
REPLIED, BUSINESS = Q(response_seconds__isnull=False), Q(business_seconds__isnull=False)
SINCE_LEAD, COSTED = Q(lead_seconds__isnull=False), Q(cost__isnull=False)
PRICED = (*CLOSING, "product_rows", "currencies")
CONFIRMED = Q(is_confirmed=True)
# A portal without options of its own has no row of them.
SATISFIED = Q(score__gte=Coalesce(F("portal__kpi_options__satisfied_from"), 4))

MEASURES: tuple[Measure, ...] = (
    received("leads_received", _("Leads received"), Unit.LEADS),
    received("leads_converted", _("Leads converted"), Unit.LEADS, where=Q(semantics=Semantics.SUCCESS)),
    received("leads_open", _("Leads in progress"), Unit.LEADS, where=Q(semantics=Semantics.PROCESS)),
    followed("leads_won", _("Leads won"), Unit.LEADS, where=Q(is_won=True), streams=("leads", "deals")),
    followed("leads_answered", _("Leads answered"), Unit.LEADS, where=REPLIED, streams=("leads", "activities")),
    followed(
        "first_response_seconds",
        _("First response to leads"),
        Unit.SECONDS,
        where=REPLIED,
        total="response_seconds",
        streams=("leads", "activities"),
    ),
    followed(
        "first_response_business_seconds",
        _("First response to leads in business hours"),
        Unit.SECONDS,
        where=BUSINESS,
        total="business_seconds",
        streams=("leads", "activities"),
    ),
    created("deals_created", _("Deals created"), Unit.DEALS, where=COUNTED),
    closed("deals_won", _("Deals won"), Unit.DEALS, where=WON),
    closed("deals_won_linked", _("Deals won from a lead"), Unit.DEALS, where=WON & Q(lead_external_id__isnull=False)),
    closed("deals_lost", _("Deals lost"), Unit.DEALS, where=LOST),
    closed("revenue", _("Revenue"), Unit.MONEY, where=WON, total="amount_base", streams=(*CLOSING, "currencies")),
    closed("cycle_seconds", _("Cycle of won deals"), Unit.SECONDS, where=TIMED, total="cycle_seconds"),
    closed("cycle_deals", _("Won deals with a cycle"), Unit.DEALS, where=TIMED),
    sold(
        "lead_to_won_seconds",
        _("From lead to won deal"),
        Unit.SECONDS,
        where=SINCE_LEAD,
        total="lead_seconds",
        streams=(*CLOSING, "leads"),
    ),
    sold(
        "lead_to_won_deals",
        _("Won deals with a time from the lead"),
        Unit.DEALS,
        where=SINCE_LEAD,
        streams=(*CLOSING, "leads"),
    ),
    sold("cost", _("Cost of won deals"), Unit.MONEY, where=COSTED, total="cost", streams=PRICED),
    sold("revenue_with_cost", _("Revenue with known cost"), Unit.MONEY, where=COSTED, total="revenue", streams=PRICED),
    sold("deals_with_cost", _("Won deals with known cost"), Unit.DEALS, where=COSTED, streams=PRICED),
    sold("repeat_sales", _("Repeat sales"), Unit.DEALS, where=Q(is_repeat=True), streams=(*CLOSING, "companies")),
    sold("new_customers", _("New customers"), Unit.CUSTOMERS, where=Q(is_first=True), streams=(*CLOSING, "companies")),
    started("emails_sent", _("E-mails sent"), Unit.LETTERS, where=EMAIL & SENT),
    started("emails_received", _("E-mails received"), Unit.LETTERS, where=EMAIL & RECEIVED),
    started("calls_made", _("Calls made"), Unit.CALLS, where=CALL & SENT),
    started("calls_received", _("Calls received"), Unit.CALLS, where=CALL & RECEIVED),
    started("meetings_held", _("Meetings held"), Unit.MEETINGS, where=HELD),
    started("tasks_done", _("Tasks done"), Unit.TASKS, where=DONE),
    started("chats", _("Chats"), Unit.CHATS, where=CHAT),
    asked("requests", _("Requests of clients"), Unit.REQUESTS),
    asked("requests_answered", _("Requests answered"), Unit.REQUESTS, where=REPLIED),
    asked("response_seconds", _("Response"), Unit.SECONDS, where=REPLIED, total="response_seconds"),
    asked(
        "response_business_seconds",
        _("Response in business hours"),
        Unit.SECONDS,
        where=BUSINESS,
        total="business_seconds",
    ),
    invited("invitations_sent", _("Invitations sent"), Unit.INVITATIONS),
    invited("invitations_answered", _("Invitations answered"), Unit.INVITATIONS, where=Q(answer__is_confirmed=True)),
    answered("csat_responses", _("CSAT answers"), Unit.ANSWERS, where=CONFIRMED),
    answered("csat_satisfied", _("Satisfied answers"), Unit.ANSWERS, where=CONFIRMED & SATISFIED),
    answered("csat_score_sum", _("Sum of CSAT scores"), Unit.SCORE, where=CONFIRMED, total="score"),
    answered("reviews_positive", _("Answers 4 and 5"), Unit.ANSWERS, where=CONFIRMED & Q(score__gte=4)),
    answered("reviews_negative", _("Answers 1 and 2"), Unit.ANSWERS, where=CONFIRMED & Q(score__lte=2)),
    spent("spend", _("Marketing and sales costs"), Unit.MONEY, total="amount_base"),
)
BY_KEY: dict[str, Measure] = {measure.key: measure for measure in MEASURES}
