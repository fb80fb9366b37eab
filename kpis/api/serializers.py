"""What the API answers, for its schema: the documents themselves are built by `kpis.render` and `kpis.explanations`."""

from typing import Any

from drf_spectacular.utils import OpenApiResponse
from rest_framework import serializers

from kpis.units import Direction, Unit

NUMBER = "Exact; whole numbers stay whole. Null: undefined, there is nothing to divide by."


def tell_text(text: str = "", **options: Any) -> serializers.CharField:
    """Declare a text."""
    return serializers.CharField(help_text=text or None, **options)


def tell_number(text: str = NUMBER) -> serializers.FloatField:
    """Declare a number that may be undefined."""
    return serializers.FloatField(help_text=text, allow_null=True)


def tell_count(text: str, **options: Any) -> serializers.IntegerField:
    """Declare a whole number."""
    return serializers.IntegerField(help_text=text, **options)


def tell_instant(text: str) -> serializers.DateTimeField:
    """Declare an instant that may be unknown."""
    return serializers.DateTimeField(help_text=text, allow_null=True)


class RefusalSerializer(serializers.Serializer):
    """Why a request is refused."""

    code = tell_text("For programs; it never changes.")
    detail = tell_text("One sentence for people, in the request's language.")
    parameter = tell_text("The parameter that is wrong. Null: none in particular.", allow_null=True)


REFUSALS: dict[int, Any] = {
    status: OpenApiResponse(RefusalSerializer, description)
    for status, description in {
        400: "A parameter is missing, wrong or unknown.",
        401: "Nobody is logged in, or the token does not hold.",
        404: "There is nothing here that you may see.",
        429: "Too many requests; the header Retry-After says when to try again.",
    }.items()
}


class NormSerializer(serializers.Serializer):
    kind = tell_text("`figure`, or whose level it is: `own plan`, `own history`, `own strategy`; `none`.")
    low = tell_number("In the KPI's unit. Null: open.")
    high = tell_number("In the KPI's unit. Null: open.")
    source = tell_text("Where the figures come from.")  # type: ignore[assignment]


class KpiNormSerializer(NormSerializer):
    is_strict = serializers.BooleanField(help_text="Whether the level itself does not meet the norm yet.")
    text = tell_text("The norm as people read it.")


class KpiSerializer(serializers.Serializer):
    key = tell_text()
    version = tell_count("Of the definition; a changed formula gets a new one.")
    name = tell_text()
    description = tell_text()
    no_data = tell_text("When there is no value.")
    unit = serializers.ChoiceField(choices=[(unit.value, unit.name.lower()) for unit in Unit])
    unit_name = tell_text("Of money the portal's base currency.")
    direction = serializers.ChoiceField(choices=[(way.value, way.name.lower()) for way in Direction])
    formula = tell_text("In words.")
    measures = serializers.ListField(child=tell_text(), help_text="What the formula counts.")
    streams = serializers.ListField(child=tell_text(), help_text="What is copied from the portal for it.")
    norm = KpiNormSerializer()
    dimensions = serializers.ListField(child=tell_text(), help_text="By what it can be broken down.")
    is_on = serializers.BooleanField(help_text="Whether the portal shows it.")


class ResultSerializer(serializers.Serializer):
    value = tell_number()
    numerator = tell_number("What was counted, in the unit of the measures.")
    denominator = tell_number("What it was divided by. Null: it is a plain sum.")


class EarlierSerializer(serializers.Serializer):
    period = tell_text()
    start = serializers.DateField(help_text="The first day.")
    end = serializers.DateField(help_text="The first day after it; a running period is compared with as many days.")
    value = tell_number()
    change = tell_number("This value minus the earlier one.")
    change_percent = tell_number("Of the earlier value.")


class StandingSerializer(NormSerializer):
    position = serializers.ChoiceField(
        choices=("below", "within", "above"), allow_null=True, help_text="Where the value stands."
    )
    is_met = serializers.BooleanField(allow_null=True, help_text="Whether that is as it should be.")


class SpreadSerializer(serializers.Serializer):
    median = tell_number()
    percentile_90 = tell_number()


class MonthSerializer(serializers.Serializer):
    period = tell_text()
    value = tell_number()


class KpiValueSerializer(ResultSerializer):
    """A KPI of a period for one employee, or for the team."""

    period = tell_text("The period's name; with `every` its part's.")
    kpi = tell_text()
    employee = tell_count("The ID in the CRM. Null: the team.", allow_null=True)
    complete_through = tell_instant("The data is complete up to here. Null: not yet.")
    version = tell_count("Of the definition. This and what follows: with `compare` only.", required=False)
    records = serializers.FloatField(required=False, help_text="How many records stand behind the value.")
    previous = EarlierSerializer(required=False, help_text="The period before, of the same kind.")
    year_before = EarlierSerializer(required=False, help_text="The same period a year before.")
    norm = StandingSerializer(required=False)
    interval = serializers.ListField(
        child=serializers.FloatField(),
        min_length=2,
        max_length=2,
        allow_null=True,
        required=False,
        help_text="Between which percents a share lies with 95 % certainty. Null: the KPI is no share of records.",
    )
    beside = serializers.DictField(
        child=tell_number(), required=False, help_text="Figures without which the value misleads, by their keys."
    )
    spread = SpreadSerializer(allow_null=True, required=False)
    history = MonthSerializer(
        many=True, required=False, help_text="The months up to and with this one, the oldest first."
    )
