"""Deals of the made-up company: from a lead or from a known customer, won or lost as their manager is good."""

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from crmsync.sandbox.columns import Array
from crmsync.sandbox.company import paths
from crmsync.sandbox.company.chances import draw_code, edit_later
from crmsync.sandbox.company.customers import Customers, Links, find_customers
from crmsync.sandbox.company.fates import draw_close_days, draw_fates
from crmsync.sandbox.company.leads import Leads
from crmsync.sandbox.company.origins import Origin, break_links, draw_origins
from crmsync.sandbox.company.paths import DEAL_GROUPS, DEAL_PATHS, STAGES_IN_PIPELINE, first_of
from crmsync.sandbox.company.seasons import Calendar
from crmsync.sandbox.company.staff import Staff
from crmsync.sandbox.instants import DAY_SECONDS

CURRENCIES = ("RUB", "USD", "EUR")
CURRENCY_WEIGHTS = np.array([0.955, 0.025, 0.02])
RATES = np.array([1.0, 92.5, 101.3])
MEDIAN_AMOUNT = 60_000


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


def draw_amounts(chance: Generator, origin: Origin, staff: Staff, *, currency: Array, calendar: Calendar) -> Array:
    """Draw amounts: a manager's own level, smaller repeat orders, growth over the years, some with kopecks."""
    count = len(origin.created)
    years = (origin.created - calendar.start) / (365 * DAY_SECONDS)
    level = MEDIAN_AMOUNT * staff.value[origin.manager] * np.where(origin.pipeline == 1, 0.7, 1.0) * 1.08**years
    rubles = level * chance.lognormal(0, 0.85, count)
    rounded = np.where(chance.random(count) < 0.1, np.round(rubles, 2), np.round(rubles, -2))
    foreign = np.round(rubles / RATES[currency], 2)
    return np.where(currency == 0, np.maximum(rounded, 100), foreign)
