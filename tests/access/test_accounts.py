"""Users in the admin: roles, employees, gifts, invitations and links, as an administrator handles them."""

from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.auth.models import User
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.test import Client

from crmsync.access import find_roles, find_sight
from crmsync.models import Account, Department, Employee, Invite, Oversight, Portal, Role
from tests.access.people import PASSWORD, browse, enter
from tests.conftest import Cast, hire

USERS, EMPLOYEES = "/admin/auth/user/", "/admin/crmsync/employee/"


@pytest.fixture
def olga(db: None) -> User:
    return enter("olga", Role.ADMINISTRATOR)


@pytest.fixture
def admin(olga: User) -> Client:
    return browse(olga)


def send(
    browser: Client, user: User, accounts: list[Employee], seen: list[dict[str, Any]] | None = None, **more: Any
) -> Any:
    """Save a user's page as the browser sends it."""
    form: dict[str, Any] = {"username": user.username, "email": user.email, "is_active": "on", "role": ""} | more
    form |= {"accounts-TOTAL_FORMS": len(accounts), "accounts-INITIAL_FORMS": 0}
    for place, person in enumerate(accounts):
        form |= {f"accounts-{place}-employee": person.pk, f"accounts-{place}-user": user.pk}
    if seen is not None:
        form |= {"oversights-TOTAL_FORMS": len(seen), "oversights-INITIAL_FORMS": 0}
        for place, row in enumerate(seen):
            form |= {f"oversights-{place}-{name}": value for name, value in row.items()}
    return browser.post(f"{USERS}{user.pk}/change/", form)


def test_role_and_employee_are_given_on_the_users_page(admin: Client, cast: Cast) -> None:
    bob = enter("bob")
    assert send(admin, bob, [cast.bob], role=Role.MANAGER).status_code == 302
    assert find_roles(bob) == {Role.MANAGER}
    assert find_sight(bob).employees == {cast.bob.pk}
    page = admin.get(USERS).content.decode()
    assert "Петров Борис" in page
    assert "manager" in page


def test_heads_gifts_are_edited_below(admin: Client, cast: Cast) -> None:
    carol = enter("carol", Role.HEAD, cast.carol)
    service = Department.objects.get(name="Сервис")
    assert "oversights-TOTAL_FORMS" in admin.get(f"{USERS}{carol.pk}/change/").content.decode()
    send(admin, carol, [], [{"department": service.pk}], role=Role.HEAD)
    assert Oversight.objects.get().department == service
    both = send(admin, carol, [], [{"department": service.pk, "employee": cast.bob.pk}], role=Role.HEAD)
    assert "Choose a department or an employee, not both." in both.content.decode()


def test_user_is_one_employee_of_a_portal(admin: Client, cast: Cast) -> None:
    page = send(admin, enter("bob"), [cast.bob, cast.carol]).content.decode()
    assert "A user is one employee of each portal: remove the others." in page
    enter("carol", Role.MANAGER, cast.carol)
    assert send(admin, enter("eve"), [cast.carol]).status_code == 200
    assert Account.objects.count() == 1


def test_administrator_does_not_lock_himself_out(admin: Client, olga: User) -> None:
    page = send(admin, olga, [], role=Role.HEAD).content.decode()
    assert "You cannot give up your own role: ask another administrator." in page
    assert find_roles(olga) == {Role.ADMINISTRATOR}


def test_user_is_made_by_hand(admin: Client) -> None:
    form = {"username": "eve", "email": "eve@romashka.example", "role": Role.AUDITOR, "usable_password": "true"}
    assert admin.post(f"{USERS}add/", form | {"password1": PASSWORD, "password2": PASSWORD}).status_code == 302
    assert find_roles(User.objects.get(username="eve")) == {Role.AUDITOR}


def test_auditor_reads_users_without_their_passwords(cast: Cast) -> None:
    bob = enter("bob", Role.MANAGER, cast.bob)
    auditor = browse(enter("lev", Role.AUDITOR))
    page = auditor.get(f"{USERS}{bob.pk}/change/").content.decode()
    assert "Петров Борис" in page
    assert bob.password not in page
    assert "md5" not in page
    assert send(auditor, bob, [], role=Role.ADMINISTRATOR).status_code == 403


def test_lost_second_factor_is_removed(admin: Client) -> None:
    bob = enter("bob", Role.MANAGER)
    TOTP.activate(bob, generate_totp_secret())
    admin.post(USERS, {"action": "drop_factors", "_selected_action": [bob.pk]})
    assert browse().post("/accounts/login/", {"login": "bob", "password": PASSWORD}).headers["Location"] == "/"


def invite(browser: Client, *people: Employee, **chosen: str) -> str:
    form = {"action": "invite", "_selected_action": [person.pk for person in people]}
    if not chosen:
        return browser.post(EMPLOYEES, form).content.decode()
    return browser.post(EMPLOYEES, form | {"apply": "1"} | chosen, follow=True).content.decode()


@pytest.mark.django_db(transaction=True)
def test_employees_are_invited_from_their_list(cast: Cast) -> None:
    admin = browse(enter("olga", Role.ADMINISTRATOR))
    Employee.objects.filter(pk=cast.bob.pk).update(email="bob@romashka.example")
    assert "bob@romashka.example" in invite(admin, cast.bob, cast.carol)
    assert mail.outbox == []
    page = invite(admin, cast.bob, cast.carol, role=Role.MANAGER, language="en")
    assert "is invited: bob@romashka.example" in page
    assert "Ким Карина has no e-mail address in the portal" in page
    [letter] = mail.outbox
    assert "http://testserver/accounts/invite/" in str(letter.body)
    assert "invited until" in page


@pytest.mark.django_db(transaction=True)
def test_letter_that_cannot_be_sent_is_told(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any) -> None:
        raise ConnectionRefusedError

    admin = browse(enter("olga", Role.ADMINISTRATOR))
    monkeypatch.setattr(EmailBackend, "send_messages", refuse)
    Employee.objects.filter(pk=cast.bob.pk).update(email="bob@romashka.example")
    page = invite(admin, cast.bob, role=Role.MANAGER, language="ru")
    assert "could not be sent: look at the EMAIL_ settings" in page


@pytest.mark.django_db(transaction=True)
def test_invitation_is_revoked_from_its_list(cast: Cast) -> None:
    admin = browse(enter("olga", Role.ADMINISTRATOR))
    Employee.objects.filter(pk=cast.bob.pk).update(email="bob@romashka.example")
    invite(admin, cast.bob, role=Role.MANAGER, language="ru")
    found = Invite.objects.get()
    assert found.token_hash not in admin.get(f"/admin/crmsync/invite/{found.pk}/change/").content.decode()
    admin.post("/admin/crmsync/invite/", {"action": "revoke", "_selected_action": [found.pk]})
    assert not Invite.objects.pending().exists()


def test_nobody_but_administrators_invites(cast: Cast) -> None:
    for role in (Role.HEAD, Role.AUDITOR):
        browser = browse(enter(role, role, cast.alice if role == Role.HEAD else None))
        assert "Invite to the site" not in browser.get(EMPLOYEES).content.decode()
        invite(browser, cast.bob, role=Role.ADMINISTRATOR, language="ru")
    assert not Invite.objects.exists()


def test_employee_is_chosen_by_name_from_any_portal(admin: Client, cast: Cast) -> None:
    other = Portal.objects.create(name="Лютик", origin="https://lutik.example", webhook_url="https://lutik.example/")
    hire(other, 9, "Нина", "Чужая", Department.objects.create(portal=other, external_id=1, name="Опт"))
    asked = {"app_label": "crmsync", "model_name": "account", "field_name": "employee", "term": "чужая"}
    assert [row["text"] for row in admin.get("/admin/autocomplete/", asked).json()["results"]] == ["Чужая Нина"]
    head = browse(enter("alice", Role.HEAD, cast.alice))
    found = head.get("/admin/autocomplete/", asked | {"term": "о"}).json()["results"]
    assert {row["text"] for row in found} <= {"Волкова Алиса", "Петров Борис", "Ким Карина"}
