"""The page `/why/` beside the admin: the same explanation of a number, for everybody whose number it is.

Its address carries every argument: /why/?portal=1&kpi=revenue&period=2026-10&employee=7
"""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from crmsync.access import Sight
from crmsync.models import Portal
from crmsync.viewing import looked_at_by, read_sight
from kpis.explanations.page import describe_page
from kpis.explanations.question import read_question
from kpis.explanations.scope import ScopeError
from kpis.explanations.seen import find_seen_portal
from kpis.groups import GroupError
from kpis.periods import PeriodError
from kpis.snapshots import one_moment


@require_safe
@never_cache
@login_required
def explain_why(request: HttpRequest) -> HttpResponse:
    sight = read_sight(request)
    portal = find_seen_portal(sight, request.GET.get("portal", ""))
    if portal is None:
        raise Http404
    with one_moment(), looked_at_by(request), timezone.override(portal.zone):
        return render(request, "kpis/why.html", describe_asked(request, portal, sight=sight))


def describe_asked(request: HttpRequest, portal: Portal, *, sight: Sight) -> dict[str, Any]:
    """Describe what the address asks for. Raises: Http404 for whom the user does not see, and for what is nothing."""
    now = timezone.now()
    try:
        question = read_question(portal, request.GET, sight=sight, now=now)
        return describe_page(portal, question, request.GET, now=now)
    except (ScopeError, GroupError, PeriodError) as error:
        raise Http404(str(error)) from error
