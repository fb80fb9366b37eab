"""`targets/` and `scorecards/`: what is expected of whom, and what it came to."""

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from kpis.api.questions import Query
from kpis.api.reading import ReadView
from kpis.api.serializers import REFUSALS
from targets.api.documents import describe_card, describe_target, describe_whole
from targets.api.questions import MineQuery, ScorecardsQuery, TargetsQuery
from targets.api.selections import keep_own, narrow_cards, narrow_targets, select_cards, select_targets
from targets.api.serializers import ScorecardSerializer, TargetSerializer, WholeScorecardSerializer

ID = OpenApiParameter("id", int, OpenApiParameter.PATH, description="The scorecard's number.")


class TargetView(ReadView):
    serializer_class = TargetSerializer

    @extend_schema(
        summary="List targets", parameters=[TargetsQuery], responses={200: TargetSerializer(many=True), **REFUSALS}
    )
    def list(self, request: Request) -> Response:
        """By period, newest first, name and KPI. A manager sees his own once they are published."""
        asked = self.read(TargetsQuery)
        rows = narrow_targets(select_targets(self.sight, request.user), asked, sight=self.sight)
        page = rows[asked["offset"] : asked["offset"] + asked["limit"]]
        return self.answer_page([describe_target(each) for each in page], count=rows.count(), asked=asked)


class ScorecardView(ReadView):
    serializer_class = WholeScorecardSerializer
    lookup_field = "id"
    lookup_value_regex = "[0-9]{1,18}"

    @extend_schema(
        summary="List scorecards",
        parameters=[ScorecardsQuery],
        responses={200: ScorecardSerializer(many=True), **REFUSALS},
    )
    def list(self, request: Request) -> Response:
        """By period, newest first, and name."""
        asked = self.read(ScorecardsQuery)
        rows = narrow_cards(select_cards(self.sight), asked, sight=self.sight)
        page = rows[asked["offset"] : asked["offset"] + asked["limit"]]
        return self.answer_page([describe_card(each) for each in page], count=rows.count(), asked=asked)

    @extend_schema(summary="Show a scorecard", parameters=[ID], responses={200: WholeScorecardSerializer, **REFUSALS})
    def retrieve(self, request: Request, id: str) -> Response:
        """One scorecard with its lines, adjustments and steps."""
        self.read(Query)
        card = select_cards(self.sight).filter(pk=int(id)).first()
        if card is None:
            raise NotFound
        return Response(describe_whole(card))

    @extend_schema(
        summary="Show your own scorecards",
        parameters=[MineQuery],
        responses={200: WholeScorecardSerializer(many=True), **REFUSALS},
    )
    @action(detail=False)
    def me(self, request: Request) -> Response:
        """Yours, newest first, with all that they were made from."""
        asked = self.read(MineQuery)
        rows = keep_own(narrow_cards(select_cards(self.sight), asked, sight=self.sight), request.user)
        page = rows[asked["offset"] : asked["offset"] + asked["limit"]]
        return self.answer_page([describe_whole(each) for each in page], count=rows.count(), asked=asked)
