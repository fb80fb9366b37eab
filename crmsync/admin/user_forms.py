"""What may be entered about a user: his role, the employees he is, and whom he sees beside his departments."""

from typing import Any

from django import forms
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crmsync.access import find_roles
from crmsync.models import Account, Role


class RoleField(forms.ChoiceField):
    """One of the roles, or none."""

    def __init__(self) -> None:
        choices = [("", gettext_lazy("none: sees nothing")), *((role.value, role.label) for role in Role)]
        super().__init__(choices=choices, required=False, label=capfirst(gettext_lazy("role")))


class UserForm(UserChangeForm):
    """A user's page; an administrator does not lock himself out of it."""

    role = RoleField()
    viewer: Any = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "role" in self.fields:
            self.fields["role"].initial = next(iter(sorted(find_roles(self.instance))), "")
            if self.instance.is_superuser:
                self.fields["role"].disabled = True
                self.fields["role"].help_text = _("A superuser is an administrator whatever is chosen here.")

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        if self.viewer is not None and self.viewer.pk == self.instance.pk:
            if values.get("role") != Role.ADMINISTRATOR:
                self.add_error("role", _("You cannot give up your own role: ask another administrator."))
            if not values.get("is_active"):
                self.add_error("is_active", _("You cannot close your own account: ask another administrator."))
        return values


class NewUserForm(AdminUserCreationForm):
    """A user who is made by hand instead of being invited."""

    role = RoleField()


class AccountForm(forms.ModelForm):
    """The employee whom a user is; the portal is the employee's."""

    class Meta:
        model = Account
        fields = ("employee",)

    def clean(self) -> None:
        super().clean()
        employee = self.cleaned_data.get("employee")
        if employee:
            self.instance.portal_id = employee.portal_id


class AccountFormSet(forms.BaseInlineFormSet):
    """The employees whom a user is: one of each portal."""

    def clean(self) -> None:
        super().clean()
        kept = [form for form in self.forms if form.cleaned_data.get("employee") and not form.cleaned_data["DELETE"]]
        portals = [form.cleaned_data["employee"].portal_id for form in kept]
        if len(portals) != len(set(portals)):
            raise forms.ValidationError(_("A user is one employee of each portal: remove the others."))
