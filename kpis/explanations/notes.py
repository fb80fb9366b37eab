"""Why a record counts, in a phrase or two: when and how that is known, at which rate, answered by what, after whom.

A page of rows is described by as many queries whatever its length.
"""

from collections.abc import Sequence
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext as _

from crmsync.models import Activity, Deal, Lead, Portal, Semantics
from kpis.explanations.amounts import write_elapsed, write_money
from kpis.explanations.lookups import Behind, Notes, find_owners, name_owner, name_record, write_moment
from kpis.explanations.sale_notes import describe_sales
from kpis.models import ClientRequest, LeadProgress, MarketingSpend, Sale
from surveys.models import Answer, Invitation

MONEY = ("revenue", "")
CYCLES = ("cycle_seconds", "cycle_deals")


def describe_rows(
    rows: Sequence[Any], behind: Behind, *, source: type[Model], topic: str, portal: Portal
) -> list[Notes]:
    """Describe rows of one source. Shape: a list of phrases per row, in their order."""
    if not rows:
        return []
    if source is Sale:
        return describe_sales(rows, behind, topic, portal)
    if source is LeadProgress:
        return describe_progress(rows, behind, topic, portal)
    owners = find_owners(portal, behind.values()) if source in (Activity, ClientRequest) else {}
    if source is ClientRequest:
        return [describe_request(row, behind.get(row.pk), owners, portal) for row in rows]
    if source is Activity:
        return [describe_activity(row, owners, portal) for row in rows]
    if source is Deal:
        return [describe_deal(row, topic, portal) for row in rows]
    return [describe_other(row, portal) for row in rows]


def describe_deal(deal: Deal, topic: str, portal: Portal) -> Notes:
    """Describe a deal: when it was won or lost and how that is known, its money, who is responsible now."""
    if deal.closed_at is None and deal.closed_on is None:
        return [str(deal.get_semantics_display())]
    won = deal.semantics == Semantics.SUCCESS
    at = {"at": write_moment(deal.closed_at, portal), "source": deal.get_closed_source_display()}
    told = [(_("won %(at)s, known from: %(source)s") if won else _("lost %(at)s, known from: %(source)s")) % at]
    if deal.closed_at is None:
        told = []
    if topic in CYCLES:
        told.append(_("created %(at)s") % {"at": write_moment(deal.created_at, portal)})
    if topic in MONEY and deal.amount is not None and deal.currency not in ("", portal.base_currency):
        text = _("%(amount)s at the rate of the day") if topic else "%(amount)s"
        told.append(text % {"amount": write_money(deal.amount, deal.currency)})
    if deal.responsible_id != deal.credited_to_id:
        told.append(_("responsible now: %(name)s") % {"name": deal.responsible or _("nobody")})
    return told


def describe_activity(activity: Activity, owners: dict[Any, Any], portal: Portal) -> Notes:
    """Describe an activity: its moment, its direction and the record that it hangs on."""
    told = [write_moment(activity.started_at, portal)]
    if activity.direction != Activity.Direction.NONE:
        told.append(str(activity.get_direction_display()))
    if activity.kind in (Activity.Kind.IGNORED, Activity.Kind.UNKNOWN):
        told.append(" ".join(filter(None, (activity.provider, activity.provider_type))))
    return [*filter(None, told), *name_owner(activity.owner_type, activity.owner_external_id, owners)]


def describe_request(
    request: ClientRequest, activity: Activity | None, owners: dict[Any, Any], portal: Portal
) -> Notes:
    """Describe a request: when it was asked, what answered it and after how long."""
    told = [_("asked %(at)s") % {"at": write_moment(request.asked_at, portal)}]
    if request.count > 1:
        told.append(_("messages in a row: %(count)s") % {"count": request.count})
    told += describe_answer(request, portal) or [_("not answered")]
    kind, key = (activity.owner_type, activity.owner_external_id) if activity else (None, None)
    return [*told, *name_owner(kind, key, owners)]


def describe_answer(row: Any, portal: Portal) -> Notes:
    """Describe what answered a request or a lead, and after how long. Empty: nothing when nothing did."""
    if row.response_seconds is None:
        return []
    told = {"after": write_elapsed(row.response_seconds), "by": "", "at": ""}
    text = _("answered after %(after)s")
    if row.answer is not None:
        text = _("answered %(at)s after %(after)s by: %(by)s")
        told |= {"at": write_moment(row.answer.started_at, portal), "by": str(row.answer)}
    working = []
    if row.business_seconds is not None:
        working = [_("working time %(time)s") % {"time": write_elapsed(row.business_seconds)}]
    return [text % told, *working]


def describe_progress(rows: Sequence[Any], behind: Behind, topic: str, portal: Portal) -> list[Notes]:
    """Describe what became of leads: the won deals made from them, or the first answer to each."""
    if topic != "leads_won":
        return [describe_answer(row, portal) for row in rows]
    ids = [lead.external_id for lead in behind.values()]
    deals: dict[int | None, Deal] = {}
    for deal in Deal.objects.won().filter(portal=portal, lead_external_id__in=ids).order_by("-closed_at", "-pk"):
        deals[deal.lead_external_id] = deal
    found = [deals.get(behind[row.pk].external_id) if row.pk in behind else None for row in rows]
    return [[_("won deal: %(deal)s") % {"deal": name_record(deal, deal.closed_on)}] if deal else [] for deal in found]


def describe_other(row: Any, portal: Portal) -> Notes:
    """Describe a lead, a cost, an invitation or an answer."""
    if isinstance(row, Lead):
        return [str(row.get_semantics_display())]
    if isinstance(row, Answer):
        return [_("score %(score)s") % {"score": row.score}]
    if isinstance(row, Invitation):
        return [_("sent %(at)s") % {"at": write_moment(row.sent_at, portal)}] if row.sent_at else []
    if isinstance(row, MarketingSpend):
        amount = write_money(row.amount, row.currency or portal.base_currency)
        return [str(row.get_kind_display()), amount, *([row.note] if row.note else [])]
    return []
