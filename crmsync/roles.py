"""Giving a user one of the four roles; what a role may do is told in code, not by rows."""

from typing import Any

from django.contrib.auth.models import Group

from crmsync.models import Role


def give_role(user: Any, role: str) -> None:
    """Give a user this role instead of the one he has. Empty: an empty text takes it away."""
    user.groups.remove(*Group.objects.filter(name__in=Role.values))
    if role:
        user.groups.add(Group.objects.get_or_create(name=role)[0])
