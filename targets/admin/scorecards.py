"""The admin of scorecards: the list of a period, and the steps from review to payment; a scorecard is only read."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from crmsync.access import visible_to
from crmsync.admin.readonly import ReadOnlyAdmin
from crmsync.admin.scope import render_in_zone
from targets.admin.scorecard_page import describe_card, list_asked, write_score
from targets.errors import PlanError
from targets.models import Scorecard, State
from targets.pages.team import write_payout
from targets.states import Step, move

FOLDER = "admin/targets/scorecard"
MOVE = "targets.change_scorecard"
CONFIRMED = "confirmed"


@admin.register(Scorecard)
class ScorecardAdmin(ReadOnlyAdmin):
    """Figures come from facts and plans, so nobody edits them; who may move a scorecard is told apart."""

    list_display = ("employee", "period_key", "shown_state", "shown_score", "shown_payout")
    list_filter = ("period_key", "state", "portal")
    search_fields = ("employee__last_name", "employee__first_name", "period_key")
    search_help_text = gettext_lazy("By name or period.")
    ordering = ("-start_on", "employee__last_name", "employee__first_name", "pk")
    list_per_page = 100
    show_facets = admin.ShowFacets.NEVER
    actions = ("review", "approve", "close", "pay", "reopen")

    class Media:
        css = {"all": ["itogi_schemes.css"]}

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Scorecard]":
        seen = visible_to(request.user, super().get_queryset(request))
        return seen.select_related("employee", "portal").defer("portal__webhook_url", "inputs", "result")

    def has_move_permission(self, request: HttpRequest) -> bool:
        user: Any = request.user
        return user.has_perm(MOVE)

    @admin.display(description=gettext_lazy("state"), ordering="state")
    def shown_state(self, card: Scorecard) -> str:
        return card.get_state_display()

    @admin.display(description=gettext_lazy("total score"), ordering="total_score")
    def shown_score(self, card: Scorecard) -> str:
        return write_score(card)

    @admin.display(description=gettext_lazy("payout"), ordering="payout")
    def shown_payout(self, card: Scorecard) -> str:
        return write_payout(card)

    @admin.action(description=gettext_lazy("Take under review"), permissions=["move"])
    def review(self, request: HttpRequest, cards: "QuerySet[Scorecard]") -> HttpResponse | None:
        return self.step(request, cards, to=State.REVIEW, name="review")

    @admin.action(description=gettext_lazy("Approve"), permissions=["move"])
    def approve(self, request: HttpRequest, cards: "QuerySet[Scorecard]") -> HttpResponse | None:
        return self.step(request, cards, to=State.APPROVED, name="approve")

    @admin.action(description=gettext_lazy("Close"), permissions=["move"])
    def close(self, request: HttpRequest, cards: "QuerySet[Scorecard]") -> HttpResponse | None:
        return self.step(request, cards, to=State.CLOSED, name="close")

    @admin.action(description=gettext_lazy("Mark as paid"), permissions=["move"])
    def pay(self, request: HttpRequest, cards: "QuerySet[Scorecard]") -> HttpResponse | None:
        return self.step(request, cards, to=State.PAID, name="pay")

    @admin.action(description=gettext_lazy("Open again"), permissions=["move"])
    def reopen(self, request: HttpRequest, cards: "QuerySet[Scorecard]") -> HttpResponse | None:
        return self.step(request, cards, to=State.OPEN, name="reopen")

    def step(self, request: HttpRequest, cards: "QuerySet[Scorecard]", *, to: State, name: str) -> HttpResponse | None:
        """Ask once more with what each scorecard says; then move those that are still as they were shown."""
        if CONFIRMED not in request.POST:
            context = {"asked": list_asked(cards), "to": to.label, "action": name, "title": _("Are you sure?")}
            return self.show(request, "confirm", context)
        moved = sum(self.move_one(request, card, to=to) for card in cards.select_related("member"))
        if moved:
            text = ngettext("%(count)s scorecard: %(state)s.", "%(count)s scorecards: %(state)s.", moved)
            self.message_user(request, text % {"count": moved, "state": to.label}, messages.SUCCESS)
        return None

    def move_one(self, request: HttpRequest, card: Scorecard, *, to: State) -> bool:
        """Move one scorecard on from the state that was shown; says why when that cannot be."""
        shown = request.POST.get(f"shown-{card.pk}", "")
        step = Step(
            to=to,
            shown=State(shown) if shown in State.values else State(card.state),
            by=request.user,
            now=timezone.now(),
            reason=request.POST.get("reason", ""),
        )
        try:
            move(card, step)
        except PlanError as error:
            self.message_user(request, f"{card}: {error}", messages.ERROR)
            return False
        return True

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show a scorecard with everything that it stores."""
        if request.method == "POST":
            raise PermissionDenied
        card = self.get_object(request, object_id)
        if card is None or not self.has_view_permission(request, card):
            raise Http404
        context = {"title": str(card), **describe_card(card)}
        return render_in_zone(card.portal, lambda: self.show(request, "card", context))

    def show(self, request: HttpRequest, page: str, context: dict[str, Any]) -> TemplateResponse:
        """Show one of the pages inside the admin's frame."""
        name = capfirst(self.opts.verbose_name_plural)
        whole = {**self.admin_site.each_context(request), "opts": self.opts, "list_name": name, **context}
        return TemplateResponse(request, f"{FOLDER}/{page}.html", whole)
