"""Makes the whole company from a size and a seed: staff, leads, deals, customers, history, activities."""

import ctypes
import sys
import time
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from crmsync.sandbox.columns import Array
from crmsync.sandbox.company.activities import draw_activities
from crmsync.sandbox.company.activity_columns import tabulate_activities
from crmsync.sandbox.company.catalog import make_products
from crmsync.sandbox.company.customers import tabulate_companies, tabulate_contacts
from crmsync.sandbox.company.deal_columns import tabulate_deals, tabulate_history
from crmsync.sandbox.company.deals import RATES, Deals, draw_deals
from crmsync.sandbox.company.leads import Leads, draw_leads, tabulate_leads
from crmsync.sandbox.company.paths import DEAL_PATHS, LEAD_PATHS, History, write_history
from crmsync.sandbox.company.product_rows import tabulate_rows
from crmsync.sandbox.company.seasons import Calendar
from crmsync.sandbox.company.staff import Staff, hire_staff, make_departments, make_users
from crmsync.sandbox.dictionaries import make_catalogs, make_category, make_currencies, make_statuses
from crmsync.sandbox.instants import format_instant, parse_offset
from crmsync.sandbox.layers import LayeredRecords
from crmsync.sandbox.records import Records
from crmsync.sandbox.schema import DEAL_HISTORY, LEAD_HISTORY, SCHEMAS, Record
from crmsync.sandbox.store import Store
from crmsync.sandbox.table import Table

FEWEST_EMPLOYEES, MOST_EMPLOYEES = 12, 500
DEALS_PER_EMPLOYEE = 2000
CURRENCY_NAMES = ("Российский рубль", "Доллар США", "Евро")


def make_company(
    *,
    deals: int = 2000,
    employees: int | None = None,
    seed: int = 1,
    now: float | None = None,
    utc_offset: str = "+03:00",
    clock: Callable[[], float] = time.time,
) -> Store:
    """Make a company whose 36 months of history end at `now`, or at the clock's time.

    Units: `now` in epoch seconds.
    """
    offset = parse_offset(utc_offset)
    calendar = Calendar(int(clock() if now is None else now), offset)
    chance = np.random.default_rng(seed)
    staff = hire_staff(chance, employees=count_employees(deals, employees), calendar=calendar)
    leads = draw_leads(chance, staff, calendar, deals=deals)
    made, customers = draw_deals(chance, leads, staff, calendar, count=deals)
    tables = {
        "leads": tabulate_leads(leads, staff, offset=offset),
        "deals": tabulate_deals(made, staff, offset=offset),
        "contacts": tabulate_contacts(customers, staff, offset=offset),
        "companies": tabulate_companies(customers, staff, offset=offset),
        "productrows": tabulate_rows(made),
        "stagehistory_leads": tabulate_history(lead_history(chance, leads), LEAD_HISTORY, offset=offset),
        "stagehistory_deals": tabulate_history(deal_history(chance, made), DEAL_HISTORY, offset=offset),
        "activities": tabulate_activities(draw_activities(chance, leads, made, staff, calendar), staff, offset=offset),
    }
    release_scratch()
    small = make_dictionaries(staff, employees=count_employees(deals, employees), calendar=calendar)
    return Store(join_collections(tables, small), utc_offset=utc_offset, clock=clock)


def release_scratch() -> None:
    """Hand freed memory back to the system; glibc would keep a third of a big company's size."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None) if sys.platform == "linux" else None
    if trim is not None:
        trim(0)


def count_employees(deals: int, employees: int | None) -> int:
    """Return how many employees a company of this size has, at least a director, a head and four more."""
    if employees is not None:
        return max(6, employees)
    return min(MOST_EMPLOYEES, max(FEWEST_EMPLOYEES, deals // DEALS_PER_EMPLOYEE))


def lead_history(chance: np.random.Generator, leads: Leads) -> History:
    """Write the history of all leads."""
    return write_history(chance, LEAD_PATHS, path=leads.path, created=wide(leads.created), moved=wide(leads.moved))


def deal_history(chance: np.random.Generator, deals: Deals) -> History:
    """Write the history of all deals."""
    return write_history(
        chance,
        DEAL_PATHS,
        path=deals.path,
        created=wide(deals.created),
        moved=wide(deals.moved),
        pipeline=deals.pipeline,
    )


def wide(stamps: Array) -> Array:
    """Return stamps in a type that can be subtracted."""
    return stamps.astype(np.int64)


def make_dictionaries(staff: Staff, *, employees: int, calendar: Calendar) -> dict[str, list[Record]]:
    """Make the small collections."""
    rates = zip(("RUB", "USD", "EUR"), CURRENCY_NAMES, RATES.tolist(), strict=True)
    updated = format_instant(calendar.now, offset=calendar.offset)
    named = {code: (name, f"{rate:.4f}") for code, name, rate in rates}
    return {
        "users": make_users(staff, employees=employees, calendar=calendar),
        "departments": make_departments(staff),
        "categories": [make_category(0, "Основная"), make_category(1, "Повторные")],
        "statuses": make_statuses([0, 1]),
        "currencies": make_currencies(named, base="RUB", updated=updated),
        "catalogs": make_catalogs(),
        "products": make_products(),
    }


def join_collections(tables: Mapping[str, Table], small: Mapping[str, Any]) -> dict[str, Records]:
    """Put big and small collections together."""
    collections: dict[str, Records] = {name: LayeredRecords(table) for name, table in tables.items()}
    collections.update({name: Records(SCHEMAS[name], rows) for name, rows in small.items()})
    return collections
