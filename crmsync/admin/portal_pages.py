"""A portal's own pages: connect it, replace its webhook. The webhook goes in and never comes out."""

from typing import Any

from django.contrib import messages
from django.contrib.admin.helpers import AdminForm
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from crmsync.admin.portal_forms import ConnectForm, WebhookForm
from crmsync.admin.portal_orders import PortalOrders
from crmsync.connect import Connected
from crmsync.models import Portal


class PortalPages(PortalOrders):
    """What an administrator may do with portals besides editing their settings; nobody may delete one."""

    change_form_template = "admin/crmsync/portal/change_form.html"

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_urls(self) -> list[URLPattern]:
        webhook = self.admin_site.admin_view(self.webhook_view)
        return [path("<int:portal_id>/webhook/", webhook, name="crmsync_portal_webhook"), *super().get_urls()]

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
