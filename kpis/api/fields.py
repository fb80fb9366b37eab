"""The kinds of parameters that several addresses are asked with: each has its description, bounds and refusals."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from kpis.catalog import BY_KEY
from kpis.periods import Period, PeriodError, parse_period

# The largest ID that both databases hold.
LARGEST = 2**63 - 1


@extend_schema_field(
    {"type": "string", "pattern": "^[0-9]{4}(-(Q[1-4]|W[0-9]{2}|[0-9]{2}(-[0-9]{2})?))?$", "example": "2026-10"}
)
class PeriodField(serializers.Field):
    """The name of a period."""

    def to_internal_value(self, data: Any) -> Period:
        try:
            return parse_period(data)
        except PeriodError as error:
            raise serializers.ValidationError(str(error), code="wrong_period") from error


class KpiField(serializers.ChoiceField):
    """The key of a KPI."""

    def __init__(self, **options: Any) -> None:
        super().__init__(choices=[(key, key) for key in BY_KEY], **options)

    def to_internal_value(self, data: Any) -> str:
        if data not in BY_KEY:
            text = _("There is no KPI “%(key)s”: choose one of %(known)s.")
            raise serializers.ValidationError(text % {"key": data, "known": ", ".join(BY_KEY)}, code="unknown_kpi")
        return str(data)


def name_id(text: str, **options: Any) -> serializers.IntegerField:
    """Declare a parameter that names a record by its ID."""
    return serializers.IntegerField(
        min_value=0, max_value=LARGEST, required=False, default=None, help_text=text, **options
    )


def name_period() -> PeriodField:
    """Declare the parameter that names a period."""
    return PeriodField(
        help_text="A year `2026`, quarter `2026-Q3`, month `2026-10`, ISO week `2026-W41` or day `2026-10-05`, in the "
        "portal's business time zone; half-open: from the first day up to, and without, the first day after it.",
    )


def count_rows(default: int, most: int, text: str = "How many rows a page has.") -> serializers.IntegerField:
    """Declare the size of a page."""
    return serializers.IntegerField(min_value=1, max_value=most, required=False, default=default, help_text=text)


def skip_rows(text: str = "How many rows lie before the page.") -> serializers.IntegerField:
    """Declare where a page begins."""
    return serializers.IntegerField(min_value=0, max_value=10**9, required=False, default=0, help_text=text)
