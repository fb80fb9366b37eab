"""What each role may do: the one table that admin and API ask. Whose rows that concerns is told by crmsync.access."""

from collections.abc import Collection, Mapping
from fnmatch import fnmatchcase
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser

from crmsync.access import find_roles
from crmsync.models import Role

# Permissions as Django names them; a star stands for anything. Permissions of new apps are added here.
RIGHTS: Mapping[str, tuple[str, ...]] = {
    Role.ADMINISTRATOR: ("*.*",),
    Role.AUDITOR: ("*.view_*",),
    Role.HEAD: (
        "crmsync.view_employee",
        "crmsync.view_deal",
        "crmsync.view_lead",
        "crmsync.view_activity",
        "kpis.view_dailyfact",
        "targets.*_targetplan",
        "targets.view_seasonalprofile",
    ),
    Role.MANAGER: (),
}
ENTER_ADMIN = frozenset({Role.ADMINISTRATOR, Role.AUDITOR, Role.HEAD})

User = AbstractBaseUser | AnonymousUser


def read_roles(user: User) -> frozenset[str]:
    """Find what a user is, once for each time he is loaded: a page asks for dozens of permissions."""
    kept: Any = user
    if not hasattr(kept, "_found_roles"):
        kept._found_roles = find_roles(user)
    return kept._found_roles


def may(roles: Collection[str], permission: str) -> bool:
    """Say whether any of these roles has a permission."""
    return any(fnmatchcase(permission, right) for role in roles for right in RIGHTS.get(role, ()))


def may_touch(roles: Collection[str], app: str) -> bool:
    """Say whether any of these roles has any permission in an app."""
    return any(fnmatchcase(app, right.partition(".")[0]) for role in roles for right in RIGHTS.get(role, ()))


def may_enter_admin(user: User) -> bool:
    """Say whether a user may enter the admin at all; what he is given by hand does not count."""
    return bool(read_roles(user) & ENTER_ADMIN)
