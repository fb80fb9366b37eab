"""What `explain/` answers, for the schema of the API."""

from rest_framework import serializers

from kpis.api.serializers import NormSerializer, ResultSerializer, tell_count, tell_instant, tell_number, tell_text


class RecordSerializer(serializers.Serializer):
    id = tell_count("The ID in the CRM. Null: it is not of the CRM.", allow_null=True)
    name = tell_text()
    day = serializers.DateField(allow_null=True, help_text="The business day on which it counts.")
    employee = tell_count("For whom it counts, by the ID in the CRM. Null: nobody.", allow_null=True)
    share = tell_number("What it adds. Null: it does not count.")
    notes = serializers.ListField(child=tell_text())
    card = serializers.URLField(allow_null=True, help_text="Its page in the CRM.")


class MeasureSerializer(serializers.Serializer):
    key = tell_text()
    name = tell_text()
    unit = tell_text()
    sum = serializers.FloatField(help_text="Exact.")
    count = tell_count("How many records there are.")
    records = RecordSerializer(many=True)


class ExclusionSerializer(serializers.Serializer):
    key = tell_text()
    reason = tell_text()
    counts = serializers.BooleanField(help_text="Whether the records count all the same, but deserve a look.")
    count = tell_count("How many records there are.")
    records = RecordSerializer(many=True)


class FigureSerializer(ResultSerializer):
    key = tell_text()
    name = tell_text()


class SpanSerializer(serializers.Serializer):
    key = tell_text()
    start = serializers.DateField(help_text="The first day.")
    end = serializers.DateField(help_text="The first day after it.")


class ExplanationSerializer(ResultSerializer):
    """A value with the records that it counts, and those that it does not."""

    portal = tell_count("The portal's number.")
    kpi = tell_text()
    version = tell_count("Of the definition.")
    name = tell_text()
    definition = tell_text()
    no_data = tell_text("When there is no value.")
    unit = tell_text()
    currency = tell_text("The portal's base currency.")
    period = SpanSerializer()
    employee = tell_count("The ID in the CRM. Null: a group.", allow_null=True)
    employees = tell_count("How many employees are meant. Null: everybody and nobody.", allow_null=True)
    formula = tell_text("In words.")
    numbers = tell_text("The formula with the numbers in place.")
    reported = ResultSerializer(help_text="What reports show; it differs until they have followed the records.")
    in_business_hours = serializers.BooleanField(help_text="Whether time is counted in business hours only.")
    norm = NormSerializer()
    beside = FigureSerializer(many=True)
    complete_through = tell_instant("The data is complete up to here. Null: not yet.")
    measures = MeasureSerializer(many=True)
    excluded = ExclusionSerializer(many=True)
