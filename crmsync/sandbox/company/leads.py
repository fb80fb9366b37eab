"""Leads of the made-up company: when they come, from where, to whom, and which of them become deals."""

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from crmsync.sandbox.choices import Choices, Constant, Serial, by_number
from crmsync.sandbox.columns import Amounts, Array, Column, Instants
from crmsync.sandbox.company import names
from crmsync.sandbox.company.chances import draw_code, edit_later, scatter
from crmsync.sandbox.company.paths import (
    LEAD_GROUPS,
    LEAD_LOST_PATHS,
    LEAD_OPEN_PATHS,
    LEAD_PATHS,
    LEAD_WON_PATHS,
    STATUS_IDS,
    STATUS_MEANINGS,
    first_of,
)
from crmsync.sandbox.company.seasons import Calendar
from crmsync.sandbox.company.staff import Staff
from crmsync.sandbox.instants import DAY_SECONDS
from crmsync.sandbox.schema import LEADS
from crmsync.sandbox.table import Table

SOURCES = ("WEB", "CALL", "EMAIL", "ADVERTISING", "RECOMMENDATION", "WEBFORM", "TRADE_SHOW", "5|WHATSAPP", None)
SOURCE_WEIGHTS = np.array([0.26, 0.18, 0.10, 0.17, 0.07, 0.10, 0.04, 0.06, 0.02])
SOURCE_QUALITY = np.array([1.0, 1.2, 0.9, 0.6, 1.8, 0.9, 1.1, 0.8, 0.7])
CAMPAIGNS = (None, "spring_sale", "brand", "retargeting")
CONVERTED_PER_DEAL = 0.6
HALF_LIFE_DAYS = 20


@dataclass
class Leads:
    """Leads by position, in the order they came.

    Units: moments in epoch seconds.
    """

    created: Array
    moved: Array
    updated: Array
    manager: Array
    source: Array
    path: Array
    converted: Array

    def __len__(self) -> int:
        return len(self.created)


def draw_leads(chance: Generator, staff: Staff, calendar: Calendar, *, deals: int) -> Leads:
    """Draw two leads a deal; of those old enough, the best managers and sources convert most."""
    count = 2 * deals
    created = calendar.draw_moments(chance, count)
    manager = staff.draw_for(chance, created)
    source = draw_code(chance, SOURCE_WEIGHTS, count)
    work = chance.lognormal(np.log(30_000), 1.1, count) * staff.pace[manager]
    moved = np.maximum(calendar.snap_to_work(chance, created + work.astype(np.int64)), created + 300)
    quality = np.log(staff.conversion[manager] * SOURCE_QUALITY[source]) + chance.gumbel(size=count)
    quality[moved >= calendar.now] = -np.inf
    wanted = min(round(CONVERTED_PER_DEAL * deals), int(np.isfinite(quality).sum()))
    converted = np.sort(np.argpartition(-quality, max(0, wanted - 1))[:wanted])
    path = draw_paths(chance, created, converted, now=calendar.now)
    moved = settle_moves(chance, created, moved, path, now=calendar.now)
    updated = edit_later(chance, moved, now=calendar.now)
    return Leads(
        created.astype(np.uint32),
        moved.astype(np.uint32),
        updated.astype(np.uint32),
        manager,
        source,
        path,
        converted,
    )


def draw_paths(chance: Generator, created: Array, converted: Array, *, now: int) -> Array:
    """Give every lead a path: the converted ones a good end, the rest junk unless they are young."""
    count = len(created)
    path = first_of(LEAD_GROUPS, LEAD_LOST_PATHS) + chance.integers(0, len(LEAD_LOST_PATHS), count)
    age = (now - created) / (HALF_LIFE_DAYS * DAY_SECONDS)
    open_ = chance.random(count) < np.maximum(0.5**age, 0.06)
    path[open_] = first_of(LEAD_GROUPS, LEAD_OPEN_PATHS) + chance.integers(0, len(LEAD_OPEN_PATHS), int(open_.sum()))
    path[converted] = first_of(LEAD_GROUPS, LEAD_WON_PATHS) + chance.integers(0, len(LEAD_WON_PATHS), len(converted))
    return path.astype(np.uint8)


def settle_moves(chance: Generator, created: Array, moved: Array, path: Array, *, now: int) -> Array:
    """Keep the last move between creation and now; a lead still in its first status moved when it came."""
    late = moved >= now
    share = chance.uniform(0.05, 0.95, int(late.sum()))
    moved[late] = created[late] + ((now - created[late]) * share).astype(np.int64)
    return np.where(LEAD_PATHS.lengths[path] == 1, created, moved)


def tabulate_leads(leads: Leads, staff: Staff, *, offset: int) -> Table:
    """Show leads as crm.item.list prints them."""
    length = len(leads)
    status = LEAD_PATHS.last_stage(leads.path)
    final = np.array([meaning in ("S", "F") for meaning in STATUS_MEANINGS])[status]
    manager = Choices(leads.manager, staff.ids.tolist())
    campaign = (np.arange(length) * 7 % len(CAMPAIGNS)).astype(np.uint8)
    worth = scatter(np.arange(length)) % 400 * 500
    columns: dict[str, Column] = {
        "id": Serial(length=length),
        "title": by_number(lambda n: f"Заявка №{n}", length=length),
        "createdTime": Instants(leads.created, offset=offset, ascending=True),
        "updatedTime": Instants(leads.updated, offset=offset),
        "movedTime": Instants(leads.moved, offset=offset),
        "lastActivityTime": Instants(leads.moved, offset=offset),
        "dateClosed": Instants(np.where(final, leads.moved, 0).astype(np.uint32), offset=offset),
        **dict.fromkeys(("assignedById", "createdBy", "updatedBy", "movedBy", "lastActivityBy"), manager),
        "stageId": Choices(status, STATUS_IDS),
        "stageSemanticId": Choices(status, STATUS_MEANINGS),
        "sourceId": Choices(leads.source, SOURCES),
        "utmCampaign": Choices(campaign, CAMPAIGNS),
        "utmSource": Choices(campaign, [None if name is None else "yandex" for name in CAMPAIGNS]),
        "currencyId": Constant("RUB", length=length),
        "opportunity": Amounts(worth.astype(np.float32)),
        "name": by_number(names.first_name, length=length),
        "lastName": by_number(names.last_name, length=length),
        "email": by_number(names.person_email, length=length),
        "emailWork": by_number(names.person_email, length=length),
        "phone": by_number(names.phone, length=length),
        "phoneWork": by_number(names.phone, length=length),
        "comments": by_number(names.comment, length=length),
        "fm": by_number(names.person_fields, length=length),
        **{name: Constant("Y", length=length) for name in ("hasEmail", "hasPhone", "opened")},
        "entityTypeId": Constant(LEADS.entity_type, length=length),
    }
    return Table(LEADS, columns, length=length)
