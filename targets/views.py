"""Pages of scorecards beside the admin: one's own, those of one's people, and the team's list."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from crmsync.access import find_sight
from crmsync.models import Employee
from kpis.periods import Period, month_of
from kpis.snapshots import one_moment
from targets.pages.people import find_own, find_seen
from targets.pages.periods import find_following, name_period, name_previous, read_period
from targets.pages.plans import find_member
from targets.pages.scorecards import read_page
from targets.pages.team import read_teams
from targets.plans import acknowledge


@require_safe
@never_cache
@login_required
def show_own(request: HttpRequest, period: str = "") -> HttpResponse:
    employee = find_own(request.user, portal=request.GET.get("portal", ""))
    if employee is None and not period and "portal" not in request.GET:
        # Who is no employee, such as an auditor, has nothing of his own to see.
        return redirect("team_now")
    return show_page(request, employee, period, is_own=True)


@require_safe
@never_cache
@login_required
def show_scorecard(request: HttpRequest, period: str, employee: int) -> HttpResponse:
    portal = request.GET.get("portal", "")
    found = find_seen(find_sight(request.user), employee, portal=portal)
    own = find_own(request.user, portal=str(found.portal_id)) if found else None
    return show_page(request, found, period, is_own=found is not None and found == own)


def show_page(request: HttpRequest, employee: Employee | None, period: str, *, is_own: bool) -> HttpResponse:
    """Show one page. Raises: Http404 for whom the user does not see, and for what is no period, alike."""
    now = timezone.now()
    chosen = choose_period(period)
    if employee is None or chosen is None:
        raise Http404
    with one_moment():
        page = read_page(employee, chosen, now=now, is_own=is_own)
    return render(request, "targets/scorecard.html", {"page": page, "is_own": is_own})


def choose_period(text: str) -> Period | None:
    """Choose the period that is asked for, the current month unless one is named. Empty: None for what is none."""
    return read_period(text) if text else month_of(timezone.localdate())


@require_POST
@login_required
def acknowledge_plan(request: HttpRequest, period: str) -> HttpResponse:
    employee, chosen = find_own(request.user, portal=request.POST.get("portal", "")), read_period(period)
    member = find_member(employee, chosen) if employee and chosen else None
    if employee is None or member is None:
        raise Http404
    if acknowledge(member, by=request.user, now=timezone.now()):
        messages.success(request, _("The plan is acknowledged."))
    return redirect(f"{reverse('scorecard_own', args=[member.period_key])}?portal={employee.portal_id}")


@require_safe
@never_cache
@login_required
def show_team(request: HttpRequest, period: str = "") -> HttpResponse:
    sight, chosen = find_sight(request.user), choose_period(period)
    if chosen is None or not (sight.everything or sight.employees):
        raise Http404
    with one_moment():
        teams = read_teams(sight, chosen)
    page = {
        "period": name_period(chosen),
        "previous": name_previous(chosen),
        "following": name_period(find_following(chosen)),
        "teams": teams,
    }
    return render(request, "targets/team.html", page)
