"""The router: `/api/v1/` with what each app adds to it, the schema, its page, and the answer to anything else.

Loaded at the first request below it, see `config.urls`.
"""

from django.contrib.auth.decorators import login_required
from django.urls import include, path, re_path
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter

from kpis.api import routes as kpi_routes
from kpis.api.reading import ReadOnly
from targets.api import routes as target_routes

router = SimpleRouter()
for each in (kpi_routes.router, target_routes.router):
    router.registry.extend(each.registry)


class SchemaView(ReadOnly, SpectacularAPIView):
    """The schema of the API, for programs."""


class DocsView(SpectacularSwaggerSplitView):
    """The schema as a page from files of ours; the view in one piece has a script inside that no browser may run."""

    template_name = "api_docs.html"
    url = "../schema/"
    throttle_classes = []


class NothingView(ReadOnly):
    """Any other address, told in the shape of all refusals."""

    @extend_schema(exclude=True)
    def get(self, request: Request) -> Response:
        raise NotFound


addresses = [
    *router.urls,
    path("schema/", SchemaView.as_view(), name="schema"),
    path("docs/", login_required(DocsView.as_view()), name="docs"),
    re_path("", NothingView.as_view()),
]
urlpatterns = [path("api/v1/", include(addresses))]
