"""`explain/`: a KPI with the records behind it, as `explain --json` prints it."""

from functools import partial
from typing import Any

from django.utils import timezone
from drf_spectacular.helpers import forced_singular_serializer
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from crmsync.cards import build_card_url
from crmsync.models import Portal
from kpis.api.questions import ExplanationQuery
from kpis.api.reading import ReadView
from kpis.api.record_serializers import ExplanationSerializer
from kpis.api.serializers import REFUSALS
from kpis.api.sights import choose_portal, find_whose
from kpis.explanations.document import build_document
from kpis.explanations.explain import explain
from kpis.explanations.records import Card
from kpis.groups import Group
from kpis.snapshots import one_moment


class ExplanationView(ReadView):
    serializer_class = ExplanationSerializer
    pagination_class = None

    @extend_schema(
        operation_id="explain",
        summary="Explain a KPI by its records",
        parameters=[ExplanationQuery],
        responses={200: forced_singular_serializer(ExplanationSerializer), **REFUSALS},
    )
    def list(self, request: Request) -> Response:
        """The formula with its numbers, a page of the records that each measure counts and of those left out."""
        asked, sight = self.read(ExplanationQuery), self.sight
        with one_moment():
            portal = choose_portal(sight, asked["portal"])
            group = find_whose(sight, portal, employee=asked["employee"], department=asked["department"])
            found = explain(portal, asked["kpi"], asked["period"], now=timezone.now(), **name_whose(group))
            find_url = partial(find_card, portal)
            document = build_document(found, limit=asked["limit"], offset=asked["offset"], find_url=find_url)
        return Response(document)


def name_whose(group: Group) -> dict[str, Any]:
    """Name a group as `explain` takes it."""
    if group.employee:
        return {"employee": group.employee}
    return {} if group.employees is None else {"employees": group.employees}


def find_card(portal: Portal, card: Card) -> str:
    """Find the address of a card in the CRM."""
    return build_card_url(portal, entity_type=card[0], external_id=card[1])
