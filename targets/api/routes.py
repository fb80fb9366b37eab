"""The addresses that this app adds to the API."""

from rest_framework.routers import SimpleRouter

from targets.api.views import ScorecardView, TargetView

router = SimpleRouter()
router.register("targets", TargetView, basename="target")
router.register("scorecards", ScorecardView, basename="scorecard")
