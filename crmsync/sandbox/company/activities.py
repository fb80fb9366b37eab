"""Activities of the made-up company: first answers to leads, requests of clients with late replies, and daily work."""

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from crmsync.sandbox.columns import Array
from crmsync.sandbox.company.chances import draw_code, order_by_time
from crmsync.sandbox.company.deals import Deals
from crmsync.sandbox.company.leads import Leads
from crmsync.sandbox.company.seasons import Calendar
from crmsync.sandbox.company.staff import Staff
from crmsync.sandbox.instants import DAY_SECONDS

PER_DEAL = 5
ANSWERED_LEADS = 0.8
REQUESTS_PER_DEAL = 1.0
ANSWERED_REQUESTS = 0.85
CONTACT_SHARE = 0.05
LEAD, DEAL, CONTACT = 1, 2, 3


@dataclass(frozen=True)
class Kind:
    """What one sort of activity looks like on the wire."""

    type_id: str
    provider: str | None
    provider_type: str | None
    direction: str
    subject: str
    completed: str = "Y"
    endless: bool = False


MAIL_IN, MAIL_OUT, CALL_IN, CALL_MISSED, CALL_OUT, MEETING, TASK = range(7)
TODO, CHAT_IN, CHAT_OUT, SMS, APP, OLD_TASK, FORM = range(7, 14)
KINDS = (
    Kind("4", "CRM_EMAIL", "EMAIL", "1", "Входящее письмо", "N", endless=True),
    Kind("4", "CRM_EMAIL", "EMAIL", "2", "Исходящее письмо"),
    Kind("2", "VOXIMPLANT_CALL", "CALL", "1", "Входящий звонок"),
    Kind("2", "VOXIMPLANT_CALL", "CALL", "1", "Пропущенный звонок", "N"),
    Kind("2", "VOXIMPLANT_CALL", "CALL", "2", "Исходящий звонок"),
    Kind("1", "CRM_MEETING", "MEETING", "0", "Встреча"),
    Kind("6", "CRM_TASKS_TASK", "TASKS_TASK", "0", "Задача"),
    Kind("6", "CRM_TODO", "TODO", "0", "Дело"),
    Kind("6", "IMOPENLINES_SESSION", "5", "1", "Чат открытой линии"),
    Kind("6", "IMOPENLINES_SESSION", "5", "2", "Ответ в чате"),
    Kind("6", "CRM_SMS", "SMS", "2", "Сообщение SMS"),
    Kind("6", "XYZ_APP", "XYZ", "0", "Событие стороннего приложения"),
    Kind("3", "TASKS", "TASK", "0", "Задача (старая)"),
    Kind("6", "CRM_WEBFORM", "FORM", "1", "Заполнена CRM-форма"),
)
FIRST_ANSWERS = ((MAIL_OUT, 0.4), (CALL_OUT, 0.5), (CHAT_OUT, 0.1))
REQUESTS = ((MAIL_IN, 0.6), (CHAT_IN, 0.2), (CALL_MISSED, 0.1), (CALL_IN, 0.1))
DAILY_WORK = (
    *((CALL_OUT, 0.34), (MAIL_OUT, 0.2), (MEETING, 0.12), (TASK, 0.12), (TODO, 0.08), (CALL_IN, 0.06)),
    *((SMS, 0.03), (APP, 0.02), (OLD_TASK, 0.01), (FORM, 0.02)),
)
REPLIES = np.zeros(len(KINDS), dtype=np.uint8)
REPLIES[[MAIL_IN, CHAT_IN, CALL_MISSED]] = MAIL_OUT, CHAT_OUT, CALL_OUT


@dataclass
class Activities:
    """Activities in the order they happened.

    Units: moments in epoch seconds.
    """

    at: Array
    updated: Array
    kind: Array
    owner_type: Array
    owner: Array
    manager: Array

    def __len__(self) -> int:
        return len(self.at)

    def take(self, chosen: Array) -> "Activities":
        """Return some of them, in the order of the positions given."""
        return Activities(*(getattr(self, name)[chosen] for name in self.__dataclass_fields__))


def make_part(at: Array, kind: Array, owner_type: int, owner: Array, manager: Array) -> Activities:
    """Put activities of one owner type together, kept small."""
    stamps = at.astype(np.uint32)
    types = np.full(len(at), owner_type, dtype=np.uint8)
    return Activities(stamps, stamps, kind.astype(np.uint8), types, owner.astype(np.uint32), manager)


def draw_activities(chance: Generator, leads: Leads, deals: Deals, staff: Staff, calendar: Calendar) -> Activities:
    """Draw five activities a deal; replies come as late as their manager is slow."""
    wanted = PER_DEAL * len(deals)
    answers = answer_leads(chance, leads, staff, now=calendar.now)
    requests = draw_work(chance, deals, calendar, REQUESTS, size=round(REQUESTS_PER_DEAL * len(deals)))
    replies = reply(chance, requests, staff, now=calendar.now)
    rest = max(0, wanted - len(answers) - len(requests) - len(replies))
    work = draw_work(chance, deals, calendar, DAILY_WORK, size=rest)
    hand_to_contacts(chance, work, deals)
    parts = (answers, requests, replies, work)
    joined = Activities(
        *(np.concatenate([getattr(part, name) for part in parts]) for name in Activities.__dataclass_fields__)
    )
    order = order_by_time(joined.at)[:wanted]
    made = joined.take(order)
    lag = chance.exponential(1800, len(made)) + (chance.random(len(made)) < 0.06) * 2 * DAY_SECONDS
    made.updated = np.minimum(made.at + lag.astype(np.int64), calendar.now).astype(np.uint32)
    return made


def draw_kinds(chance: Generator, weighted: tuple[tuple[int, float], ...], size: int) -> Array:
    """Draw kinds of activities with their weights."""
    kinds = np.array([kind for kind, _ in weighted], dtype=np.uint8)
    return kinds[draw_code(chance, np.array([weight for _, weight in weighted]), size)]


def answer_leads(chance: Generator, leads: Leads, staff: Staff, *, now: int) -> Activities:
    """Let most leads be answered once, after their manager's usual delay."""
    answered = np.flatnonzero(chance.random(len(leads)) < ANSWERED_LEADS)
    manager = leads.manager[answered]
    at = leads.created[answered] + draw_delays(chance, staff.reply[manager])
    done = at < now
    kinds = draw_kinds(chance, FIRST_ANSWERS, len(answered))
    return make_part(at[done], kinds[done], LEAD, answered[done] + 1, manager[done])


def draw_work(
    chance: Generator, deals: Deals, calendar: Calendar, kinds: tuple[tuple[int, float], ...], *, size: int
) -> Activities:
    """Draw activities on deals, between their creation and a week after their last move."""
    deal = chance.integers(0, len(deals), size)
    created = deals.created[deal].astype(np.int64)
    until = np.minimum(deals.moved[deal].astype(np.int64) + 7 * DAY_SECONDS, calendar.now - 1)
    at = created + ((until - created) * chance.random(size)).astype(np.int64)
    at = np.maximum(created, np.minimum(calendar.snap_to_work(chance, at), calendar.now - 1))
    return make_part(at, draw_kinds(chance, kinds, size), DEAL, deal + 1, deals.manager[deal])


def hand_to_contacts(chance: Generator, work: Activities, deals: Deals) -> None:
    """Let some of the daily work stand on the deal's contact instead of the deal."""
    contact = deals.links.contact[work.owner - 1]
    chosen = (contact > 0) & (chance.random(len(work)) < CONTACT_SHARE)
    work.owner_type[chosen] = CONTACT
    work.owner[chosen] = contact[chosen]


def reply(chance: Generator, requests: Activities, staff: Staff, *, now: int) -> Activities:
    """Answer most requests in their own channel, unless the answer is still to come."""
    kinds = REPLIES[requests.kind]
    answered = np.flatnonzero((kinds > 0) & (chance.random(len(requests)) < ANSWERED_REQUESTS))
    at = requests.at[answered] + draw_delays(chance, staff.reply[requests.manager[answered]])
    answered, at = answered[at < now], at[at < now]
    return make_part(at, kinds[answered], DEAL, requests.owner[answered], requests.manager[answered])


def draw_delays(chance: Generator, medians: Array) -> Array:
    """Draw lognormal delays around the medians.

    Units: seconds.
    """
    return np.maximum(30, medians * chance.lognormal(0, 1.1, len(medians))).astype(np.int64)
