"""Deals of the made-up company: from a lead or from a known customer, won or lost as their manager is good."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from crmsync.sandbox.columns import Array
from crmsync.sandbox.company import paths
from crmsync.sandbox.company.chances import draw_code, edit_later, order_by_time
from crmsync.sandbox.company.customers import Customers, Links, find_customers
from crmsync.sandbox.company.leads import SOURCE_WEIGHTS, Leads
from crmsync.sandbox.company.paths import DEAL_GROUPS, DEAL_PATHS, STAGES_IN_PIPELINE, first_of
from crmsync.sandbox.company.seasons import Calendar
from crmsync.sandbox.company.staff import Staff
from crmsync.sandbox.instants import DAY_SECONDS

CURRENCIES = ("RUB", "USD", "EUR")
CURRENCY_WEIGHTS = np.array([0.955, 0.025, 0.02])
RATES = np.array([1.0, 92.5, 101.3])
WIN_RATE = 0.36
MEDIAN_AMOUNT = 60_000
MEDIAN_DAYS = 18
STALLED_SHARE = 0.03
MISSING_LEADS_FROM = 900_000_000


@dataclass
class Deals:
    """Deals by position, in the order they were created.

    Units: moments in epoch seconds, closes_on in day numbers, amounts in the deal's own currency.
    Empty: lead 0 for none.
    """

    created: Array
    moved: Array
    updated: Array
    closes_on: Array
    manager: Array
    lead: Array
    pipeline: Array
    path: Array
    stage: Array
    amount: Array
    currency: Array
    source: Array
    recurring: Array
    links: Links

    def __len__(self) -> int:
        return len(self.created)


@dataclass
class Origin:
    """Where deals come from, in the order they were created."""

    created: Array
    manager: Array
    lead: Array
    pipeline: Array
    source: Array


def draw_deals(
    chance: Generator, leads: Leads, staff: Staff, calendar: Calendar, *, count: int
) -> tuple[Deals, Customers]:
    """Draw so many deals and the customers they belong to."""
    origin = draw_origins(chance, leads, staff, calendar, count=count)
    customers, links = find_customers(
        chance,
        at=origin.created,
        manager=origin.manager,
        lead=origin.lead,
        start=calendar.start,
        now=calendar.now,
    )
    lead = break_links(chance, origin.lead)
    path, ends = draw_fates(chance, origin, staff, returning=links.returning, calendar=calendar)
    recurring = (chance.random(count) < 0.003).astype(np.uint8)
    path[recurring == 1] = first_of(DEAL_GROUPS, paths.OPEN_PATHS)
    moved = np.where(DEAL_PATHS.lengths[path] == 1, origin.created, ends)
    currency = draw_code(chance, CURRENCY_WEIGHTS, count)
    deals = Deals(
        created=origin.created.astype(np.uint32),
        moved=moved.astype(np.uint32),
        updated=edit_later(chance, moved, now=calendar.now).astype(np.uint32),
        closes_on=draw_close_days(chance, path, origin.created, moved, offset=calendar.offset),
        manager=origin.manager,
        lead=lead,
        pipeline=origin.pipeline,
        path=path,
        stage=(DEAL_PATHS.last_stage(path) + origin.pipeline * STAGES_IN_PIPELINE).astype(np.uint8),
        amount=draw_amounts(chance, origin, staff, currency=currency, calendar=calendar),
        currency=currency,
        source=origin.source,
        recurring=recurring,
        links=links,
    )
    return deals, customers


def draw_origins(chance: Generator, leads: Leads, staff: Staff, calendar: Calendar, *, count: int) -> Origin:
    """Take one deal from every converted lead and fill up with deals that come without one."""
    won = leads.converted[:count]
    direct = count - len(won)
    at = calendar.draw_moments(chance, direct)
    created = np.concatenate((leads.moved[won].astype(np.int64), at))
    order = order_by_time(created)
    handed = staff.draw_for(chance, created)
    kept = np.concatenate((leads.manager[won], handed[len(won) :]))
    manager = np.where(chance.random(count) < 0.92, kept, handed).astype(np.uint16)
    lead = np.concatenate((won + 1, second_deals(chance, leads, at)))
    pipeline = np.concatenate((np.zeros(len(won)), chance.random(direct) < 0.75))
    source = np.concatenate((leads.source[won], draw_code(chance, SOURCE_WEIGHTS, direct)))
    return Origin(
        created[order],
        manager[order],
        lead[order].astype(np.uint32),
        pipeline[order].astype(np.uint8),
        source[order],
    )


def second_deals(chance: Generator, leads: Leads, at: Array) -> Array:
    """Return, for deals that come without a lead of their own, an older converted lead now and then."""
    if not len(leads.converted):
        return np.zeros(len(at), dtype=np.int64)
    drawn = leads.converted[chance.integers(0, len(leads.converted), len(at))]
    fits = (chance.random(len(at)) < 0.04) & (leads.moved[drawn] < at)
    return np.where(fits, drawn + 1, 0)


def break_links(chance: Generator, lead: Array) -> Array:
    """Let some deals forget their lead and a few name one that does not exist any more."""
    luck = chance.random(len(lead))
    broken = np.where((luck < 0.01) & (lead > 0), 0, lead)
    missing = MISSING_LEADS_FROM + np.arange(len(lead))
    return np.where((luck > 0.999) & (lead > 0), missing, broken).astype(np.uint32)


def draw_fates(
    chance: Generator, origin: Origin, staff: Staff, *, returning: Array, calendar: Calendar
) -> tuple[Array, Array]:
    """Draw every deal's path and the moment of its last move."""
    count = len(origin.created)
    days = chance.lognormal(np.log(MEDIAN_DAYS), 0.7, count) * staff.pace[origin.manager]
    days = days * np.where(origin.pipeline == 1, 0.5, 1.0)
    ends = calendar.snap_to_work(chance, origin.created + (days * DAY_SECONDS).astype(np.int64))
    ends = np.maximum(ends, origin.created + 900)
    odds = WIN_RATE * staff.conversion[origin.manager] * np.where(returning, 1.35, 1.0)
    won = chance.random(count) < odds.clip(0.04, 0.92)
    open_ = (ends >= calendar.now) | (chance.random(count) < STALLED_SHARE)
    progress = ((calendar.now - origin.created) / (ends - origin.created)).clip(0, 1)
    path = np.where(
        won,
        pick_path(chance, count, WON_CHOICES, origin.pipeline),
        pick_path(chance, count, LOST_CHOICES, origin.pipeline),
    )
    steps = (progress * chance.random(count) * len(paths.OPEN_PATHS)).astype(np.int64)
    going = first_of(DEAL_GROUPS, paths.OPEN_PATHS) + steps.clip(0, len(paths.OPEN_PATHS) - 1)
    going[chance.random(count) < 0.02] = first_of(DEAL_GROUPS, paths.OPEN_REOPENED)
    latest = np.minimum(ends, calendar.now)
    halfway = origin.created + ((latest - origin.created) * chance.uniform(0.3, 0.98, count)).astype(np.int64)
    return np.where(open_, going, path).astype(np.uint8), np.where(open_, halfway, ends)


def path_choices(*weighted: tuple[Sequence[tuple[int, ...]], float]) -> tuple[Array, Array]:
    """List the paths of some groups with their weights, shared evenly inside a group."""
    numbers: list[int] = []
    weights: list[float] = []
    for group, weight in weighted:
        first = first_of(DEAL_GROUPS, group)
        numbers += range(first, first + len(group))
        weights += [weight / len(group)] * len(group)
    return np.array(numbers), np.array(weights)


WON_CHOICES = path_choices((paths.WON_PATHS, 0.95), (paths.WON_REOPENED, 0.03), (paths.WON_REROUTED, 0.02))
LOST_CHOICES = path_choices((paths.LOST_PATHS, 0.98), (paths.LOST_REOPENED, 0.02))
PLAIN_WON = first_of(DEAL_GROUPS, paths.WON_PATHS)
REROUTED_PATH = first_of(DEAL_GROUPS, paths.WON_REROUTED)


def pick_path(chance: Generator, count: int, choices: tuple[Array, Array], pipeline: Array) -> Array:
    """Draw paths; only deals of the second pipeline can have come there from the first."""
    numbers, weights = choices
    drawn = numbers[draw_code(chance, weights, count)]
    return np.where((drawn == REROUTED_PATH) & (pipeline == 0), PLAIN_WON, drawn)


def draw_amounts(chance: Generator, origin: Origin, staff: Staff, *, currency: Array, calendar: Calendar) -> Array:
    """Draw amounts: a manager's own level, smaller repeat orders, growth over the years, some with kopecks."""
    count = len(origin.created)
    years = (origin.created - calendar.start) / (365 * DAY_SECONDS)
    level = MEDIAN_AMOUNT * staff.value[origin.manager] * np.where(origin.pipeline == 1, 0.7, 1.0) * 1.08**years
    rubles = level * chance.lognormal(0, 0.85, count)
    rounded = np.where(chance.random(count) < 0.1, np.round(rubles, 2), np.round(rubles, -2))
    foreign = np.round(rubles / RATES[currency], 2)
    return np.where(currency == 0, np.maximum(rounded, 100), foreign)


def draw_close_days(chance: Generator, path: Array, created: Array, moved: Array, *, offset: int) -> Array:
    """Draw close dates: of closed deals mostly the day they were closed, of open ones a plan, often overdue.

    Units: day numbers in the portal's zone.
    """
    count = len(path)
    closed = path < first_of(DEAL_GROUPS, paths.OPEN_PATHS)
    plan = created + (chance.uniform(7, 60, count) * DAY_SECONDS).astype(np.int64)
    agrees = closed & (chance.random(count) < 0.85)
    off = plan + chance.integers(-10, 10, count) * DAY_SECONDS
    return ((np.where(agrees, moved, np.where(closed, off, plan)) + offset) // DAY_SECONDS).astype(np.int32)
