"""What the API answers about targets and scorecards, for its schema; the documents are built by `documents.py`."""

from rest_framework import serializers

from kpis.api.serializers import tell_count, tell_instant, tell_text
from targets.models import PlanStatus, State

EXACT = "Exact, as a text with all its digits. Null: there is none."


def tell_exact(text: str = EXACT) -> serializers.CharField:
    """Declare an exact number that may be missing."""
    return tell_text(text, allow_null=True)


class TargetSerializer(serializers.Serializer):
    """What one employee is to reach of one KPI."""

    portal = tell_count("The portal's number.")
    plan = tell_text("The plan's name.")
    status = serializers.ChoiceField(choices=PlanStatus.choices)
    period = tell_text()
    employee = tell_count("The ID in the CRM.")
    kpi = tell_text()
    value = tell_exact("In the KPI's unit. Null: shown, but not scored.")
    weight = tell_exact("The weights of an employee's published plan sum to 100.")
    threshold = tell_exact()
    stretch = tell_exact()
    min_sample = tell_count("With fewer records behind the value there is no data.")
    published_value = tell_exact("As it was published first.")
    version = tell_count("Each change gives the next one.")
    acknowledged_at = tell_instant("When the employee acknowledged the plan.")


class ScorecardSerializer(serializers.Serializer):
    """What one employee gets for one period."""

    id = tell_count("For `scorecards/{id}/`.")
    portal = tell_count("The portal's number.")
    employee = tell_count("The ID in the CRM.")
    name = tell_text()
    period = tell_text()
    state = serializers.ChoiceField(choices=State.choices)
    total_score = tell_exact("Points. Null: nothing is scored.")
    payout = tell_exact("In the currency. Null: held, or not computed.")
    carried_over = tell_exact("What did not fit below zero; it is settled in a later period.")
    currency = tell_text()
    is_held = serializers.BooleanField(help_text="Whether a line without data waits for a decision.")
    complete_through = tell_instant("The data is complete up to here. Null: not yet.")
    computed_at = tell_instant("When it was computed last.")
    hash = tell_exact("SHA-256 of the closed document. Null: not closed.")


class SchemeSerializer(serializers.Serializer):
    name = tell_text()
    version = tell_count("A change of the rules is a new one.")


class AwaySerializer(serializers.Serializer):
    kind = tell_text()
    first_on = serializers.DateField()
    last_on = serializers.DateField(help_text="Included.")
    days = tell_count("Working days that it takes.")
    note = tell_text()


class WorkingDaysSerializer(serializers.Serializer):
    worked = tell_count("By the employee.", required=False)
    days = tell_count("Of the period.", required=False)
    away = AwaySerializer(many=True, required=False)


class CreditSerializer(serializers.Serializer):
    measure = tell_text()
    deal = tell_count("The ID in the CRM.")
    why = tell_text("`correction`, `share` or `payment`.")
    amount = tell_text("What it adds to the measure, or takes from it.")


class LineSerializer(serializers.Serializer):
    kpi = tell_text()
    kpi_version = tell_count("Of the definition.")
    state = tell_text("`scored`, `no_target` or `no_data`.")
    actual = tell_exact()
    numerator = tell_exact()
    denominator = tell_exact()
    sample = tell_exact()
    target = tell_exact("For the time worked.")
    full_target = tell_exact("For the whole period.")
    published_target = tell_exact("As it was published first.")
    target_version = tell_count("Of the target.")
    weight = tell_exact()
    attainment = tell_exact("In percent; `unbounded` where nothing is what should be low.")
    published_attainment = tell_exact("Of the target as it was published first. Null: it is the same.")
    score = tell_exact()
    contribution = tell_exact("To the total score.")
    complete_through = tell_instant("The data is complete up to here.")
    credits = CreditSerializer(many=True, help_text="Deals that count otherwise than in the CRM.")


class AdjustmentSerializer(serializers.Serializer):
    amount = tell_exact()
    reason = tell_text()
    date = serializers.DateField()
    corrects = tell_exact("The closed period. Null: entered by a person.")
    deals = serializers.ListField(child=serializers.IntegerField(), help_text="IDs in the CRM.")


class EventSerializer(serializers.Serializer):
    at = serializers.DateTimeField()
    by = tell_exact("The user's name.")
    before = tell_text()
    after = tell_text()
    reason = tell_text()


class WholeScorecardSerializer(ScorecardSerializer):
    """A scorecard with all that it was made from."""

    scheme = SchemeSerializer(allow_null=True)
    working_days = WorkingDaysSerializer()
    base = tell_exact("Before gates.")
    commission = tell_exact("Before gates.")
    gates_multiplier = tell_exact()
    lines = LineSerializer(many=True)
    adjustments = AdjustmentSerializer(many=True)
    events = EventSerializer(many=True)
