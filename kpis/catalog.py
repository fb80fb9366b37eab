"""THE LIST of KPIs: each is one declaration, a formula over measures with what people must know to read it.

Adding a KPI is one entry here and its test; what it counts is said by the measures. A changed
definition gets a new version, so that a number on paper can still be explained.
"""

from decimal import Decimal
from fractions import Fraction
from functools import partial
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from kpis.kpi import Beside, Kpi, Norm, NormKind, total
from kpis.measures import BY_KEY as MEASURES
from kpis.units import Direction, Unit

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

HUNDRED, PER_DAY, PER_MINUTE = Fraction(100), Fraction(1, 86_400), Fraction(1, 60)
ARTICLES = _("an example from trade articles, not a rule: set your own")
PLAN, HISTORY, STRATEGY, NO_NORM = map(
    Norm, (NormKind.OWN_PLAN, NormKind.OWN_HISTORY, NormKind.OWN_STRATEGY, NormKind.NONE)
)


def figures(
    low: int, high: int | None = None, *, source: "str | StrPromise" = ARTICLES, is_strict: bool = False
) -> Norm:
    """Declare a norm in figures."""
    return Norm(NormKind.FIGURE, Decimal(low), None if high is None else Decimal(high), source, is_strict)


NOTHING = _("Nothing of this kind in the period: 0.")
NO_WON = _("No deal was won in the period.")
NO_LEADS = _("No lead was received in the period.")
NO_REQUESTS = _("No request was answered in the period.")
NO_ANSWERS = _("No client answered in the period.")
NO_SPEND = _("No costs are entered for the period.")

counted = partial(Kpi, version=1, direction=Direction.UP, norm=PLAN, no_data=NOTHING)
share = partial(Kpi, version=1, direction=Direction.UP, unit=Unit.PERCENT, scale=HUNDRED)
timed = partial(Kpi, version=1, direction=Direction.DOWN, norm=HISTORY)

CATALOG: tuple[Kpi, ...] = (
    counted(
        key="deals_won",
        name=_("Number of deals"),
        description=_("Deals won in the period, credited to whoever was responsible at that moment."),
        unit=Unit.DEALS,
        numerator=total("deals_won"),
        dimensions=("source", "campaign", "pipeline"),
    ),
    counted(
        key="revenue",
        name=_("Value of deals"),
        description=_("Amounts of the deals won in the period, in the base currency at the rate of the day."),
        unit=Unit.MONEY,
        numerator=total("revenue"),
        records=total("deals_won"),
        dimensions=("source", "campaign", "pipeline"),
    ),
    Kpi(
        key="average_deal",
        version=1,
        name=_("Average value of a deal"),
        description=_("Value of the deals won divided by their number."),
        no_data=NO_WON,
        unit=Unit.MONEY,
        direction=Direction.UP,
        norm=HISTORY,
        numerator=total("revenue"),
        denominator=total("deals_won"),
        dimensions=("source", "campaign", "pipeline"),
    ),
    share(
        key="lead_conversion",
        name=_("Lead conversion"),
        description=_("Deals won divided by leads received in the same period; may exceed 100 %."),
        no_data=NO_LEADS,
        norm=figures(15, 25, source=_("examples from trade articles: 15–25 %, elsewhere 15–30 %; set your own")),
        numerator=total("deals_won"),
        denominator=total("leads_received"),
        dimensions=("source", "campaign"),
    ),
    share(
        key="lead_conversion_cohort",
        name=_("Lead conversion (cohort)"),
        description=_("Of the leads received in the period, those that led to a won deal, whenever it was won."),
        no_data=NO_LEADS,
        norm=figures(15, 30),
        numerator=total("leads_won"),
        denominator=total("leads_received"),
        beside=(
            Beside("leads_open", _("leads still in progress: the share is not final"), Unit.LEADS, total("leads_open")),
        ),
        dimensions=("source", "campaign"),
        is_share=True,
    ),
    timed(
        key="deal_cycle_time",
        name=_("Deal cycle time"),
        description=_("Mean time from the creation of a deal to its winning."),
        no_data=NO_WON,
        unit=Unit.DAYS,
        numerator=total("cycle_seconds"),
        denominator=total("cycle_deals"),
        scale=PER_DAY,
        spread="cycle_seconds",
    ),
    timed(
        key="lead_processing_time",
        name=_("Lead processing time"),
        description=_("Mean time from the creation of a lead to the winning of a deal made from it."),
        no_data=_("No deal made from a lead was won in the period."),
        unit=Unit.DAYS,
        numerator=total("lead_to_won_seconds"),
        denominator=total("lead_to_won_deals"),
        scale=PER_DAY,
    ),
    share(
        key="win_rate",
        name=_("Share of deals won"),
        description=_("Deals won divided by deals won or lost in the period."),
        no_data=_("No deal was won or lost in the period."),
        norm=HISTORY,
        numerator=total("deals_won"),
        denominator=total("deals_won", "deals_lost"),
        dimensions=("source", "campaign", "pipeline"),
        is_share=True,
    ),
    timed(
        key="response_time",
        name=_("Mean response time to a request"),
        description=_(
            "Mean time from a client's e-mail, chat or missed call to the next e-mail, call or chat of ours; "
            "in business hours where the portal has a work calendar."
        ),
        no_data=NO_REQUESTS,
        unit=Unit.MINUTES,
        numerator=total("response_seconds"),
        business=total("response_business_seconds"),
        denominator=total("requests_answered"),
        scale=PER_MINUTE,
        beside=(
            Beside(
                "unanswered",
                _("requests not answered"),
                Unit.REQUESTS,
                total("requests", less=("requests_answered",)),
            ),
        ),
    ),
    timed(
        key="first_response_time",
        name=_("First response time to a lead"),
        description=_(
            "Mean time from the creation of a lead to the first e-mail, call or chat of ours; "
            "in business hours where the portal has a work calendar."
        ),
        no_data=_("No lead of the period was answered."),
        unit=Unit.MINUTES,
        numerator=total("first_response_seconds"),
        business=total("first_response_business_seconds"),
        denominator=total("leads_answered"),
        scale=PER_MINUTE,
        beside=(
            Beside(
                "unanswered", _("leads not answered"), Unit.LEADS, total("leads_received", less=("leads_answered",))
            ),
        ),
    ),
    counted(
        key="emails_sent",
        name=_("Number of e-mails sent"),
        description=_("Outgoing e-mails; to be read next to the results that they led to."),
        unit=Unit.LETTERS,
        numerator=total("emails_sent"),
        beside=(
            Beside("deals_won", _("deals won"), Unit.DEALS, total("deals_won")),
            Beside("revenue", _("value of deals"), Unit.MONEY, total("revenue")),
        ),
    ),
    counted(
        key="calls_made",
        name=_("Calls"),
        description=_("Outgoing calls."),
        unit=Unit.CALLS,
        numerator=total("calls_made"),
    ),
    counted(
        key="meetings_held",
        name=_("Meetings"),
        description=_("Meetings that are marked as completed."),
        unit=Unit.MEETINGS,
        numerator=total("meetings_held"),
    ),
    counted(
        key="tasks_done",
        name=_("Tasks"),
        description=_("Tasks that are marked as completed."),
        unit=Unit.TASKS,
        numerator=total("tasks_done"),
    ),
    share(
        key="csat",
        name=_("Client satisfaction (CSAT)"),
        description=_(
            "Share of the confirmed answers of the period that are satisfied: 4 or 5 of 5 unless set otherwise."
        ),
        no_data=NO_ANSWERS,
        norm=figures(80, is_strict=True),
        numerator=total("csat_satisfied"),
        denominator=total("csat_responses"),
        beside=(Beside("mean_score", _("mean score"), Unit.SCORE, total("csat_score_sum"), total("csat_responses")),),
        is_share=True,
    ),
    share(
        key="csat_response_rate",
        name=_("Share of clients who answered"),
        description=_("Of the invitations sent in the period, those that were answered."),
        no_data=_("No invitation was sent in the period."),
        norm=NO_NORM,
        numerator=total("invitations_answered"),
        denominator=total("invitations_sent"),
        is_share=True,
    ),
    counted(
        key="positive_reviews",
        name=_("Positive reviews"),
        description=_("Confirmed answers with a score of 4 or 5."),
        unit=Unit.ANSWERS,
        norm=NO_NORM,
        numerator=total("reviews_positive"),
    ),
    counted(
        key="negative_reviews",
        name=_("Negative reviews"),
        description=_("Confirmed answers with a score of 1 or 2."),
        unit=Unit.ANSWERS,
        direction=Direction.DOWN,
        norm=NO_NORM,
        numerator=total("reviews_negative"),
    ),
    counted(
        key="repeat_sales",
        name=_("Repeat sales"),
        description=_("Won deals of customers who had already bought, from whomever."),
        unit=Unit.DEALS,
        norm=NO_NORM,
        numerator=total("repeat_sales"),
    ),
    share(
        key="profitability",
        name=_("Profitability of sales"),
        description=_("Revenue less cost, divided by revenue, over the won deals whose cost is known."),
        no_data=_("No won deal of the period has a known cost."),
        norm=NO_NORM,
        numerator=total("revenue_with_cost", less=("cost",)),
        denominator=total("revenue_with_cost"),
        records=total("deals_with_cost"),
        beside=(
            Beside(
                "known_cost",
                _("deals with known cost"),
                Unit.PERCENT,
                total("deals_with_cost"),
                total("deals_won"),
                HUNDRED,
            ),
        ),
    ),
    Kpi(
        key="cac",
        version=1,
        name=_("Customer acquisition cost"),
        description=_("Costs of marketing and sales divided by the number of new customers."),
        no_data=_("No new customer in the period."),
        unit=Unit.MONEY,
        direction=Direction.DOWN,
        norm=STRATEGY,
        numerator=total("spend"),
        denominator=total("new_customers"),
        dimensions=("source", "campaign"),
        team_only=True,
    ),
    share(
        key="marketing_roi",
        name=_("Return on marketing"),
        description=_("Revenue of the won deals less costs of marketing and sales, divided by these costs."),
        no_data=NO_SPEND,
        norm=NO_NORM,
        numerator=total("revenue", less=("spend",)),
        denominator=total("spend"),
        records=total("deals_won"),
        dimensions=("source", "campaign"),
        team_only=True,
    ),
    counted(
        key="campaign_leads",
        name=_("Leads from campaigns"),
        description=_("Leads received, by source and campaign."),
        unit=Unit.LEADS,
        norm=NO_NORM,
        numerator=total("leads_received"),
        dimensions=("source", "campaign"),
    ),
    share(
        key="churn_rate",
        name=_("Customer churn"),
        description=_(
            "Customers at the start of the period who have not bought again by its end for so long that they are "
            "customers no more, divided by the customers at the start; credited by each customer's newest won deal."
        ),
        no_data=_("There was no customer at the start of the period."),
        direction=Direction.DOWN,
        norm=NO_NORM,
        numerator=total("customers_lost"),
        denominator=total("customers_at_start"),
        additive=False,
        is_share=True,
    ),
)
BY_KEY: dict[str, Kpi] = {kpi.key: kpi for kpi in CATALOG}
# What fits a screen's width and says most; pages with room show all.
HEADLINE = ("deals_won", "revenue", "average_deal", "lead_conversion", "deal_cycle_time", "emails_sent")
# The streams behind what is computed for the very period and group.
COMPUTED_STREAMS: dict[str, tuple[str, ...]] = {"churn_rate": ("deals", "deal_history", "companies")}


def list_streams(kpi: Kpi) -> tuple[str, ...]:
    """List the streams that a KPI waits for, each once."""
    named = [stream for key in kpi.measures if key in MEASURES for stream in MEASURES[key].streams]
    return tuple(dict.fromkeys([*COMPUTED_STREAMS.get(kpi.key, ()), *named]))
