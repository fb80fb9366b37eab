"""Shows the deals of the made-up company, their stage history and product rows as the REST methods print them."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from crmsync.sandbox.choices import Choices, Constant, Derived, Serial, by_number
from crmsync.sandbox.columns import Amounts, Array, Column, Days, Instants, Numbers
from crmsync.sandbox.company import names
from crmsync.sandbox.company.chances import scatter
from crmsync.sandbox.company.deals import CURRENCIES, Deals
from crmsync.sandbox.company.leads import SOURCES
from crmsync.sandbox.company.paths import STAGE_IDS, STAGE_MEANINGS, STATUS_IDS, STATUS_MEANINGS, History
from crmsync.sandbox.company.staff import Staff
from crmsync.sandbox.instants import DAY_SECONDS
from crmsync.sandbox.schema import DEAL_HISTORY, DEALS, LEAD_HISTORY, Schema
from crmsync.sandbox.table import Table

COST_PERCENTS = 45 + np.arange(40)
SECOND_CONTACT = 9


def tabulate_deals(deals: Deals, staff: Staff, *, offset: int) -> Table:
    """Show deals as crm.item.list prints them."""
    length = len(deals)
    manager = Choices(deals.manager, staff.ids.tolist())
    created_on = ((deals.created.astype(np.int64) + offset) // DAY_SECONDS).astype(np.int32)
    columns: dict[str, Column] = {
        "id": Serial(length=length),
        "title": by_number(names.deal_title, length=length),
        "createdTime": Instants(deals.created, offset=offset, ascending=True),
        "updatedTime": Instants(deals.updated, offset=offset),
        "movedTime": Instants(deals.moved, offset=offset),
        "lastActivityTime": Instants(deals.moved, offset=offset),
        "begindate": Days(created_on, offset=offset),
        "closedate": Days(deals.closes_on, offset=offset),
        **dict.fromkeys(("assignedById", "createdBy", "updatedBy", "movedBy", "lastActivityBy"), manager),
        "sourceId": Choices(deals.source, SOURCES),
        "typeId": Constant("SALE", length=length),
        "opened": Constant("Y", length=length),
        "comments": by_number(names.comment, length=length),
        "entityTypeId": Constant(DEALS.entity_type, length=length),
        **stage_columns(deals),
        **money_columns(deals),
        **customer_columns(deals),
    }
    return Table(DEALS, columns, length=length)


def stage_columns(deals: Deals) -> dict[str, Column]:
    """Return what the stage of a deal says."""
    closed = ["N" if meaning == "P" else "Y" for meaning in STAGE_MEANINGS]
    return {
        "categoryId": Choices(deals.pipeline, [0, 1]),
        "stageId": Choices(deals.stage, STAGE_IDS),
        "stageSemanticId": Choices(deals.stage, STAGE_MEANINGS),
        "closed": Choices(deals.stage, closed),
        "isRecurring": Choices(deals.recurring, ["N", "Y"]),
    }


def money_columns(deals: Deals) -> dict[str, Column]:
    """Return amounts, and the cost that a custom field holds for most deals."""

    def costs(at: Array) -> Sequence[Any]:
        mixed = scatter(at)
        spent = np.round(deals.amount[at] * COST_PERCENTS[mixed % len(COST_PERCENTS)] / 100, 2).tolist()
        known = (mixed % 10 < 7).tolist()
        codes = deals.currency[at].tolist()
        return [
            f"{cost:.2f}|{CURRENCIES[code]}" if told else None
            for cost, code, told in zip(spent, codes, known, strict=True)
        ]

    manual = (count_rows(len(deals)) == 0).astype(np.uint8)
    return {
        "opportunity": Amounts(deals.amount),
        "currencyId": Choices(deals.currency, CURRENCIES),
        "isManualOpportunity": Choices(manual, ["N", "Y"]),
        "UF_CRM_COST": Derived(costs, length=len(deals)),
    }


def customer_columns(deals: Deals) -> dict[str, Column]:
    """Return whom a deal belongs to; some have a second contact before the primary one."""
    links = deals.links

    def contacts(at: Array) -> Sequence[Any]:
        pairs = zip(at.tolist(), links.contact[at].tolist(), strict=True)
        return [
            [] if not contact else [contact - 1, contact] if contact > 1 and n % SECOND_CONTACT == 0 else [contact]
            for n, contact in pairs
        ]

    returning = links.returning.astype(np.uint8)
    return {
        "leadId": Numbers(deals.lead, empty=0),
        "companyId": Numbers(links.company, empty=0, shown=0),
        "contactId": Numbers(links.contact, empty=0, shown=0),
        "contactIds": Derived(contacts, length=len(deals)),
        "isReturnCustomer": Choices(returning, ["N", "Y"]),
        "isRepeatedApproach": Choices(returning, ["N", "Y"]),
    }


def count_rows(deals: int) -> Array:
    """Return how many product rows each deal has: one and a half on average, none for some."""
    shares = np.array([0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 4, 4])
    return shares[scatter(np.arange(deals) + 17) % len(shares)]


def tabulate_history(history: History, schema: Schema, *, offset: int) -> Table:
    """Show stage history as crm.stagehistory.list prints it."""
    length = len(history.owners)
    columns: dict[str, Column] = {
        "ID": Serial(length=length),
        "OWNER_ID": Numbers(history.owners),
        "CREATED_TIME": Instants(history.at, offset=offset, ascending=True),
        "TYPE_ID": Choices(history.types, range(6)),
    }
    if schema is LEAD_HISTORY:
        columns["STATUS_ID"] = Choices(history.stages, STATUS_IDS)
        columns["STATUS_SEMANTIC_ID"] = Choices(history.stages, STATUS_MEANINGS)
    if schema is DEAL_HISTORY:
        columns["STAGE_ID"] = Choices(history.stages, STAGE_IDS)
        columns["STAGE_SEMANTIC_ID"] = Choices(history.stages, STAGE_MEANINGS)
        columns["CATEGORY_ID"] = Choices(history.stages, [int(stage.startswith("C1:")) for stage in STAGE_IDS])
    return Table(schema, columns, length=length)
