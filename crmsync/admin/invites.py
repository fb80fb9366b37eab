"""The admin of invitations: the action that sends them from the list of employees, and their own list."""

from smtplib import SMTPException
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crmsync.admin.columns import moment
from crmsync.admin.readonly import ReadOnlyAdmin
from crmsync.admin.seen import SeenAdmin
from crmsync.invites import InviteError, Terms, create_invite, revoke_invites
from crmsync.models import Employee, Invite, Role

TEMPLATE = "admin/crmsync/employee/invite.html"


class InviteForm(forms.Form):
    """What holds for all who are invited at once."""

    role = forms.ChoiceField(label=capfirst(gettext_lazy("role")), choices=Role.choices, initial=Role.MANAGER.value)
    language = forms.ChoiceField(
        label=capfirst(gettext_lazy("language of the letter")),
        choices=settings.LANGUAGES,
        initial=settings.LANGUAGE_CODE,
    )


class Inviting(SeenAdmin):
    """An action on a list of employees: asks for the role, then sends the letters."""

    def has_invite_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("crmsync.add_invite")

    @admin.action(description=gettext_lazy("Invite to the site by e-mail"), permissions=["invite"])
    def invite(self, request: HttpRequest, queryset: QuerySet[Employee]) -> HttpResponse | None:
        form = InviteForm(request.POST if "apply" in request.POST else None)
        if form.is_valid():
            for employee in queryset:
                self.invite_one(request, employee, form.cleaned_data)
            return None
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Invite to the site by e-mail"),
            "form": form,
            "people": queryset,
        }
        return TemplateResponse(request, TEMPLATE, context)

    def invite_one(self, request: HttpRequest, employee: Employee, chosen: dict[str, Any]) -> None:
        """Invite one employee, and tell and log what came of it."""
        told = {"employee": employee, "email": employee.email}
        try:
            create_invite(
                employee,
                terms=Terms(employee.email.strip(), chosen["role"], chosen["language"]),
                invited_by=request.user,
                now=timezone.now(),
                link=lambda token: request.build_absolute_uri(reverse("invite", args=[token])),
            )
        except InviteError as error:
            self.message_user(request, str(error), messages.ERROR)
        except (OSError, SMTPException):
            text = _("The letter to %(email)s could not be sent: look at the EMAIL_ settings, then invite again.")
            self.message_user(request, text % told, messages.ERROR)
        else:
            self.log_change(request, employee, _("Invited as %(role)s.") % {"role": Role(chosen["role"]).label})
            self.message_user(request, _("%(employee)s is invited: %(email)s.") % told, messages.SUCCESS)


@admin.register(Invite)
class InviteAdmin(ReadOnlyAdmin):
    list_display = ("employee", "email", "role", "state", "invited", "invited_by", "until")
    list_filter = ("role",)
    list_select_related = ("employee", "invited_by")
    ordering = ("-invited_at", "-pk")
    actions = ("revoke",)
    fields = ("employee", "email", "role", "language", "state", ("invited_at", "invited_by"), "expires_at")
    invited = moment("invited_at", gettext_lazy("invited at"))
    until = moment("expires_at", gettext_lazy("valid until"))

    def has_revoke_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("crmsync.change_invite")

    @admin.display(description=gettext_lazy("state"))
    def state(self, invite: Invite) -> str:
        if invite.accepted_at:
            return _("accepted")
        if invite.revoked_at:
            return _("revoked or replaced")
        return _("expired") if invite.expires_at <= timezone.now() else _("waits for an answer")

    @admin.action(description=gettext_lazy("Revoke"), permissions=["revoke"])
    def revoke(self, request: HttpRequest, queryset: QuerySet[Invite]) -> None:
        count = revoke_invites(queryset, now=timezone.now())
        self.message_user(request, _("Invitations revoked: %(count)d.") % {"count": count}, messages.SUCCESS)
