"""`employees/`: the people whom one sees, and who one is oneself."""

from drf_spectacular.helpers import forced_singular_serializer
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from crmsync.access import find_roles
from crmsync.models import Account
from kpis.api.people import describe_employee, describe_portal, narrow, select_people
from kpis.api.people_serializers import EmployeeSerializer, MeSerializer
from kpis.api.questions import EmployeesQuery, Query
from kpis.api.reading import ReadView
from kpis.api.serializers import REFUSALS
from kpis.api.sights import choose_portal, list_portals

ID = OpenApiParameter(
    "id", str, OpenApiParameter.PATH, description="The portal's number and the ID in the CRM, such as `1-7`."
)


class EmployeeView(ReadView):
    serializer_class = EmployeeSerializer
    lookup_field = "id"
    lookup_value_regex = "[0-9]{1,18}-[0-9]{1,18}"

    @extend_schema(
        summary="List the employees whom you see",
        parameters=[EmployeesQuery],
        responses={200: EmployeeSerializer(many=True), **REFUSALS},
    )
    def list(self, request: Request) -> Response:
        """By portal and name; of all portals unless one is named. Those who left are listed too."""
        asked, sight = self.read(EmployeesQuery), self.sight
        people = select_people(sight)
        if asked["portal"] is not None:
            people = people.filter(portal=choose_portal(sight, asked["portal"]))
        people = narrow(people, asked)
        page = people[asked["offset"] : asked["offset"] + asked["limit"]]
        return self.answer_page([describe_employee(each) for each in page], count=people.count(), asked=asked)

    @extend_schema(summary="Show an employee", parameters=[ID], responses={200: EmployeeSerializer, **REFUSALS})
    def retrieve(self, request: Request, id: str) -> Response:
        """One employee by the public ID."""
        self.read(Query)
        portal, external_id = map(int, id.split("-"))
        found = select_people(self.sight).filter(portal=portal, external_id=external_id).first()
        if found is None:
            raise NotFound
        return Response(describe_employee(found))

    @extend_schema(
        summary="Show who you are and what you see",
        responses={200: forced_singular_serializer(MeSerializer), **REFUSALS},
    )
    @action(detail=False)
    def me(self, request: Request) -> Response:
        """Your roles, the portals of which you see anything, and the employees that you are there."""
        self.read(Query)
        sight = self.sight
        mine = Account.objects.filter(user=request.user.pk).values("employee")
        return Response(
            {
                "user": request.user.get_username(),
                "roles": sorted(find_roles(request.user)),
                "sees_everything": sight.everything,
                "portals": [describe_portal(each) for each in list_portals(sight)],
                "employees": [describe_employee(each) for each in select_people(sight).filter(pk__in=mine)],
            }
        )
