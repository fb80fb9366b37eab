"""The page behind an invitation's link: the invited person chooses a name and a password, and is let in."""

from typing import Any

from django import forms
from django.contrib.auth import login
from django.contrib.auth.forms import UserCreationForm
from django.contrib.auth.models import User
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.generic import View

from crmsync.invites import InviteClosedError, NewUser, accept_invite, find_invite
from crmsync.models import Invite

BACKEND = "config.backends.RoleBackend"


class NewUserForm(UserCreationForm):
    """A user name and a password; the address is the invitation's."""

    class Meta:
        model = User
        fields = ("first_name", "last_name", "username")

    def read_person(self) -> NewUser:
        """Read what was chosen."""
        given = self.cleaned_data
        return NewUser(given["username"], given["password1"], given["first_name"], given["last_name"])


@method_decorator([sensitive_post_parameters(), never_cache], name="dispatch")
class InvitePage(View):
    """Links that are wrong, expired, revoked or used get one and the same answer."""

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        try:
            return super().dispatch(request, *args, **kwargs)
        except InviteClosedError:
            return render(request, "account/invite_closed.html", status=404)

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        invite = find_invite(token, now=timezone.now())
        person = invite.employee
        initial = {
            "first_name": person.first_name,
            "last_name": person.last_name,
            "username": invite.email.partition("@")[0],
        }
        return self.show(request, NewUserForm(initial=initial), invite)

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        now = timezone.now()
        invite = find_invite(token, now=now)
        form = NewUserForm(request.POST, instance=User(email=invite.email))
        if not form.is_valid():
            return self.show(request, form, invite)
        try:
            user = accept_invite(token, person=form.read_person(), now=now)
        except IntegrityError:
            form.add_error("username", _("Somebody has just taken this name: choose another."))
            return self.show(request, form, invite)
        login(request, user, backend=BACKEND)
        return redirect("home")

    def show(self, request: HttpRequest, form: forms.BaseForm, invite: Invite) -> HttpResponse:
        return render(request, "account/invite.html", {"form": form, "invite": invite})
