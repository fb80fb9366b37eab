"""How far a scorecard is, who moved it, and what was corrected."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from targets.models import Adjustment, Scorecard, ScorecardEvent
from targets.models import State as States
from targets.pages.amounts import write_signed_money


@dataclass(frozen=True, slots=True)
class Event:
    """One step: when, what, by whom, why."""

    at: str
    what: str
    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class Correction:
    """One adjustment: when, how much, why, and where it is settled when that is another period."""

    on: str
    amount: str
    reason: str
    settled: str


@dataclass(frozen=True, slots=True)
class Story:
    """The state in a word, its steps, its corrections, and the hash once it is closed."""

    state: str
    scheme: str
    events: tuple[Event, ...]
    corrections: tuple[Correction, ...]
    content_hash: str


def tell_story(card: Scorecard, events: Sequence[ScorecardEvent], adjustments: Sequence[Adjustment]) -> Story:
    """Tell how a scorecard came to where it is."""
    zone = card.employee.portal.zone
    return Story(
        state=card.get_state_display(),
        scheme=str(card.scheme_version or ""),
        events=tuple(describe_event(event, zone) for event in events),
        corrections=tuple(describe_correction(card, each) for each in adjustments),
        content_hash=card.content_hash,
    )


def describe_event(event: ScorecardEvent, zone: ZoneInfo) -> Event:
    """Describe one step; nobody's own was done by the system."""
    by = (event.by.get_full_name() or event.by.get_username()) if event.by else _("system")
    what = f"{States(event.before).label} ▸ {States(event.after).label}"
    return Event(write_moment(event.at, zone), what, by, event.reason)


def describe_correction(card: Scorecard, adjustment: Adjustment) -> Correction:
    """Describe one adjustment; one that corrects this scorecard may be settled in a later period."""
    settled = adjustment.scorecard.period_key if adjustment.scorecard_id != card.pk else ""
    amount = write_signed_money(adjustment.amount, card.currency)
    return Correction(date_format(adjustment.dated_on, "SHORT_DATE_FORMAT"), amount, adjustment.reason, settled)


def write_moment(at: datetime, zone: ZoneInfo) -> str:
    """Write an instant in the portal's zone."""
    return date_format(localtime(at, zone), "SHORT_DATETIME_FORMAT")
