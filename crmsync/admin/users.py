"""The admin of users: what they are, which employees they are, and whom heads see beside their departments."""

from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crmsync.access import find_roles
from crmsync.admin.columns import moment
from crmsync.admin.references import NOTHING
from crmsync.admin.user_forms import AccountForm, AccountFormSet, NewUserForm, UserForm
from crmsync.models import Account, Oversight, Role
from crmsync.roles import give_role


class RoleFilter(admin.SimpleListFilter):
    """Narrows the list to users of one role, or of none."""

    title = gettext_lazy("role")
    parameter_name = "role"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, Any]]:
        return [*Role.choices, ("none", gettext_lazy("none"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() == "none":
            return queryset.exclude(groups__name__in=Role.values).exclude(is_superuser=True)
        return queryset.filter(groups__name=self.value()) if self.value() in Role.values else queryset


class AccountInline(admin.TabularInline):
    model = Account
    form, formset = AccountForm, AccountFormSet
    autocomplete_fields = ("employee",)
    extra = 0
    verbose_name_plural = gettext_lazy("is this employee")


class OversightInline(admin.TabularInline):
    model = Oversight
    fields = ("department", "employee")
    autocomplete_fields = ("department", "employee")
    extra = 0
    verbose_name_plural = gettext_lazy("sees beside the departments that he heads")


@admin.register(User)
class AccountsAdmin(UserAdmin):
    form, add_form = UserForm, NewUserForm
    actions = ("drop_factors",)
    list_display = ("username", "full_name", "email", "role", "people", "is_active", "seen")
    list_filter = (RoleFilter, "is_active")
    list_select_related = False
    show_facets = admin.ShowFacets.NEVER
    readonly_fields = ("addresses", "factors", "last_login", "date_joined")
    filter_horizontal = ()
    fieldsets = (
        (None, {"fields": ("username", "password", ("first_name", "last_name"), ("email", "addresses"))}),
        (gettext_lazy("Rights"), {"fields": ("role", "is_active", "factors")}),
        (gettext_lazy("Important dates"), {"fields": (("last_login", "date_joined"),)}),
    )
    names = ("username", ("first_name", "last_name"), "email", "role")
    add_fieldsets = ((None, {"fields": (*names, "usable_password", "password1", "password2")}),)
    seen = moment("last_login", gettext_lazy("last log-in"))

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        return super().get_queryset(request).prefetch_related("groups", "accounts__employee", "emailaddress_set")

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form: Any = super().get_form(request, obj, change=change, **kwargs)
        form.viewer = request.user
        return form

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        shown = super().get_fieldsets(request, obj)
        if obj is None or self.has_change_permission(request, obj):
            return shown
        (title, options), *rest = shown
        return [(title, {"fields": [name for name in options["fields"] if name != "password"]}), *rest]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        own = super().get_readonly_fields(request, obj)
        return own if obj is None or self.has_change_permission(request, obj) else (*own, "role")

    def get_inlines(self, request: HttpRequest, obj: Any) -> list[Any]:
        if obj is None:
            return []
        return [AccountInline, OversightInline] if Role.HEAD in find_roles(obj) else [AccountInline]

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if "role" in form.cleaned_data and not obj.is_superuser:
            give_role(obj, form.cleaned_data["role"])

    @admin.display(description=gettext_lazy("name"), ordering="last_name")
    def full_name(self, user: User) -> str:
        return user.get_full_name() or NOTHING

    @admin.display(description=gettext_lazy("role"))
    def role(self, user: User) -> str:
        known = Role.values if not user.is_superuser else [Role.ADMINISTRATOR]
        own = {Role.ADMINISTRATOR.value} if user.is_superuser else {group.name for group in user.groups.all()}
        return ", ".join(str(Role(name).label) for name in known if name in own) or NOTHING

    @admin.display(description=gettext_lazy("employee"))
    def people(self, user: Any) -> str:
        return ", ".join(str(account.employee) for account in user.accounts.all()) or NOTHING

    @admin.display(description=gettext_lazy("proven addresses"))
    def addresses(self, user: Any) -> str:
        return ", ".join(row.email for row in user.emailaddress_set.all() if row.verified) or NOTHING

    @admin.display(description=gettext_lazy("second factors"))
    def factors(self, user: User) -> str:
        kinds = Authenticator.objects.filter(user=user).order_by("type").values_list("type", flat=True).distinct()
        return ", ".join(str(Authenticator.Type(kind).label) for kind in kinds) or NOTHING

    @admin.action(description=gettext_lazy("Remove second factors of who has lost them"), permissions=["change"])
    def drop_factors(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        count, _each = Authenticator.objects.filter(user__in=queryset).delete()
        for user in queryset:
            self.log_change(request, user, _("Second factors removed."))
        self.message_user(request, _("Second factors removed: %(count)d.") % {"count": count}, messages.SUCCESS)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        context = {"title": capfirst(str(self.opts.verbose_name_plural)), **(extra_context or {})}
        return super().changelist_view(request, context)
