"""A portal's own pages: connect it, replace its webhook, ask for a sync. The webhook goes in and never comes out."""

from typing import Any

from celery.exceptions import OperationalError
from django.contrib import admin, messages
from django.contrib.admin.helpers import AdminForm
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters

from crmsync.admin.portal_forms import ConnectForm, WebhookForm
from crmsync.connect import Connected
from crmsync.models import Portal, Slot
from crmsync.slots import order_slot
from crmsync.tasks import wake


class PortalPages(admin.ModelAdmin):
    """What a superuser may do with portals besides editing their settings; nobody may delete one."""

    change_form_template = "admin/crmsync/portal/change_form.html"

    def has_add_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_active and request.user.is_superuser)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_add_permission(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_urls(self) -> list[URLPattern]:
        pages = (("webhook", self.webhook_view), ("sync", self.sync_view))
        own = [
            path(f"<int:portal_id>/{name}/", self.admin_site.admin_view(view), name=f"crmsync_portal_{name}")
            for name, view in pages
        ]
        return own + super().get_urls()

    def find_portal(self, request: HttpRequest, portal_id: int) -> Portal:
        """Find the portal of a page that only superusers may use."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        return get_object_or_404(self.get_queryset(request), pk=portal_id)

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        return self.connect(request, ConnectForm(request.POST or None), title=_("Connect a portal"))

    def webhook_view(self, request: HttpRequest, portal_id: int) -> HttpResponse:
        portal = self.find_portal(request, portal_id)
        form = WebhookForm(request.POST or None, portal=portal)
        return self.connect(request, form, title=_("Replace the webhook"), portal=portal)

    @method_decorator(sensitive_post_parameters("webhook"))
    def connect(self, request: HttpRequest, form: Any, *, title: str, portal: Portal | None = None) -> HttpResponse:
        """Show the form, or connect and go to the portal's page.

        The portal is asked outside of any transaction: it may take its time to answer.
        """
        connected = form.connect() if form.is_valid() else None
        if connected:
            self.tell(request, connected)
            return redirect("admin:crmsync_portal_change", connected.portal.pk)
        fieldsets = [(None, {"fields": list(form.fields)})]
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": title,
            "portal": portal,
            "adminform": AdminForm(form, fieldsets, {}, model_admin=self),
        }
        return TemplateResponse(request, "admin/crmsync/portal/connect.html", context)

    def tell(self, request: HttpRequest, connected: Connected) -> None:
        """Report what was connected and what its webhook cannot do, and log who did it."""
        log = self.log_addition if connected.created else self.log_change
        log(request, connected.portal, [{"changed": {"fields": ["webhook"]}}])
        told = {"name": connected.portal.name, "user": connected.probe.user}
        self.message_user(request, _("%(name)s answers as %(user)s.") % told, messages.SUCCESS)
        for scope in connected.probe.missing_scopes:
            text = _("Missing permission “%(scope)s”: tick it in the webhook; until then that part is not read.")
            self.message_user(request, text % {"scope": scope}, messages.WARNING)
        if not connected.probe.is_admin:
            text = _("The webhook's owner is no administrator: records that this user may not see will be missing.")
            self.message_user(request, text, messages.WARNING)

    def sync_view(self, request: HttpRequest, portal_id: int) -> HttpResponse:
        portal = self.find_portal(request, portal_id)
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        self.queue(request, portal)
        return redirect("admin:crmsync_portal_change", portal.pk)

    @admin.action(description=gettext_lazy("Sync now"), permissions=["change"])
    def sync_now(self, request: HttpRequest, queryset: QuerySet[Portal]) -> None:
        for portal in queryset:
            self.queue(request, portal)

    def queue(self, request: HttpRequest, portal: Portal, *, job: str = Slot.Job.SYNC) -> None:
        """Order a job and wake a worker; the order stands in the database, whatever becomes of the message."""
        level, text = messages.SUCCESS, _("%(name)s: ordered; it begins when a worker is free.")
        if not order_slot(portal, job, timezone.now()):
            level, text = (
                messages.INFO,
                _("%(name)s: due or under way already; this page shows when it is done."),
            )
        try:
            wake(portal.pk)
        except OperationalError:
            level, text = messages.WARNING, _("%(name)s: ordered, but the queue does not answer: start the broker.")
        self.message_user(request, text % {"name": portal.name}, level)
