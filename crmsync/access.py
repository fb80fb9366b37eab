"""Who sees whose rows, in one place: admin, pages, API and exports all ask here.

Administrators and auditors see everything, a head the departments that he heads in the portal and those below, with
what was given to him explicitly, a manager himself. What one may not see is absent: nothing tells the difference.
"""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db.models import Q, QuerySet

from crmsync.departments import list_below, list_members
from crmsync.models import Account, Department, Oversight, Role

EVERYTHING = frozenset({Role.ADMINISTRATOR, Role.AUDITOR})
User = AbstractBaseUser | AnonymousUser


@dataclass(frozen=True, slots=True)
class Sight:
    """Whose rows a user sees: everybody's, or those of these employees, by primary key."""

    everything: bool = False
    employees: frozenset[int] = frozenset()

    def sees(self, employee: int | None) -> bool:
        """Say whether the rows of an employee are seen; those of nobody only with everything."""
        return self.everything or employee in self.employees


def find_roles(user: User) -> frozenset[str]:
    """Find what a user is. Empty: nothing for who is not logged in, or not active any more."""
    if not user.is_active or not isinstance(user, AbstractBaseUser):
        return frozenset()
    own: Any = user
    if own.is_superuser:
        return frozenset({Role.ADMINISTRATOR})
    return frozenset(own.groups.values_list("name", flat=True)) & frozenset(Role.values)


def find_sight(user: User) -> Sight:
    """Find whose rows a user sees."""
    roles = find_roles(user)
    if roles & EVERYTHING:
        return Sight(everything=True)
    if not roles:
        return Sight()
    accounts = list(Account.objects.filter(user=user.pk).select_related("employee"))
    mine = {account.employee_id for account in accounts}
    return Sight(employees=frozenset(mine | find_team(user, accounts) if Role.HEAD in roles else mine))


def find_team(user: User, accounts: list[Account]) -> set[int]:
    """Find the employees below a head, and those that were given to him explicitly, by primary key."""
    given = list(Oversight.objects.filter(user=user.pk).select_related("department"))
    heads: dict[int, list[Department]] = defaultdict(list)
    for account in accounts:
        heads[account.portal_id] += Department.objects.live().filter(
            portal=account.portal_id, head_external_id=account.employee.external_id
        )
    for each in given:
        if each.department:
            heads[each.department.portal_id].append(each.department)
    below = [key for portal, roots in heads.items() for key in list_below(roots, portal=portal)]
    return {each.employee_id for each in given if each.employee_id} | set(list_members(below))


def visible_to(user: "User | Sight", rows: "QuerySet[Any]") -> "QuerySet[Any]":
    """Keep the rows that a user sees: those of his employees by any of the columns that the model names.

    Raises: TypeError for a model that does not name by whom its rows are seen.
    """
    columns = getattr(rows.model, "seen_by", None)
    if columns is None:
        raise TypeError(f"{rows.model.__name__} does not say by whom its rows are seen: give it seen_by")
    sight = user if isinstance(user, Sight) else find_sight(user)
    if sight.everything:
        return rows
    seen = Q()
    for column in columns:
        seen |= Q(**{f"{column}__in": sight.employees})
    return rows.filter(seen)
