"""What all addresses of the API have in common: they only read, nobody keeps their answers, pages are framed alike."""

from collections.abc import Sequence
from typing import Any

from rest_framework.exceptions import AuthenticationFailed, NotAuthenticated, Throttled
from rest_framework.pagination import LimitOffsetPagination
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView
from rest_framework.viewsets import GenericViewSet

from crmsync.access import Sight, find_sight
from kpis.api.limits import RefusalLimit
from kpis.api.questions import Query


class Pages(LimitOffsetPagination):
    """The frame of a page; which one is asked for is read and checked with the other parameters."""

    def frame(self, request: Request, rows: Sequence[Any], *, count: int, asked: dict[str, Any]) -> Response:
        """Put a page's rows into its frame. Shape: count, next, previous, results."""
        self.request, self.count, self.limit, self.offset = request, count, asked["limit"], asked["offset"]
        return self.get_paginated_response(rows)


class ReadOnly(APIView):
    """Only reads, is counted, and is kept by nobody on the way."""

    http_method_names = ["get", "head", "options"]

    def handle_exception(self, exc: Exception) -> Response:
        # The framework counts requests only after the log-in: refused ones, guesses of tokens too, are counted here.
        if isinstance(exc, NotAuthenticated | AuthenticationFailed):
            limit = RefusalLimit()
            if not limit.allow_request(self.request, self):
                exc = Throttled(limit.wait())
        # The schema is no JSON, refusals always are.
        self.request.accepted_renderer, self.request.accepted_media_type = JSONRenderer(), JSONRenderer.media_type
        return super().handle_exception(exc)

    def finalize_response(self, request: Request, response: Response, *args: Any, **kwargs: Any) -> Response:
        answer = super().finalize_response(request, response, *args, **kwargs)
        answer["Cache-Control"] = "private, no-store"
        return answer


class ReadView(ReadOnly, GenericViewSet):
    """Parses, calls and renders; whose rows a user sees is asked in `crmsync.access` alone."""

    pagination_class: type[Pages] | None = Pages
    filter_backends = []

    @property
    def sight(self) -> Sight:
        """Whose rows the user sees."""
        return find_sight(self.request.user)

    def read(self, query: type[Query]) -> dict[str, Any]:
        """Read the parameters. Raises: ValidationError for one that is wrong or unknown."""
        asked = query(data=self.request.query_params)
        asked.is_valid(raise_exception=True)
        return asked.validated_data

    def answer_page(self, rows: Sequence[Any], *, count: int, asked: dict[str, Any]) -> Response:
        """Answer with a page of rows out of `count`."""
        return Pages().frame(self.request, rows, count=count, asked=asked)
