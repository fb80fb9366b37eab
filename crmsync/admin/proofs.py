"""The admin of proofs that the mirror equals the portal."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from crmsync.admin.columns import moment
from crmsync.admin.formats import format_count, format_duration, measure
from crmsync.admin.proof_page import describe_proof_page
from crmsync.admin.references import NOTHING
from crmsync.admin.state import StateAdmin
from crmsync.models import Proof


@admin.register(Proof)
class ProofAdmin(StateAdmin):
    change_form_template = "admin/crmsync/proof/change_form.html"
    list_display = ("started", "outcome", "compared_count", "differing_count", "took", "message")
    list_filter = ("outcome",)
    fields = ("portal", "outcome", ("started", "took"), ("compared_count", "differing_count"), "message")
    ordering = ("-started_at",)
    started = moment("started_at", _("started at"))

    @admin.display(description=_("compared"))
    def compared_count(self, proof: Proof) -> str:
        return format_count(proof.compared)

    @admin.display(description=_("differing"))
    def differing_count(self, proof: Proof) -> str:
        return format_count(proof.differing)

    @admin.display(description=_("duration"))
    def took(self, proof: Proof) -> str:
        return format_duration(measure(proof.started_at, proof.finished_at))

    @admin.display(description=_("message"))
    def message(self, proof: Proof) -> str:
        return proof.error or NOTHING

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        context |= describe_proof_page(context["original"], request.GET)
        return super().render_change_form(request, context, *args, **kwargs)
