"""The pages beside a plan's grid: a new plan, its people, and what was changed when by whom and why."""

from typing import Any

from django.contrib import messages
from django.contrib.admin.helpers import AdminForm
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _

from crmsync.access import find_sight
from crmsync.admin.scope import find_scope
from kpis.periods import month_of
from targets.admin.grid_pages import PAGE, GridPages
from targets.admin.plan_forms import MonthsForm, PeopleForm, PlanForm
from targets.admin.plan_history import list_history, name_cell
from targets.errors import PlanError
from targets.members import change_members
from targets.models import TargetPlan
from targets.plans import create_plan
from targets.seasons import make_monthly_plans


class PlanPages(GridPages):
    """Makes plans through their services alone."""

    def get_urls(self) -> list[URLPattern]:
        people = self.admin_site.admin_view(self.people_view)
        months = self.admin_site.admin_view(self.months_view)
        own = [
            path("<int:plan_id>/people/", people, name="targets_targetplan_people"),
            path("<int:plan_id>/months/", months, name="targets_targetplan_months"),
        ]
        return own + super().get_urls()

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Make a draft and go to its grid."""
        portal = find_scope(request)
        if portal is None or not self.has_add_permission(request):
            raise PermissionDenied
        period = month_of(timezone.localdate(timezone=portal.zone)).key
        form = PlanForm(request.POST or None, portal=portal, sight=find_sight(request.user), period=period)
        plan = self.create(request, form) if form.is_valid() else None
        if plan is not None:
            return redirect(PAGE, plan.pk)
        return self.show_form(request, form, {"title": _("New plan"), "action": _("Make the draft")})

    def create(self, request: HttpRequest, form: PlanForm) -> TargetPlan | None:
        """Make the plan that a form asks for. Empty: None when it cannot be, which the form then says."""
        values = form.cleaned_data
        chosen = {"department": values["department"]} if values["department"] else {"employees": values["people"]}
        named = {"name": values["name"], "scheme": values["scheme"]}
        try:
            plan = create_plan(form.portal, values["period"], by=request.user, **named, **chosen)
        except PlanError as error:
            form.add_error(None, str(error))
            return None
        except IntegrityError:
            # Somebody else has made the same plan, or one with the same people, between our look and our write.
            form.add_error(None, _("This period has a plan of this name, or of these people, already."))
            return None
        self.log_addition(request, plan, _("made"))
        return plan

    def people_view(self, request: HttpRequest, plan_id: int) -> HttpResponse:
        """Show who is in a plan, and change that."""
        plan = self.find_plan(request, plan_id, to_change=True)
        form = PeopleForm(request.POST or None, plan=plan, sight=find_sight(request.user))
        if form.is_valid() and self.change_people(request, plan, form):
            return redirect(PAGE, plan.pk)
        context = {"plan": plan, "original": plan, "step": _("People"), "title": str(plan), "action": _("Save")}
        return self.show_form(request, form, context)

    def change_people(self, request: HttpRequest, plan: TargetPlan, form: PeopleForm) -> bool:
        """Change who is in a plan; says whether that was possible, which the form tells otherwise."""
        add, remove = list(form.cleaned_data["add"]), list(form.cleaned_data["remove"])
        try:
            change_members(plan, add=add, remove=remove, by=request.user)
        except PlanError as error:
            form.add_error(None, str(error))
            return False
        text = _("People added: %(added)d, taken out: %(removed)d.") % {"added": len(add), "removed": len(remove)}
        self.log_change(request, plan, text)
        self.message_user(request, text, messages.SUCCESS)
        return True

    def months_view(self, request: HttpRequest, plan_id: int) -> HttpResponse:
        """Spread a yearly plan over twelve monthly drafts."""
        plan = self.find_plan(request, plan_id)
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = MonthsForm(request.POST or None, plan=plan)
        if form.is_valid() and self.make_months(request, plan, form):
            return redirect("admin:targets_targetplan_changelist")
        context = {"plan": plan, "original": plan, "step": _("Months"), "title": str(plan)}
        return self.show_form(request, form, context | {"action": _("Make twelve drafts")})

    def make_months(self, request: HttpRequest, plan: TargetPlan, form: MonthsForm) -> bool:
        """Make the drafts; says whether that was possible, which the form tells otherwise."""
        try:
            plans = make_monthly_plans(plan, form.cleaned_data["profile"], by=request.user)
        except PlanError as error:
            form.add_error(None, str(error))
            return False
        except IntegrityError:
            form.add_error(None, _("This period has a plan of this name, or of these people, already."))
            return False
        for each in plans:
            self.log_addition(request, each, _("made"))
        self.message_user(request, _("Twelve monthly drafts are made."), messages.SUCCESS)
        return True

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show what was changed in a plan, or in the cell that the address names."""
        plan, cell = self.find_plan(request, object_id), request.GET.get("cell", "")
        context = {"rows": list_history(plan, cell), "cell": name_cell(plan, cell), "step": _("History")}
        return self.show(request, "targetplan/history", {"plan": plan, "title": str(plan), **context})

    def show_form(self, request: HttpRequest, form: Any, context: dict[str, Any]) -> HttpResponse:
        """Show a form inside the admin's frame."""
        fields = AdminForm(form, [(None, {"fields": list(form.fields)})], {}, model_admin=self)
        return self.show(request, "targetplan/form", {"adminform": fields, **context})
