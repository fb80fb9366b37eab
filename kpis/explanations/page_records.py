"""The records that the page “Why so many?” lists: which of them the address chooses, a page at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from crmsync.cards import build_card_url
from crmsync.viewing import may_open
from kpis.explanations.amounts import NOTHING, write_amount
from kpis.explanations.explain import PAGE, Explanation
from kpis.explanations.question import Question
from kpis.explanations.records import Record
from kpis.explanations.tables import choose_lists
from kpis.explanations.texts import find_unit, name_measure
from kpis.render.formats import format_number


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which records the page lists: those of a measure, or those that an exclusion names, and which page of them."""

    key: str
    name: str
    count: int
    is_excluded: bool
    page: int

    @property
    def pages(self) -> int:
        """How many pages there are; at least one."""
        return max(1, -(-self.count // PAGE))


def choose_list(found: Explanation, *, records: str, excluded: str, page: str) -> Chosen | None:
    """Choose which records to list: what is asked for if there is such, else the first measure's. Empty: None."""
    number = int(page) if page.isascii() and page.isdecimal() and len(page) <= 9 else 1
    reasons = {each.exclusion.key: each for each in found.excluded if each.exclusion.listed}
    if excluded in reasons:
        each = reasons[excluded]
        return turn(Chosen(excluded, str(each.exclusion.reason), each.count, True, number))
    key = records if records in found.formula else choose_lists(found)[0]
    return turn(Chosen(key, name_measure(key), found.tallies[key].count, False, number))


def turn(chosen: Chosen) -> Chosen:
    """Turn to the nearest page that there is."""
    page = min(max(chosen.page, 1), chosen.pages)
    return Chosen(chosen.key, chosen.name, chosen.count, chosen.is_excluded, page)


def describe_list(found: Explanation, question: Question, chosen: Chosen) -> dict[str, Any]:
    """Write a page of records, with links to both their cards."""
    offset = (chosen.page - 1) * PAGE
    read = found.list_excluded if chosen.is_excluded else found.list_records
    rows = read(chosen.key, limit=PAGE, offset=offset)
    name = "excluded" if chosen.is_excluded else "records"
    return {
        "name": chosen.name,
        "is_excluded": chosen.is_excluded,
        "rows": describe_records(rows, found, chosen),
        "shown": write_range(offset, len(rows), chosen.count),
        "previous": question.address(**{name: chosen.key}, page=chosen.page - 1) if chosen.page > 1 else "",
        "following": question.address(**{name: chosen.key}, page=chosen.page + 1) if chosen.page < chosen.pages else "",
    }


def describe_records(rows: Sequence[Record], found: Explanation, chosen: Chosen) -> list[dict[str, Any]]:
    """Write records as cells."""
    portal = found.scope.portal
    unit = "" if chosen.is_excluded else find_unit(chosen.key)
    return [
        {
            "id": record.external_id or record.key,
            "name": record.name or NOTHING,
            "link": link_page(record.row),
            "card": build_card_url(portal, entity_type=record.card[0], external_id=record.card[1])
            if record.card
            else "",
            "day": date_format(record.day, "SHORT_DATE_FORMAT") if record.day else NOTHING,
            "employee": record.employee or _("nobody"),
            "share": write_amount(record.share, unit, currency=portal.base_currency) if unit else "",
            "notes": record.notes,
        }
        for record in rows
    ]


def link_page(row: Any) -> str:
    """Find a record's own page in the admin. Empty: an empty text where it has none."""
    if not isinstance(row, Model) or not admin.site.is_registered(type(row)) or not may_open(row):
        return ""
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])


def write_range(offset: int, shown: int, count: int) -> str:
    """Say which of all records are shown."""
    if not shown:
        return ""
    told = {"first": format_number(offset + 1), "last": format_number(offset + shown), "all": format_number(count)}
    return _("%(first)s–%(last)s of %(all)s") % told
