"""A plan's targets as a file: exported, changed in Excel, imported after a look at the differences."""

from base64 import b64decode, b64encode
from typing import Any

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kpis.spend.files import MEGABYTE, MOST_BYTES
from kpis.spend.uploads import KEPT_SECONDS, drop_upload, open_store
from targets.admin.file_differences import describe_preview
from targets.admin.plan_pages import PAGE, PlanPages
from targets.errors import PlanError
from targets.exports import XLSX, name_file, write_csv, write_workbook
from targets.grids import read_grid
from targets.imports import apply_file, preview_file
from targets.models import PlanStatus, TargetPlan

IMPORT, PREVIEW = "targets_targetplan_import", "targets_targetplan_preview"
UPLOAD = "targets_upload"
WRITERS = {"csv": (write_csv, "text/csv; charset=utf-8"), "xlsx": (write_workbook, XLSX)}


class FileForm(forms.Form):
    """A changed export."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy("An export of this plan, changed: CSV or XLSX."),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx"}),
    )

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > MOST_BYTES:
            message = _("The file is larger than %(size)d MB: leave only rows that change.")
            raise forms.ValidationError(message % {"size": MOST_BYTES // MEGABYTE})
        return file


class FilePages(PlanPages):
    """Whoever may change a plan may import its targets; whoever sees it may export them."""

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        own = [
            path("<int:plan_id>/export/<slug:kind>/", wrap(self.export_view), name="targets_targetplan_export"),
            path("<int:plan_id>/import/", wrap(self.import_view), name=IMPORT),
            path("<int:plan_id>/import/<slug:token>/", wrap(self.preview_view), name=PREVIEW),
        ]
        return own + super().get_urls()

    def export_view(self, request: HttpRequest, plan_id: int, kind: str) -> HttpResponse:
        """Answer with the plan's targets as a file."""
        plan = self.find_plan(request, plan_id)
        if kind not in WRITERS:
            raise Http404
        write, media = WRITERS[kind]
        content = write(read_grid(plan, today=timezone.localdate(timezone=plan.portal.zone)))
        response = HttpResponse(content, content_type=media)
        response["Content-Disposition"] = f'attachment; filename="{name_file(plan, kind)}"'
        return response

    def import_view(self, request: HttpRequest, plan_id: int) -> HttpResponse:
        """Show the form; a file that can be read is kept and its differences are shown."""
        plan = self.find_plan(request, plan_id, to_change=True)
        form = FileForm(request.POST or None, request.FILES or None)
        if form.is_valid():
            content = form.cleaned_data["file"].read()
            try:
                preview_file(plan, content)
                return redirect(f"admin:{PREVIEW}", plan.pk, keep_file(request, plan, content))
            except PlanError as error:
                form.add_error("file", str(error))
        context = {"plan": plan, "step": _("Import"), "title": _("Import of targets"), "is_upload": True}
        return self.show_form(request, form, context | {"action": _("Show the differences")})

    def preview_view(self, request: HttpRequest, plan_id: int, token: str) -> HttpResponse:
        """Show the differences of a kept file, or write them when they are still those that were shown."""
        plan = self.find_plan(request, plan_id, to_change=True)
        content = find_file(request, plan, token)
        if content is None:
            self.message_user(request, _("The file is not kept any more: choose it again."), messages.WARNING)
            return redirect(f"admin:{IMPORT}", plan.pk)
        if request.method == "POST" and self.write_file(request, plan, content):
            drop_upload(token)
            return redirect(PAGE, plan.pk)
        context = describe_preview(preview_file(plan, content)) | {"reason": request.POST.get("reason", "")}
        needs_reason = plan.status == PlanStatus.PUBLISHED
        frame = {"plan": plan, "step": _("Import"), "title": _("Differences of the import")}
        return self.show(request, "targetplan/differences", context | frame | {"needs_reason": needs_reason})

    def write_file(self, request: HttpRequest, plan: TargetPlan, content: bytes) -> bool:
        """Write the differences that were shown; says whether that was possible, and why not."""
        shown, reason = request.POST.get("fingerprint", ""), request.POST.get("reason", "")
        try:
            written = apply_file(plan, content, by=request.user, fingerprint=shown, reason=reason)
        except PlanError as error:
            self.message_user(request, str(error), messages.ERROR)
            return False
        self.tell(request, plan, written)
        return True


def keep_file(request: HttpRequest, plan: TargetPlan, content: bytes) -> str:
    """Keep a file between preview and confirmation, and return the token by which it is found."""
    store = open_store()
    store[UPLOAD] = {"user": request.user.pk, "plan": plan.pk, "content": b64encode(content).decode()}
    store.set_expiry(KEPT_SECONDS)
    store.create()
    return str(store.session_key)


def find_file(request: HttpRequest, plan: TargetPlan, token: str) -> bytes | None:
    """Find a kept file. Empty: None when it has ended, was confirmed, or is another person's or plan's."""
    kept: dict[str, Any] | None = open_store(token).get(UPLOAD)
    if kept is None or (kept["user"], kept["plan"]) != (request.user.pk, plan.pk):
        return None
    return b64decode(kept["content"])
