"""Users are linked to employees by addresses that they have proved; what is ambiguous is told and left alone."""

from io import StringIO

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command

from crmsync.models import Account, Employee, Portal, Role
from tests.access.people import enter
from tests.conftest import Cast


def give_address(name: str, email: str, *, verified: bool = True) -> User:
    user = enter(name, Role.MANAGER)
    EmailAddress.objects.create(user=user, email=email, verified=verified)
    return user


def link(portal: Portal, *options: str) -> tuple[str, str]:
    out, err = StringIO(), StringIO()
    call_command("link_accounts", "--portal", str(portal.pk), *options, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def test_same_proven_address_links(portal: Portal, cast: Cast, english: None) -> None:
    for person, email in ((cast.bob, "Bob@Romashka.example"), (cast.dave, "dave@romashka.example")):
        Employee.objects.filter(pk=person.pk).update(email=email)
    bob = give_address("bob", "bob@romashka.example")
    give_address("dave", "dave@romashka.example", verified=False)
    told = "bob ▸ Петров Борис <Bob@Romashka.example>\n"
    assert link(portal, "--dry-run") == (f"{told}Would be linked: 1.\n", "")
    assert not Account.objects.exists()
    assert link(portal) == (f"{told}Linked: 1.\n", "")
    assert Account.objects.get().employee == bob.accounts.get().employee == cast.bob
    assert link(portal) == ("Linked: 0.\n", "")


def test_ambiguous_address_is_left_to_a_person(portal: Portal, cast: Cast, english: None) -> None:
    Employee.objects.filter(pk__in=(cast.bob.pk, cast.carol.pk)).update(email="sales@romashka.example")
    Employee.objects.filter(pk=cast.dave.pk).update(email="dave@romashka.example")
    give_address("sales", "sales@romashka.example")
    EmailAddress.objects.create(
        user=enter("alice", Role.HEAD, cast.alice), email="dave@romashka.example", verified=True
    )
    out, doubts = link(portal)
    assert out == "Linked: 0.\n"
    assert (
        "sales@romashka.example is the address of Петров Борис, Ким Карина and of sales: link them by hand." in doubts
    )
    assert "alice is another employee already" in doubts


def test_unknown_portal_is_told(db: None, english: None) -> None:
    with pytest.raises(CommandError, match="There is no portal 7"):
        call_command("link_accounts", "--portal", "7")
