"""Pages of the site beside the admin."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from config.home import find_following, name_month, read_alerts, read_boards
from config.rights import read_roles
from crmsync.access import find_sight
from kpis.catalog import BY_KEY, HEADLINE
from kpis.periods import Period, PeriodError, add_months, month_of, parse_period


@require_safe
@never_cache
@login_required
def home(request: HttpRequest) -> HttpResponse:
    if not read_roles(request.user):
        raise PermissionDenied(_("Your account has no role yet: ask an administrator to give you one."))
    shown = read_month(request)
    now, sight = timezone.now(), find_sight(request.user)
    following = find_following(shown, now=now)
    page = {
        "month": name_month(shown),
        "previous": name_month(month_of(add_months(shown.start, -1))),
        "following": following and name_month(following),
        "alerts": read_alerts(now) if request.user.has_perm("crmsync.view_portal") else [],
        "boards": read_boards(shown, sight=sight, now=now),
        "sight": sight,
        "may_ask": request.user.has_perm("kpis.view_dailyfact"),
        "kpis": [BY_KEY[key] for key in HEADLINE],
    }
    return render(request, "home.html", page)


def read_month(request: HttpRequest) -> Period:
    """Read the month asked for, or the current one. Raises: Http404 for anything that is no month."""
    text = request.GET.get("month")
    if text is None:
        return month_of(timezone.localdate())
    try:
        period = parse_period(text)
    except PeriodError as error:
        raise Http404(str(error)) from error
    if period != month_of(period.start):
        raise Http404
    return period
