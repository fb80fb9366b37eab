"""The page `/tokens/`: one makes and revokes one's own tokens; a new one is shown once, in the answer that made it."""

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from crmsync.tokens import TokenLimitError, make_token, revoke_token, select_living

LIFETIMES = {30: _("30 days"), 90: _("90 days"), 365: _("a year")}


class TokenForm(forms.Form):
    """What a new token is for, and how long it holds."""

    name = forms.CharField(label=_("What for"), max_length=100, widget=forms.TextInput({"autocomplete": "off"}))
    days = forms.TypedChoiceField(label=_("Holds"), coerce=int, choices=list(LIFETIMES.items()), initial=90)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_variables("made")
def show_tokens(request: HttpRequest) -> HttpResponse:
    form, made, now, owner = TokenForm(request.POST or None), None, timezone.now(), get_owner(request)
    if form.is_valid():
        lifetime = timedelta(days=form.cleaned_data["days"])
        try:
            made = make_token(owner, name=form.cleaned_data["name"], lifetime=lifetime, now=now)
            form = TokenForm()
        except TokenLimitError as error:
            form.add_error(None, str(error))
    page: dict[str, Any] = {"form": form, "made": made, "tokens": select_living(owner, now=now)}
    return render(request, "tokens.html", page, status=400 if form.errors else 200)


@login_required
@require_POST
def revoke(request: HttpRequest, key: str) -> HttpResponse:
    if not revoke_token(get_owner(request), key, now=timezone.now()):
        raise Http404
    return redirect("tokens")


def get_owner(request: HttpRequest) -> Any:
    """Get who is logged in; the pages are closed to anybody else."""
    return request.user
