"""The admin of plans: the list with how far each is, the form for a new one; a plan's page is its grid."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from targets.admin.file_pages import FilePages
from targets.admin.texts import name_period
from targets.models import PlanStatus, TargetPlan


@admin.register(TargetPlan)
class PlanAdmin(FilePages):
    list_display = ("shown_name", "shown_period", "department", "scheme", "status", "shown_people", "acknowledged")
    list_filter = ("status", "period_key")
    search_fields = ("name", "period_key")
    search_help_text = _("By name or period.")
    ordering = ("-start_on", "name")
    list_per_page = 50
    actions = None
    show_facets = admin.ShowFacets.NEVER
    empty_value_display = "—"

    def get_queryset(self, request: HttpRequest) -> "QuerySet[TargetPlan]":
        people = Count("members")
        return super().get_queryset(request).annotate(people=people, seen=Count("members__acknowledged_at"))

    @admin.display(description=_("name"), ordering="name")
    def shown_name(self, plan: TargetPlan) -> str:
        return plan.name

    @admin.display(description=_("period"), ordering="start_on")
    def shown_period(self, plan: TargetPlan) -> str:
        return name_period(plan.period)

    @admin.display(description=_("people"), ordering="people")
    def shown_people(self, plan: Any) -> str:
        return str(plan.people)

    @admin.display(description=_("acknowledged"))
    def acknowledged(self, plan: Any) -> str:
        if plan.status == PlanStatus.DRAFT:
            return self.get_empty_value_display()
        return _("%(seen)d of %(all)d") % {"seen": plan.seen, "all": plan.people}

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Let only drafts be deleted: what was published was promised."""
        is_draft = obj is None or obj.status == PlanStatus.DRAFT
        return is_draft and super().has_delete_permission(request, obj)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        # "Select target plan to change" cannot be said in languages with cases.
        return super().changelist_view(
            request, {"title": capfirst(self.opts.verbose_name_plural), **(extra_context or {})}
        )
