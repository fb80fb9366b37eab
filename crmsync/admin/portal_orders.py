"""What an administrator may order for a portal: a sync, a check, the acceptance of deletions; each click is logged."""

from collections.abc import Sequence

from celery.exceptions import OperationalError
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crmsync.admin.deletions import describe_braked
from crmsync.admin.seen import SeenAdmin
from crmsync.models import Portal, Slot, StreamState
from crmsync.slots import order_slot
from crmsync.tasks import wake

CHECK = (Slot.Job.SWEEP, Slot.Job.PROOF)


class PortalOrders(SeenAdmin):
    """Orders stand in the database; workers are only woken. Nobody but administrators gives any."""

    def find_portal(self, request: HttpRequest, portal_id: int) -> Portal:
        """Find the portal of a page that only administrators may use."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        return get_object_or_404(self.get_queryset(request), pk=portal_id)

    def get_urls(self) -> list[URLPattern]:
        pages = (("sync", self.sync_view), ("check", self.check_view), ("accept", self.accept_view))
        own = [
            path(f"<int:portal_id>/{name}/", self.admin_site.admin_view(view), name=f"crmsync_portal_{name}")
            for name, view in pages
        ]
        return own + super().get_urls()

    def sync_view(self, request: HttpRequest, portal_id: int) -> HttpResponse:
        return self.order_by_post(request, portal_id, (Slot.Job.SYNC,))

    def check_view(self, request: HttpRequest, portal_id: int) -> HttpResponse:
        return self.order_by_post(request, portal_id, CHECK)

    def order_by_post(self, request: HttpRequest, portal_id: int, jobs: Sequence[str]) -> HttpResponse:
        """Order jobs and go back to the portal's page; looking orders nothing."""
        portal = self.find_portal(request, portal_id)
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        self.queue(request, portal, jobs)
        return redirect("admin:crmsync_portal_change", portal.pk)

    def accept_view(self, request: HttpRequest, portal_id: int) -> HttpResponse:
        """Name what vanished and ask; on the answer order a search that removes it."""
        portal = self.find_portal(request, portal_id)
        braked = StreamState.objects.filter(portal=portal, is_braked=True).order_by("pk")
        if not braked:
            self.message_user(request, _("There are no deletions to accept any more."), messages.INFO)
            return redirect("admin:crmsync_portal_change", portal.pk)
        if request.method == "POST":
            self.queue(request, portal, (Slot.Job.SWEEP,), accepts_deletions=True)
            return redirect("admin:crmsync_portal_change", portal.pk)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Accept deletions"),
            "portal": portal,
            "streams": describe_braked(portal, braked),
        }
        return TemplateResponse(request, "admin/crmsync/portal/accept.html", context)

    @admin.action(description=gettext_lazy("Sync now"), permissions=["change"])
    def sync_now(self, request: HttpRequest, queryset: QuerySet[Portal]) -> None:
        for portal in queryset:
            self.queue(request, portal, (Slot.Job.SYNC,))

    def queue(
        self, request: HttpRequest, portal: Portal, jobs: Sequence[str], *, accepts_deletions: bool = False
    ) -> None:
        """Order jobs and wake a worker; the order stands in the database, whatever becomes of the message."""
        now = timezone.now()
        fresh = [order_slot(portal, job, now, accepts_deletions=accepts_deletions) for job in jobs]
        self.log_change(request, portal, describe_order(jobs, accepts_deletions=accepts_deletions))
        level, text = messages.SUCCESS, _("%(name)s: ordered; it begins when a worker is free.")
        if not any(fresh):
            level, text = (
                messages.INFO,
                _("%(name)s: due or under way already; this page shows when it is done."),
            )
        try:
            wake(portal.pk)
        except OperationalError:
            level, text = messages.WARNING, _("%(name)s: ordered, but the queue does not answer: start the broker.")
        self.message_user(request, text % {"name": portal.name}, level)


def describe_order(jobs: Sequence[str], *, accepts_deletions: bool) -> str:
    """Write an order for the log of who did what."""
    names = ", ".join(str(Slot.Job(job).label) for job in jobs)
    text = _("Ordered with deletions accepted: %(jobs)s.") if accepts_deletions else _("Ordered: %(jobs)s.")
    return text % {"jobs": names}
