"""Sums of costs by month, of all rows that a list's filters leave."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.utils.formats import date_format

from crmsync.admin.formats import format_money
from kpis.models import MarketingSpend
from kpis.scans import MonthStart

MOST_MONTHS = 12
SUMS = {
    "marketing": Sum("amount_base", filter=Q(kind=MarketingSpend.Kind.MARKETING)),
    "sales": Sum("amount_base", filter=Q(kind=MarketingSpend.Kind.SALES)),
    "total": Sum("amount_base"),
}


def list_months(spends: QuerySet[MarketingSpend], *, currency: str) -> list[dict[str, Any]]:
    """List the newest months with their sums, written for people; `unvalued` counts costs that are in no sum."""
    unvalued = Count("pk", filter=Q(amount_base=None))
    months = spends.order_by().values(month=MonthStart("day")).annotate(**SUMS, unvalued=unvalued).order_by("-month")
    return [write_month(row, currency) for row in months[:MOST_MONTHS]]


def write_month(row: Mapping[str, Any], currency: str) -> dict[str, Any]:
    """Write one month's sums."""
    sums = {name: format_money(row[name], currency) for name in SUMS}
    return {"month": date_format(row["month"], "YEAR_MONTH_FORMAT"), "unvalued": row["unvalued"], **sums}
