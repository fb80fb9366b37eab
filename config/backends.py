"""The one authentication backend: allauth checks who it is, the table of rights says what he may do."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.models import Permission

from config.rights import may, may_touch, read_roles


class RoleBackend(AuthenticationBackend):
    """Gives permissions by role alone: rows that grant them to a user or a group are not read."""

    def get_user_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        return set()

    def get_group_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        if obj is not None:
            return set()
        roles = read_roles(user_obj)
        rows = Permission.objects.order_by().values_list("content_type__app_label", "codename")
        return {f"{app}.{name}" for app, name in rows if may(roles, f"{app}.{name}")}

    def get_all_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        return self.get_group_permissions(user_obj, obj)

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        return obj is None and may(read_roles(user_obj), perm)

    def has_module_perms(self, user_obj: Any, app_label: str) -> bool:
        return may_touch(read_roles(user_obj), app_label)
