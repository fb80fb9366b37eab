"""Linking users to the employees they are by an e-mail address that both have and that the user has proved."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from allauth.account.models import EmailAddress
from django.db import transaction
from django.utils.translation import gettext as _

from crmsync.models import Account, Employee, Portal


@dataclass(frozen=True, slots=True)
class Links:
    """Who would be linked to whom, and what a person has to decide, in sentences."""

    pairs: list[tuple[Any, Employee]] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)


def link_accounts(portal: Portal, *, is_dry: bool = False) -> Links:
    """Link users of a portal to its employees with the same address; those that are linked already stay.

    Shape: pairs by the employee's ID. Repeating it does nothing more.
    """
    with transaction.atomic():
        # Two that run at once see each other's links.
        Portal.objects.select_for_update().only("pk").get(pk=portal.pk)
        found = find_links(portal)
        if not is_dry:
            rows = [Account(portal=portal, user=user, employee=employee) for user, employee in found.pairs]
            Account.objects.bulk_create(rows)
    return found


def find_links(portal: Portal) -> Links:
    """Find who has whose address; what is not one user and one employee is a doubt."""
    found = Links()
    staff, users = group_staff(portal), group_users()
    linked = set(Account.objects.filter(portal=portal).values_list("user", flat=True))
    claimed: dict[Any, list[Employee]] = defaultdict(list)
    for email in sorted(staff.keys() & users.keys(), key=lambda each: staff[each][0].external_id):
        if len(staff[email]) > 1 or len(users[email]) > 1:
            found.doubts.append(describe_many(email, staff[email], users[email]))
        else:
            claimed[users[email][0]] += staff[email]
    for user, people in claimed.items():
        if user.pk in linked or len(people) > 1:
            found.doubts.append(describe_taken(user, people))
        else:
            found.pairs.append((user, people[0]))
    return found


def group_staff(portal: Portal) -> dict[str, list[Employee]]:
    """Group the employees whom nobody is yet by their address."""
    staff = Employee.objects.live().filter(portal=portal, is_active=True, account=None).exclude(email="")
    return group((person.email, person) for person in staff.order_by("external_id"))


def group_users() -> dict[str, list[Any]]:
    """Group the users who may log in by each address that they have proved."""
    rows = EmailAddress.objects.filter(verified=True, user__is_active=True).select_related("user").order_by("user")
    return group((row.email, row.user) for row in rows)


def group(pairs: Iterable[tuple[str, Any]]) -> dict[str, list[Any]]:
    """Group by address, which is the same in capital letters."""
    groups: dict[str, list[Any]] = defaultdict(list)
    for email, each in pairs:
        groups[email.strip().casefold()].append(each)
    return groups


def describe_many(email: str, people: list[Employee], users: list[Any]) -> str:
    """Say that an address does not tell who is who."""
    told = {"email": email, "people": ", ".join(map(str, people)), "users": ", ".join(map(str, users))}
    return _("%(email)s is the address of %(people)s and of %(users)s: link them by hand.") % told


def describe_taken(user: Any, people: list[Employee]) -> str:
    """Say that a user would be two employees of one portal."""
    told = {"user": user, "people": ", ".join(map(str, people))}
    return _("%(user)s is another employee already or would be several of %(people)s: link by hand.") % told
