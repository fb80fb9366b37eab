"""What all pages of plans share: which plan one may see, and the admin's frame around what is shown."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from crmsync.admin.scope import render_in_zone
from targets.models import PlanStatus, TargetPlan
from targets.sight import plans_seen_by

FOLDER = "admin/targets"


class PlanFrames(admin.ModelAdmin):
    """Whoever may not see a plan gets what he gets for one that does not exist."""

    def get_queryset(self, request: HttpRequest) -> "QuerySet[TargetPlan]":
        found = plans_seen_by(request.user, super().get_queryset(request))
        return found.select_related("portal", "department", "scheme").defer("portal__webhook_url")

    def find_plan(self, request: HttpRequest, plan_id: Any, *, to_change: bool = False) -> TargetPlan:
        """Find a plan that one may see, or change. Raises: Http404, PermissionDenied."""
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        key = str(plan_id)
        plan = self.get_queryset(request).filter(pk=key).first() if key.isdecimal() and len(key) < 19 else None
        if plan is None:
            raise Http404
        if to_change and not self.can_edit(request, plan):
            raise PermissionDenied
        return plan

    def can_edit(self, request: HttpRequest, plan: TargetPlan) -> bool:
        """Say whether a plan's targets and people may be changed: those of a closed one never."""
        return plan.status != PlanStatus.CLOSED and self.has_change_permission(request, plan)

    def show(self, request: HttpRequest, page: str, context: dict[str, Any]) -> HttpResponse:
        """Show one of the pages inside the admin's frame, with instants in the portal's zone."""
        whole = {**self.admin_site.each_context(request), "opts": self.opts, **context}
        plan = context.get("plan")
        portal = plan.portal if plan else None
        return render_in_zone(portal, lambda: TemplateResponse(request, f"{FOLDER}/{page}.html", whole))
