"""`/healthz` for a watchdog or a load balancer: does the site reach its database, do the workers live."""

import structlog
from django.db import Error
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from crmsync.heartbeat import is_silent

log = structlog.get_logger(__name__)


@require_safe
@never_cache
def show_health(request: HttpRequest) -> JsonResponse:
    trouble = find_trouble()
    return JsonResponse(
        {"status": "failing", **trouble} if trouble else {"status": "ok"}, status=503 if trouble else 200
    )


def find_trouble() -> dict[str, str]:
    """Find what does not work, by one query. *Empty*: nothing is wrong. No detail leaves the house."""
    try:
        return {"workers": "silent"} if is_silent(timezone.now()) else {}
    except Error as error:
        log.warning("health.database_down", error_class=type(error).__name__)
        return {"database": "down"}
