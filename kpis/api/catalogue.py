"""`kpis/`: what KPIs there are, as a portal has set them."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from crmsync.access import Sight
from kpis.api.questions import CatalogueQuery, PortalQuery
from kpis.api.reading import ReadView
from kpis.api.serializers import REFUSALS, KpiSerializer
from kpis.api.sights import choose_portal
from kpis.catalog import BY_KEY
from kpis.render.catalog_tables import build_document, list_portal

KEY = OpenApiParameter("key", str, OpenApiParameter.PATH, enum=list(BY_KEY), description="The key of the KPI.")


class KpiView(ReadView):
    serializer_class = KpiSerializer
    lookup_field = "key"

    @extend_schema(
        summary="List the KPIs of a portal",
        parameters=[CatalogueQuery],
        responses={200: KpiSerializer(many=True), **REFUSALS},
    )
    def list(self, request: Request) -> Response:
        """Every KPI of the catalogue, on or off, with the portal's own norm. Texts are in the request's language."""
        asked = self.read(CatalogueQuery)
        found = tell_kpis(self.sight, asked)
        page = found[asked["offset"] : asked["offset"] + asked["limit"]]
        return self.answer_page(page, count=len(found), asked=asked)

    @extend_schema(summary="Show a KPI", parameters=[KEY, PortalQuery], responses={200: KpiSerializer, **REFUSALS})
    def retrieve(self, request: Request, key: str) -> Response:
        """One KPI with its formula, norm and the streams that it waits for."""
        asked = self.read(PortalQuery)
        if key not in BY_KEY:
            raise NotFound
        return Response(next(each for each in tell_kpis(self.sight, asked) if each["key"] == key))


def tell_kpis(sight: Sight, asked: dict[str, Any]) -> list[dict[str, Any]]:
    """Tell a portal's KPIs as `list_kpis --json` does."""
    portal = choose_portal(sight, asked["portal"])
    return build_document(list_portal(portal), currency=portal.base_currency)
