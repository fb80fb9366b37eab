"""THE LIST of exclusions: records that a person would expect behind a number, and why they do not count.

Each is a reason next to its condition, for the measures that it concerns. Those with `counts` do count but deserve a
look. Deleted records, and those that count for nobody, are told by the measures' own conditions in `excluded.py`.
"""

from functools import partial

from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from crmsync.credit import write_moment
from crmsync.models import Activity, Company, CreditChange, Deal, Entity, Lead, Semantics, StageChange
from crmsync.models import SemanticsSource as Known
from crmsync.selectors import DEAL_SIGNALS
from kpis import measures as by
from kpis.explanations.exclusion import Exclusion
from kpis.explanations.scope import Scope
from kpis.models import ClientRequest, LeadProgress, MarketingSpend, Sale
from kpis.periods import bounds
from surveys.models import Answer, Invitation

WON = ("deals_won", "deals_won_linked", "revenue", "cycle_seconds", "cycle_deals")
CYCLES = ("cycle_seconds", "cycle_deals")
SINCE_LEAD = ("lead_to_won_seconds", "lead_to_won_deals")
COSTS = ("cost", "revenue_with_cost", "deals_with_cost")
BUYERS = ("repeat_sales", "new_customers")
SOLD = (*SINCE_LEAD, *COSTS, *BUYERS)
CLOSED = (*WON, "deals_lost", *SOLD)
FOLLOWED = ("leads_answered", "first_response_seconds", "first_response_business_seconds")
ASKED = ("requests", "requests_answered", "response_seconds", "response_business_seconds")
STARTED = ("emails_sent", "emails_received", "calls_made", "calls_received", "meetings_held", "tasks_done", "chats")
ANSWERED = ("csat_responses", "csat_satisfied", "csat_score_sum", "reviews_positive", "reviews_negative")
SIGNALS = {signal.key: signal.condition for signal in DEAL_SIGNALS}
UNSURE = _("the moment is known only from the planned date or the last change")
GUESSED = Q(closed_source__in=(Deal.ClosedSource.PLANNED, Deal.ClosedSource.CHANGED))
CONVERSATIONS = Q(kind__in=(Activity.Kind.EMAIL, Activity.Kind.CALL, Activity.Kind.CHAT))
TAKEN = by.CALL & by.RECEIVED & Q(is_completed=True)
OPENS = CONVERSATIONS & by.RECEIVED & ~Q(kind=Activity.Kind.CALL, is_completed=True)
HANGING = Q(owner_type__isnull=False, owner_external_id__isnull=False)
OWN = Exists(
    Company.objects.filter(portal=OuterRef("portal"), external_id=OuterRef("deal__company_external_id"), is_own=True)
)

closed = partial(Exclusion, source=Deal, dated_by="closed_on", credited_to="credited_to")
sold = partial(Exclusion, source=Sale, dated_by="won_on", credited_to="employee")
received = partial(Exclusion, source=Lead, dated_by="created_on", credited_to="responsible")
followed = partial(Exclusion, source=LeadProgress, dated_by="created_on", credited_to="employee")
started = partial(Exclusion, source=Activity, dated_by="started_on", credited_to="responsible")
asked = partial(Exclusion, source=ClientRequest, dated_by="asked_on", credited_to="employee")
answered = partial(Exclusion, source=Answer, dated_by="answered_on", credited_to="employee")
invited = partial(Exclusion, source=Invitation, dated_by="sent_on", credited_to="employee")


def was_closed(scope: Scope, *, meaning: str) -> Q:
    """Build the condition that a deal was won, or lost, in the period.

    The history of stages tells how it was closed; the change log tells only that it was.
    """
    start, end = bounds(scope.period, scope.portal.zone)
    moves = StageChange.objects.filter(
        portal=scope.portal,
        entity=Entity.DEAL,
        owner_external_id=OuterRef("external_id"),
        changed_at__gte=start,
        changed_at__lt=end,
    )
    log = CreditChange.objects.filter(
        portal=scope.portal,
        entity=Entity.DEAL,
        external_id=OuterRef("external_id"),
        field=CreditChange.Field.CLOSED,
        before__gte=write_moment(start),
        before__lt=write_moment(end),
    )
    other = {Semantics.SUCCESS: Semantics.FAILURE, Semantics.FAILURE: Semantics.SUCCESS}[Semantics(meaning)]
    return Q(Exists(moves.filter(semantics=meaning)) | (Exists(log) & ~Exists(moves.filter(semantics=other))))


EXCLUSIONS: tuple[Exclusion, ...] = (
    closed(
        key="template",
        reason=_("template of recurring deals"),
        measures=(*WON, *SOLD),
        where=Q(is_recurring=True, semantics=Semantics.SUCCESS),
    ),
    closed(
        key="template_lost",
        reason=_("template of recurring deals"),
        measures=("deals_lost",),
        where=Q(is_recurring=True, semantics=Semantics.FAILURE),
    ),
    closed(
        key="template_created",
        reason=_("template of recurring deals"),
        measures=("deals_created",),
        dated_by="created_on",
        credited_to="responsible",
        where=Q(is_recurring=True),
    ),
    closed(
        key="rate",
        reason=_("no rate of its currency is known: counts as a deal, not in money"),
        measures=("revenue", "revenue_with_cost"),
        where=by.WON & SIGNALS["rate"],
    ),
    closed(
        key="amount",
        reason=_("has no amount: counts as a deal, adds nothing"),
        measures=("revenue", "revenue_with_cost"),
        where=by.WON & Q(amount__isnull=True, amount_base__isnull=True),
    ),
    closed(
        key="duration",
        reason=_("won before it was created: a negative duration is left out"),
        measures=CYCLES,
        where=by.WON & SIGNALS["duration"],
    ),
    closed(
        key="reopened",
        reason=_("was won in the period and is open again"),
        measures=(*WON, *SOLD),
        dated_by="moved_at",
        credited_to="responsible",
        where=by.COUNTED & Q(semantics=Semantics.PROCESS),
        find=partial(was_closed, meaning=Semantics.SUCCESS),
    ),
    closed(
        key="reopened_lost",
        reason=_("was lost in the period and is open again"),
        measures=("deals_lost",),
        dated_by="moved_at",
        credited_to="responsible",
        where=by.COUNTED & Q(semantics=Semantics.PROCESS),
        find=partial(was_closed, meaning=Semantics.FAILURE),
    ),
    closed(
        key="credit",
        reason=_("another was responsible when it was won: counts for him"),
        measures=(*WON, *SOLD),
        credited_to="responsible",
        where=by.WON,
        beyond="credited_to",
    ),
    closed(
        key="credit_lost",
        reason=_("another was responsible when it was lost: counts for him"),
        measures=("deals_lost",),
        credited_to="responsible",
        where=by.LOST,
        beyond="credited_to",
    ),
    closed(
        key="planned",
        reason=_("planned for the period, won on a day outside of it"),
        measures=(*WON, *SOLD),
        dated_by="planned_close_on",
        where=by.WON & Q(closed_on__isnull=False),
        off="closed_on",
    ),
    closed(
        key="planned_lost",
        reason=_("planned for the period, lost on a day outside of it"),
        measures=("deals_lost",),
        dated_by="planned_close_on",
        where=by.LOST & Q(closed_on__isnull=False),
        off="closed_on",
    ),
    closed(
        key="meaning",
        reason=_("moved in the period to a stage whose meaning is unknown: taken as in progress"),
        measures=CLOSED,
        dated_by="moved_at",
        credited_to="responsible",
        where=by.COUNTED & Q(semantics_source=Known.UNKNOWN),
    ),
    received(
        key="lead_meaning",
        reason=_("stands in a stage whose meaning is unknown: taken as in progress"),
        measures=("leads_converted",),
        where=Q(semantics_source=Known.UNKNOWN),
    ),
    received(
        key="lead_not_won",
        reason=_("no won deal is linked to the lead"),
        measures=("leads_won",),
        where=~Q(progress__is_won=True),
        listed=False,
    ),
    received(
        key="lead_not_answered",
        reason=_("no e-mail, call or chat of ours since the lead was created"),
        measures=FOLLOWED,
        where=Q(progress__response_seconds__isnull=True),
    ),
    followed(
        key="lead_no_hours",
        reason=_("the working time of the answer is not computed yet"),
        measures=("first_response_business_seconds",),
        where=Q(response_seconds__isnull=False, business_seconds__isnull=True),
    ),
    closed(
        key="lead_missing",
        reason=_("made without a lead"),
        measures=SINCE_LEAD,
        where=by.WON & Q(lead_external_id__isnull=True),
        listed=False,
    ),
    sold(
        key="lead_unknown",
        reason=_("its lead is not in the mirror, or was created after the deal was won"),
        measures=SINCE_LEAD,
        where=Q(lead_seconds__isnull=True, deal__lead_external_id__isnull=False),
    ),
    sold(key="cost", reason=_("its cost is not known"), measures=COSTS, where=Q(cost__isnull=True)),
    sold(
        key="own",
        reason=_("the customer is a legal entity of your own"),
        measures=BUYERS,
        where=Q(OWN, customer_type__isnull=True),
    ),
    sold(
        key="customer",
        reason=_("has no customer"),
        measures=BUYERS,
        where=Q(~OWN, customer_type__isnull=True),
    ),
    started(
        key="provider",
        reason=_("activity of an unknown provider: add a rule to the portal's activity map"),
        measures=(*STARTED, *ASKED, *FOLLOWED),
        where=Q(kind=Activity.Kind.UNKNOWN),
    ),
    started(
        key="ignored",
        reason=_("activity of a kind that is not counted"),
        measures=STARTED,
        where=Q(kind=Activity.Kind.IGNORED),
        listed=True,
    ),
    started(
        key="direction_email",
        reason=_("neither incoming nor outgoing"),
        measures=("emails_sent", "emails_received"),
        where=by.EMAIL & Q(direction=Activity.Direction.NONE),
    ),
    started(
        key="direction_call",
        reason=_("neither incoming nor outgoing"),
        measures=("calls_made", "calls_received"),
        where=by.CALL & Q(direction=Activity.Direction.NONE),
    ),
    started(
        key="meeting",
        reason=_("not marked as completed"),
        measures=("meetings_held",),
        where=Q(kind=Activity.Kind.MEETING, is_completed=False),
    ),
    started(
        key="task",
        reason=_("not marked as completed"),
        measures=("tasks_done",),
        where=Q(kind=Activity.Kind.TASK, is_completed=False),
    ),
    started(
        key="object",
        reason=_("belongs to no record of the CRM: nobody can tell what answers it"),
        measures=ASKED,
        where=OPENS & ~HANGING,
    ),
    started(
        key="taken",
        reason=_("the call was taken: no request is open"),
        measures=ASKED,
        where=TAKEN & HANGING,
    ),
    started(
        key="row",
        reason=_("follows another request before its answer: several in a row are one"),
        measures=ASKED,
        where=OPENS & HANGING & Q(started_at__isnull=False, request__isnull=True),
    ),
    asked(
        key="unanswered",
        reason=_("not answered yet"),
        measures=("requests_answered", "response_seconds", "response_business_seconds"),
        where=Q(response_seconds__isnull=True),
    ),
    asked(
        key="no_hours",
        reason=_("the working time of the answer is not computed yet"),
        measures=("response_business_seconds",),
        where=Q(response_seconds__isnull=False, business_seconds__isnull=True),
    ),
    answered(
        key="unconfirmed", reason=_("the answer is not confirmed"), measures=ANSWERED, where=Q(is_confirmed=False)
    ),
    invited(
        key="silent",
        reason=_("not answered, or the answer is not confirmed"),
        measures=("invitations_answered",),
        where=~Q(answer__is_confirmed=True),
    ),
    Exclusion(
        key="spend_rate",
        reason=_("no rate of its currency is known: adds nothing"),
        measures=("spend",),
        source=MarketingSpend,
        dated_by="day",
        credited_to=None,
        where=Q(amount_base__isnull=True),
    ),
    closed(
        key="day",
        reason=_("won on another day than planned"),
        measures=WON,
        where=by.WON & SIGNALS["day"],
        counts=True,
    ),
    closed(key="unsure", reason=UNSURE, measures=WON, where=by.WON & GUESSED, counts=True),
    closed(key="unsure_lost", reason=UNSURE, measures=("deals_lost",), where=by.LOST & GUESSED, counts=True),
    closed(
        key="moved",
        reason=_("somebody else is responsible now: counts for whoever was when it was won"),
        measures=WON,
        where=by.WON & Q(credited_to__isnull=False) & ~Q(responsible=F("credited_to")),
        counts=True,
    ),
)
