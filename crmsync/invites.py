"""Invitations: an employee becomes a user of the site by a link that works once. The rules: docs/adr/0010-rights.md."""

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from crmsync.letters import send_invite
from crmsync.models import Account, Employee, Invite
from crmsync.roles import give_role

VALID = timedelta(days=7)
TOKEN_BYTES = 32


class InviteError(ValueError):
    """An invitation that cannot be made; the text is a translated sentence that says what to do."""


class InviteClosedError(Exception):
    """A link that is wrong, expired, revoked or used; which of these, nobody is told."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What an invitation says: to which address, in which role, in which language."""

    email: str
    role: str
    language: str


@dataclass(frozen=True, slots=True)
class NewUser:
    """What the invited person chooses."""

    username: str
    password: str
    first_name: str = ""
    last_name: str = ""


def create_invite(
    employee: Employee, *, terms: Terms, invited_by: Any, now: datetime, link: Callable[[str], str]
) -> Invite:
    """Invite an employee, instead of any invitation that waits, and send the letter on commit.

    `link` makes the address out of the token, which is kept nowhere. Raises: InviteError.
    """
    token = secrets.token_urlsafe(TOKEN_BYTES)
    with transaction.atomic():
        # Two administrators who invite one employee do so one after the other.
        Employee.objects.select_for_update().get(pk=employee.pk)
        check_terms(employee, terms)
        Invite.objects.pending().filter(employee=employee).update(revoked_at=now)
        invite = Invite.objects.create(
            employee=employee,
            email=terms.email,
            role=terms.role,
            language=terms.language,
            token_hash=hash_token(token),
            invited_by=invited_by,
            expires_at=now + VALID,
        )
        transaction.on_commit(partial(send_invite, invite, address=link(token)))
    return invite


def check_terms(employee: Employee, terms: Terms) -> None:
    """Refuse whom it makes no sense to invite. Raises: InviteError."""
    told = {"employee": employee, "email": terms.email}
    try:
        validate_email(terms.email)
    except ValidationError as error:
        text = _("%(employee)s has no e-mail address in the portal: enter one there, or make an account by hand.")
        raise InviteError(text % told) from error
    if has_account(employee):
        raise InviteError(_("%(employee)s has an account already.") % told)
    if is_taken(terms.email):
        text = _("There is an account with the address %(email)s already: link it to %(employee)s instead.")
        raise InviteError(text % told)


def is_taken(email: str) -> bool:
    """Say whether a user has this address."""
    users = get_user_model()._default_manager.filter(email__iexact=email)
    return users.exists() or EmailAddress.objects.filter(email__iexact=email, verified=True).exists()


def has_account(employee: Employee) -> bool:
    """Say whether an employee is a user already."""
    return Account.objects.filter(employee=employee).exists()


def find_invite(token: str, *, now: datetime) -> Invite:
    """Find the invitation that a link stands for. Raises: InviteClosedError."""
    found = Invite.objects.open(now).filter(token_hash=hash_token(token)).select_related("employee").first()
    if found is None:
        raise InviteClosedError
    return found


def accept_invite(token: str, *, person: NewUser, now: datetime) -> Any:
    """Make the user of an invitation, with his role, his employee and a proven address; it works once.

    Raises: InviteClosedError; IntegrityError for a user name that somebody takes in the same moment.
    """
    invite = find_invite(token, now=now)
    with transaction.atomic():
        if not claim_invite(invite, now=now):
            raise InviteClosedError
        if is_taken(invite.email) or has_account(invite.employee):
            raise InviteClosedError
        return add_user(invite, person)


def claim_invite(invite: Invite, *, now: datetime) -> bool:
    """Take an invitation for oneself: of several who try at once, one succeeds."""
    return bool(Invite.objects.open(now).filter(pk=invite.pk).update(accepted_at=now))


def add_user(invite: Invite, person: NewUser) -> Any:
    """Add the user of an invitation: the letter has proved the address."""
    manager: Any = get_user_model()._default_manager
    names = {"first_name": person.first_name, "last_name": person.last_name}
    user = manager.create_user(person.username, invite.email, person.password, **names)
    EmailAddress.objects.create(user=user, email=invite.email, verified=True, primary=True)
    give_role(user, invite.role)
    Account.objects.create(portal_id=invite.employee.portal_id, user=user, employee=invite.employee)
    return user


def revoke_invites(invites: "QuerySet[Invite]", *, now: datetime) -> int:
    """Revoke those that wait for an answer; returns how many they were."""
    return invites.filter(accepted_at=None, revoked_at=None).update(revoked_at=now)


def hash_token(token: str) -> str:
    """Hash a token: it is random enough to need neither salt nor a slow hash."""
    return hashlib.sha256(token.encode()).hexdigest()
