"""Makers of admin columns: what an ID refers to, short moments and days, custom fields line by line."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from crmsync.admin.references import NOTHING, link_target

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

Show = Callable[[Any, Any], str]


def reference(name: str, column: str, title: "StrPromise") -> Show:
    """Make a column that links to what a row's ID refers to."""

    @admin.display(description=title)
    def show(_admin: Any, row: Any) -> str:
        return link_target(row, name, getattr(row, column))

    return show


def moment(column: str, title: "StrPromise") -> Show:
    """Make a column with an instant in the zone in force, short enough for a list."""

    @admin.display(description=title, ordering=column)
    def show(_admin: Any, row: Any) -> str:
        at = getattr(row, column)
        return NOTHING if at is None else keep_together(date_format(timezone.localtime(at), "SHORT_DATETIME_FORMAT"))

    return show


def day(column: str, title: "StrPromise") -> Show:
    """Make a column with a business day, short enough for a list."""

    @admin.display(description=title, ordering=column)
    def show(_admin: Any, row: Any) -> str:
        on = getattr(row, column)
        return NOTHING if on is None else keep_together(date_format(on, "SHORT_DATE_FORMAT"))

    return show


@admin.display(description=_("custom fields"))
def custom_fields(_admin: Any, row: Any) -> str:
    """Write the copied custom fields, one a line."""
    values: Mapping[str, Any] = row.custom_fields
    return "\n".join(f"{name}: {value}" for name, value in sorted(values.items())) or NOTHING


def keep_together(text: str) -> str:
    """Keep a narrow column from breaking a short text."""
    return format_html('<span class="nowrap">{}</span>', text)
