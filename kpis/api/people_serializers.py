"""What `employees/` answers, for the schema of the API."""

from rest_framework import serializers

from kpis.api.serializers import tell_count, tell_text


class DepartmentSerializer(serializers.Serializer):
    external_id = tell_count("The ID in the CRM.")
    name = tell_text()


class EmployeeSerializer(serializers.Serializer):
    """A person of a portal."""

    id = tell_text("The portal's number and the ID in the CRM, such as `1-7`.")
    portal = tell_count("The portal's number.")
    external_id = tell_count("The ID in the CRM.")
    name = tell_text()
    position = tell_text()
    departments = DepartmentSerializer(many=True)
    is_active = serializers.BooleanField(help_text="Whether the person works there.")


class PortalSerializer(serializers.Serializer):
    id = tell_count("The portal's number.")
    name = tell_text()
    time_zone = tell_text("The zone in which its days begin.")
    base_currency = tell_text()


class MeSerializer(serializers.Serializer):
    """Who asks, and what he sees."""

    user = tell_text()
    roles = serializers.ListField(child=tell_text(), help_text="`administrator`, `head`, `manager`, `auditor`.")
    sees_everything = serializers.BooleanField()
    portals = PortalSerializer(many=True, help_text="The portals of which he sees anything.")
    employees = EmployeeSerializer(many=True, help_text="Who he is there; nobody on some or all of them.")
