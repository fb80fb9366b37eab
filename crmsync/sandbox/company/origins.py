"""Where the deals of the made-up company come from: converted leads, and customers who order again."""

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from crmsync.sandbox.columns import Array
from crmsync.sandbox.company.chances import draw_code, order_by_time
from crmsync.sandbox.company.leads import SOURCE_WEIGHTS, Leads
from crmsync.sandbox.company.seasons import Calendar
from crmsync.sandbox.company.staff import Staff

MISSING_LEADS_FROM = 900_000_000


@dataclass
class Origin:
    """Where deals come from, in the order they were created."""

    created: Array
    manager: Array
    lead: Array
    pipeline: Array
    source: Array


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
