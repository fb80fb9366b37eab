"""THE LIST of measures: what each column of the facts counts or sums, of which records, on whose day and account.

Adding a measure is one entry here, its column in `models.py` with a migration, and its test.
"""

from dataclasses import dataclass
from functools import partial

from django.db.models import Case, Count, F, Model, Q, Sum, Value, When
from django.db.models.aggregates import Aggregate
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from crmsync.models import Activity, Deal, Lead, Semantics
from kpis.units import Unit


@dataclass(frozen=True, slots=True)
class Measure:
    """An additive number per employee and day.

    Records of `source` that satisfy `where` are counted, or their `total` field is summed, on the day
    in `dated_by` for the employee in `credited_to`; a record without that day is left out.
    `streams` are those whose lateness makes the number late.
    """

    key: str
    name: str | Promise
    unit: Unit
    source: type[Model]
    dated_by: str
    credited_to: str
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

MEASURES: tuple[Measure, ...] = (
    received("leads_received", _("Leads received"), Unit.LEADS),
    received("leads_converted", _("Leads converted"), Unit.LEADS, where=Q(semantics=Semantics.SUCCESS)),
    created("deals_created", _("Deals created"), Unit.DEALS, where=COUNTED),
    closed("deals_won", _("Deals won"), Unit.DEALS, where=WON),
    closed("deals_lost", _("Deals lost"), Unit.DEALS, where=LOST),
    closed("revenue", _("Revenue"), Unit.MONEY, where=WON, total="amount_base", streams=(*CLOSING, "currencies")),
    closed("cycle_seconds", _("Cycle of won deals"), Unit.SECONDS, where=TIMED, total="cycle_seconds"),
    closed("cycle_deals", _("Won deals with a cycle"), Unit.DEALS, where=TIMED),
    started("emails_sent", _("E-mails sent"), Unit.LETTERS, where=EMAIL & SENT),
    started("emails_received", _("E-mails received"), Unit.LETTERS, where=EMAIL & RECEIVED),
    started("calls_made", _("Calls made"), Unit.CALLS, where=CALL & SENT),
    started("calls_received", _("Calls received"), Unit.CALLS, where=CALL & RECEIVED),
    started("meetings_held", _("Meetings held"), Unit.MEETINGS, where=HELD),
    started("tasks_done", _("Tasks done"), Unit.TASKS, where=DONE),
    started("chats", _("Chats"), Unit.CHATS, where=CHAT),
)
BY_KEY: dict[str, Measure] = {measure.key: measure for measure in MEASURES}
