"""The pages of an import of costs: choose a file, look at the differences, confirm them."""

from typing import Any

from django.contrib import messages
from django.contrib.admin.helpers import AdminForm
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _

from crmsync.admin.scope import find_scope, render_in_zone
from kpis.admin.spend_differences import describe_preview
from kpis.admin.spend_forms import ImportForm
from kpis.admin.spend_writes import SpendWrites
from kpis.spend.examples import MEDIA_TYPE, write_example
from kpis.spend.files import SpendFileError
from kpis.spend.imports import Preview, SpendImportError, apply_import, preview_import
from kpis.spend.uploads import Upload, drop_upload, find_upload, keep_upload

FOLDER = "admin/kpis/marketingspend"
LIST = "admin:kpis_marketingspend_changelist"
IMPORT, PREVIEW = "kpis_marketingspend_import", "kpis_marketingspend_preview"


class SpendPages(SpendWrites):
    """Whoever may add and change costs may import them."""

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        own = [
            path("import/", wrap(self.import_view), name=IMPORT),
            path("import/<slug:token>/", wrap(self.preview_view), name=PREVIEW),
            path("example/", wrap(self.example_view), name="kpis_marketingspend_example"),
        ]
        return own + super().get_urls()

    def has_import_permission(self, request: HttpRequest) -> bool:
        return self.has_add_permission(request) and self.has_change_permission(request)

    def import_view(self, request: HttpRequest) -> HttpResponse:
        """Show the form; a file that can be read is kept and its differences are shown."""
        if not self.has_import_permission(request):
            raise PermissionDenied
        form = ImportForm(request.POST or None, request.FILES or None)
        if form.is_valid():
            upload = read_upload(request, form)
            try:
                preview_import(upload.portal, upload.content, choices=upload.choices)
                return redirect(f"admin:{PREVIEW}", keep_upload(upload))
            except SpendFileError as error:
                form.add_error("file", str(error))
        shown: Any = form
        context = {"adminform": AdminForm(shown, [(None, {"fields": list(form.fields)})], {}, model_admin=self)}
        return self.show(request, "import", context | {"title": _("Import of costs")})

    def preview_view(self, request: HttpRequest, token: str) -> HttpResponse:
        """Show the differences of a kept file, or write them when they are still those that were shown."""
        if not self.has_import_permission(request):
            raise PermissionDenied
        upload = find_upload(token, user_id=request.user.pk or 0)
        if upload is None:
            text = _("The file is not kept any more and nothing was written: choose it again.")
            self.message_user(request, text, messages.WARNING)
            return redirect(f"admin:{IMPORT}")
        if request.method == "POST":
            return self.confirm(request, token, upload)
        try:
            preview = preview_import(upload.portal, upload.content, choices=upload.choices)
        except SpendFileError as error:
            self.message_user(request, str(error), messages.ERROR)
            return redirect(f"admin:{IMPORT}")
        context = describe_preview(upload, preview) | {"title": _("Differences of the import")}
        return self.show(request, "preview", context)

    def confirm(self, request: HttpRequest, token: str, upload: Upload) -> HttpResponse:
        """Write the differences that were shown, and log who did it."""
        shown = request.POST.get("fingerprint", "")
        try:
            done = apply_import(upload.portal, upload.content, choices=upload.choices, fingerprint=shown)
        except (SpendImportError, SpendFileError) as error:
            self.message_user(request, str(error), messages.ERROR)
            return redirect(f"admin:{PREVIEW}", token)
        drop_upload(token)
        text = tell_done(done)
        log_import(request, upload, text)
        self.message_user(request, text, messages.SUCCESS)
        return redirect(LIST)

    def example_view(self, request: HttpRequest) -> HttpResponse:
        portal = find_scope(request)
        if portal is None or not self.has_view_permission(request):
            raise PermissionDenied
        today = timezone.localdate(timezone=portal.zone)
        response = HttpResponse(write_example(portal, today=today), content_type=MEDIA_TYPE)
        response["Content-Disposition"] = 'attachment; filename="costs.xlsx"'
        return response

    def show(self, request: HttpRequest, page: str, context: dict[str, Any]) -> HttpResponse:
        """Show one of the pages inside the admin's frame."""
        whole = {**self.admin_site.each_context(request), "opts": self.opts, **context}
        portal = find_scope(request)
        return render_in_zone(portal, lambda: TemplateResponse(request, f"{FOLDER}/{page}.html", whole))


def read_upload(request: HttpRequest, form: ImportForm) -> Upload:
    """Take what was uploaded from its form."""
    file = form.cleaned_data["file"]
    return Upload(request.user.pk or 0, form.cleaned_data["portal"].pk, file.name, file.read(), form.choices)


def tell_done(preview: Preview) -> str:
    """Say what an import has written."""
    told = {"new": len(preview.new), "changed": len(preview.changed), "equal": preview.equal}
    return _("Costs imported: new %(new)d, changed %(changed)d, equal %(equal)d.") % told


def log_import(request: HttpRequest, upload: Upload, text: str) -> None:
    """Log an import beside what was entered by hand."""
    LogEntry.objects.create(
        user_id=request.user.pk or 0,
        content_type=ContentType.objects.get(app_label="kpis", model="marketingspend"),
        action_flag=CHANGE,
        object_repr=upload.name[:200],
        change_message=text,
    )
