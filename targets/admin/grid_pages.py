"""A plan's page: its grid is shown and saved, and published when it is complete."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.formats import get_format
from django.utils.translation import gettext as _

from targets.admin.cell_panel import describe_panel
from targets.admin.frames import FOLDER, PlanFrames
from targets.admin.grid_page import FIRST_FORM, Sheet, describe_grid
from targets.admin.grid_tools import TOOLS, run_tool
from targets.admin.layers import read_view
from targets.admin.tool_forms import FORMS, TITLES
from targets.cells import Written, write_cells
from targets.changes import Changes, find_changes, read_entries, tell_stored, unpack_lines
from targets.errors import PlanError, StaleError
from targets.grids import Grid, read_cell_grid, read_grid, read_targets
from targets.models import TargetPlan
from targets.plans import publish

PAGE = "admin:targets_targetplan_change"


class GridPages(PlanFrames):
    """Shows and saves a grid; nothing that was typed is lost when it cannot be saved."""

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        own = [
            path("<int:plan_id>/publish/", wrap(self.publish_view), name="targets_targetplan_publish"),
            path("<int:plan_id>/cell/", wrap(self.cell_view), name="targets_targetplan_cell"),
        ]
        return own + super().get_urls()

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        plan = self.find_plan(request, object_id, to_change=request.method == "POST")
        sheet = Sheet(read_view(list_pairs(request.GET)))
        return self.take(request, plan, sheet) if request.method == "POST" else self.show_grid(request, plan, sheet)

    def show_grid(self, request: HttpRequest, plan: TargetPlan, sheet: Sheet) -> HttpResponse:
        """Show the grid with what is not saved yet."""
        today = timezone.localdate(timezone=plan.portal.zone)
        grid = read_grid(plan, today=today, kpis=sheet.view.kpis)
        context = describe_grid(grid, sheet, can_edit=self.can_edit(request, plan))
        context["panel"] = describe_panel(grid, sheet.view, sheet.changes, today=today)
        context["tools"] = describe_tools(grid, request.POST) if context["can_edit"] else []
        context["can_delete"] = self.has_delete_permission(request, plan)
        return self.show(request, "targetplan/grid", context | {"original": plan, "title": str(plan)})

    def cell_view(self, request: HttpRequest, plan_id: int) -> HttpResponse:
        """Answer with the panel of one cell, for the page's script."""
        plan, view = self.find_plan(request, plan_id), read_view(list_pairs(request.GET))
        today = timezone.localdate(timezone=plan.portal.zone)
        grid = read_cell_grid(plan, view.cell, today=today)
        context = {"plan": plan, "form": FIRST_FORM, "can_edit": self.can_edit(request, plan)}
        panel = describe_panel(grid, view, Changes(), today=today)
        return TemplateResponse(request, f"{FOLDER}/targetplan/panel.html", context | {"panel": panel})

    def take(self, request: HttpRequest, plan: TargetPlan, sheet: Sheet) -> HttpResponse:
        """Take what was typed, and save it when all of it can be."""
        sheet.changes, sheet.reason = read_sent(request, plan), request.POST.get("reason", "")
        tool = request.POST.get("do", "save")
        return self.propose(request, plan, sheet, tool) if tool in TOOLS else self.save_sheet(request, plan, sheet)

    def propose(self, request: HttpRequest, plan: TargetPlan, sheet: Sheet, tool: str) -> HttpResponse:
        """Show the grid with what a tool proposes; nothing is saved by that."""
        today = timezone.localdate(timezone=plan.portal.zone)
        grid = read_grid(plan, today=today, kpis=sheet.view.kpis)
        try:
            count = run_tool(tool, grid, sheet, request.POST, today=today, form=FIRST_FORM)
            text = _("Cells proposed: %(count)d. Look at them, change them, then save.") % {"count": count}
            self.message_user(request, text, messages.INFO)
        except PlanError as error:
            self.message_user(request, str(error), messages.ERROR)
        return self.show_grid(request, plan, sheet)

    def save_sheet(self, request: HttpRequest, plan: TargetPlan, sheet: Sheet) -> HttpResponse:
        """Save the changed cells together; what others have changed meanwhile is shown beside what was typed."""
        changes = sheet.changes
        if changes.errors or changes.conflicts:
            self.message_user(request, tell_refused(changes), messages.ERROR)
            return self.show_grid(request, plan, sheet)
        try:
            written = write_cells(plan, changes.cells, by=request.user, reason=sheet.reason) if changes.cells else None
        except PlanError as error:
            if isinstance(error, StaleError):
                note_stale(changes)
            self.message_user(request, str(error), messages.ERROR)
            return self.show_grid(request, plan, sheet)
        self.tell(request, plan, written)
        return redirect(f"{request.path}{sheet.view.address()}")

    def tell(self, request: HttpRequest, plan: TargetPlan, written: Written | None) -> None:
        """Say what was saved, and log it."""
        if written is None:
            self.message_user(request, _("Nothing has changed: there was nothing to save."), messages.INFO)
            return
        text = _("Targets saved: new %(created)d, changed %(changed)d.") % {
            "created": written.created,
            "changed": written.changed,
        }
        self.log_change(request, plan, text)
        self.message_user(request, text, messages.SUCCESS)

    def publish_view(self, request: HttpRequest, plan_id: int) -> HttpResponse:
        """Publish a plan; whatever is missing is said in one sentence."""
        plan = self.find_plan(request, plan_id, to_change=True)
        if request.method == "POST":
            try:
                publish(plan, by=request.user, now=timezone.now())
                text = _("The plan is published: its people can see and acknowledge it.")
                self.log_change(request, plan, text)
                self.message_user(request, text, messages.SUCCESS)
            except PlanError as error:
                self.message_user(request, str(error), messages.ERROR)
        return redirect(PAGE, plan.pk)


def list_pairs(data: Any) -> list[tuple[str, str]]:
    """List everything that was sent, names that were sent several times included."""
    return [(name, value) for name, values in data.lists() for value in values]


def describe_tools(grid: Grid, data: Any) -> list[dict[str, Any]]:
    """Describe the tools; the one that was asked keeps what it was asked with."""
    asked = data.get("do")
    return [
        {
            "name": name,
            "title": TITLES[name],
            "form": build(data if name == asked else None, grid=grid, form=FIRST_FORM),
            "is_open": name == asked,
        }
        for name, build in FORMS.items()
    ]


def read_sent(request: HttpRequest, plan: TargetPlan) -> Changes:
    """Read the changes that a form of the grid sends, as its fields or, from a script, as lines of one field."""
    sent = [*list_pairs(request.POST), *unpack_lines(request.POST.get("cells", ""))]
    return find_changes(read_entries(sent), read_targets(plan), point=get_format("DECIMAL_SEPARATOR"))


def note_stale(changes: Changes) -> None:
    """Note conflicts that came up only while saving."""
    for cell in changes.cells:
        changes.conflicts[cell.member, cell.kpi] = tell_stored(cell.member, cell.kpi)


def tell_refused(changes: Changes) -> str:
    """Say why nothing was saved."""
    if changes.errors:
        return _("Nothing is saved yet: correct the marked cells. %(first)s") % {
            "first": next(iter(changes.errors.values()))
        }
    return _("Others have changed the marked cells meanwhile and nothing was saved: compare, then save again.")
