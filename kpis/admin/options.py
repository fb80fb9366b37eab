"""The admin of a portal's options: what is counted how, which KPIs are on, and by which norms they are judged."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.helpers import AdminForm
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from crmsync.admin.seen import SeenAdmin
from crmsync.models import Portal
from kpis.admin.option_forms import OptionsForm
from kpis.admin.option_texts import describe_portal, describe_saved, tell_saved
from kpis.admin.setting_forms import SettingForm, build_rows
from kpis.models import KpiOptions
from kpis.options import StaleOptionsError, read_options, read_settings, save_choice, take_fingerprint

FOLDER = "admin/kpis/kpioptions"
PAGE = "admin:kpis_kpioptions_change"
COST = ("cost_source", "cost_field")


@admin.register(KpiOptions)
class OptionsAdmin(SeenAdmin):
    """Every portal has this page, also one that has no row; so none is added or deleted."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def list_portals(self) -> "QuerySet[Portal]":
        """List the portals, without their secrets."""
        return Portal.objects.defer("webhook_url").order_by("pk")

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> KpiOptions | None:
        """Find a portal's options, the defaults where it has none of its own."""
        portal = self.list_portals().filter(pk=object_id).first() if object_id.isdecimal() else None
        return read_options(portal) if portal else None

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Lead to the only portal, or list them."""
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        portals = list(self.list_portals())
        if len(portals) == 1:
            return redirect(PAGE, portals[0].pk)
        return self.show(request, "portals", {"portals": [describe_portal(portal) for portal in portals]})

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show what holds, or save what was sent when all of it can be."""
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        options = self.get_object(request, object_id)
        if options is None:
            raise Http404
        can_change = self.has_change_permission(request, options)
        if request.method == "POST" and not can_change:
            raise PermissionDenied
        form, rows = build_forms(request.POST if request.method == "POST" else None, options)
        if request.method == "POST" and are_valid(form, rows) and self.save_sent(request, form, rows):
            return redirect(PAGE, options.pk)
        context = {
            "original": options,
            "adminform": AdminForm(form, list_fieldsets(), {}, model_admin=self),
            "errors": list_wrong(form, rows),
            "rows": rows,
            "can_change": can_change,
            "is_only": self.list_portals().count() == 1,
        }
        return self.show(request, "change_form", context if can_change else freeze(context))

    def save_sent(self, request: HttpRequest, form: Any, rows: list[SettingForm]) -> bool:
        """Save and tell what that leads to; what somebody else has saved meanwhile is told on the form."""
        options, shown = form.instance, form.cleaned_data["fingerprint"]
        try:
            saved = save_choice(options, [row.read_setting() for row in rows], fingerprint=shown)
        except StaleOptionsError as error:
            form.add_error(None, str(error))
            return False
        if saved.options or saved.settings:
            self.log_change(request, options, describe_saved(saved))
        self.message_user(request, tell_saved(saved), messages.SUCCESS)
        return True

    def show(self, request: HttpRequest, page: str, context: dict[str, Any]) -> HttpResponse:
        """Show one of the pages inside the admin's frame."""
        title = _("KPIs: what is counted and what it is compared with")
        whole = {**self.admin_site.each_context(request), "opts": self.opts, "title": title, **context}
        return TemplateResponse(request, f"{FOLDER}/{page}.html", whole)


def build_forms(data: Any, options: KpiOptions) -> tuple[OptionsForm, list[SettingForm]]:
    """Build the form of the options and those of the KPIs."""
    portal = options.portal
    form = OptionsForm(data, instance=options, initial={"fingerprint": take_fingerprint(portal)})
    return form, build_rows(data, portal=portal, settings=read_settings(portal))


def are_valid(form: OptionsForm, rows: list[SettingForm]) -> bool:
    """Check all forms, so that every error is pointed out at once."""
    return all([form.is_valid(), *(row.is_valid() for row in rows)])


def list_wrong(form: OptionsForm, rows: list[SettingForm]) -> list[str]:
    """Name the options and KPIs that have errors."""
    named = [str(form.fields[name].label) for name in form.errors if name in form.fields]
    return [*named, *(str(row.kpi.name) for row in rows if row.errors)]


def list_fieldsets() -> list[tuple[Any, dict[str, Any]]]:
    """List the options as the page shows them."""
    return [(None, {"fields": ["satisfied_from", "churn_days", COST]})]


def freeze(context: dict[str, Any]) -> dict[str, Any]:
    """Show the forms to whoever may only look."""
    for form in (context["adminform"].form, *context["rows"]):
        for field in form.fields.values():
            field.disabled = True
    return context
