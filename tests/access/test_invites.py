"""Invitations from the letter to the first page: once, for a week, and nothing is told to who has a wrong link."""

import hashlib
import re
from datetime import timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.models import User
from django.core import mail
from django.db import IntegrityError
from django.utils import timezone

from crmsync import invites
from crmsync.access import Sight, find_roles, find_sight
from crmsync.invites import InviteError, Terms, create_invite, revoke_invites
from crmsync.models import Account, Employee, Invite, Role
from tests.access.people import PASSWORD, browse, enter
from tests.conftest import Cast

pytestmark = pytest.mark.django_db(transaction=True)
FORM = {"username": "bob", "first_name": "Борис", "last_name": "Петров", "password1": PASSWORD, "password2": PASSWORD}


def invite(
    employee: Employee, *, role: str = Role.MANAGER, language: str = "ru", email: str = "bob@romashka.example"
) -> str:
    """Invite an employee and return the path of the link, as the letter has it."""
    terms = Terms(email, role, language)
    create_invite(
        employee,
        terms=terms,
        invited_by=None,
        now=timezone.now(),
        link=lambda token: f"http://testserver/accounts/invite/{token}/",
    )
    return re.findall(r"http://testserver(\S+)", str(mail.outbox[-1].body))[0]


def test_invited_employee_opens_his_account(cast: Cast) -> None:
    browser, link = browse(), invite(cast.bob)
    page = browser.get(link).content.decode()
    assert 'value="Борис"' in page
    assert "bob@romashka.example" in page
    answer = browser.post(link, FORM)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")
    user = User.objects.get()
    assert find_roles(user) == {Role.MANAGER}
    assert find_sight(user) == Sight(employees=frozenset({cast.bob.pk}))
    assert EmailAddress.objects.get(user=user).verified
    assert browser.get("/").status_code == 200


@pytest.mark.parametrize(("language", "subject"), [("ru", "Ваш доступ к Итогам"), ("en", "Your access to Itogi")])
def test_letter_speaks_the_chosen_language_in_both_forms(cast: Cast, language: str, subject: str) -> None:
    invite(cast.bob, language=language)
    letter: Any = mail.outbox[0]
    html, kind = letter.alternatives[0]
    assert kind == "text/html"
    assert letter.subject in (subject, "Your access to Itogi")
    assert f'lang="{language}"' in html
    assert letter.to == ["bob@romashka.example"]


def test_token_is_long_and_kept_nowhere(cast: Cast) -> None:
    token = invite(cast.bob).rstrip("/").rsplit("/", 1)[-1]
    assert len(token) >= 43
    assert Invite.objects.get().token_hash == hashlib.sha256(token.encode()).hexdigest()


def test_second_invitation_takes_the_place_of_the_first(cast: Cast) -> None:
    first, second = invite(cast.bob), invite(cast.bob)
    assert [browse().get(link).status_code for link in (first, second)] == [404, 200]
    assert Invite.objects.pending().count() == 1


def spoil(cast: Cast, how: str) -> str:
    """Make a link that does not work."""
    link = invite(cast.bob)
    if how == "used":
        browse().post(link, FORM)
    elif how == "expired":
        Invite.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    elif how == "revoked":
        revoke_invites(Invite.objects.all(), now=timezone.now())
    elif how == "linked":
        enter("other", Role.MANAGER, cast.bob)
    return "/accounts/invite/wrong/" if how == "wrong" else link


@pytest.mark.parametrize("how", ["used", "expired", "revoked", "wrong"])
def test_link_that_does_not_work_tells_nothing(cast: Cast, how: str) -> None:
    link, wrong = spoil(cast, how), "/accounts/invite/unknown/"
    for method in ("get", "post"):
        answers = [getattr(browse(), method)(url, FORM) for url in (link, wrong)]
        bodies = [re.sub(r"/invite/[^/]+/|value=\"\w{64}\"", "", answer.content.decode()) for answer in answers]
        assert [answer.status_code for answer in answers] == [404, 404]
        assert bodies[0] == bodies[1]


def test_employee_who_was_linked_meanwhile_is_not_invited_in(cast: Cast) -> None:
    link = spoil(cast, "linked")
    assert browse().post(link, FORM).status_code == 404
    assert User.objects.count() == 1
    assert Invite.objects.pending().exists()


def test_taken_name_and_weak_password_are_told(cast: Cast) -> None:
    link = invite(cast.bob)
    enter("bob")
    User.objects.filter(username="bob").update(email="")
    page = browse().post(link, FORM | {"password1": "1", "password2": "1"}).content.decode()
    assert page.count('role="alert"') >= 2
    assert Invite.objects.pending().exists()


@pytest.mark.parametrize(
    ("email", "sentence"),
    [
        ("", "no e-mail address in the portal"),
        ("not an address", "no e-mail address in the portal"),
        ("DAVE@romashka.example", "an account with the address"),
    ],
)
def test_invitation_that_makes_no_sense_is_refused(cast: Cast, english: None, email: str, sentence: str) -> None:
    enter("dave", Role.MANAGER, cast.dave)
    with pytest.raises(InviteError, match=sentence):
        invite(cast.bob, email=email)
    with pytest.raises(InviteError, match="has an account already"):
        invite(cast.dave, email="other@romashka.example")
    assert not Invite.objects.exists()
    assert mail.outbox == []


def test_letter_waits_for_the_commit(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(invites, "check_terms", lambda *_: None)
    enter("taken", Role.MANAGER)
    Invite.objects.create(
        employee=cast.bob, email="x@x.example", token_hash="same", expires_at=timezone.now() + timedelta(days=1)
    )
    monkeypatch.setattr(invites, "hash_token", lambda _token: "same")
    with pytest.raises(IntegrityError):
        invite(cast.bob)
    assert mail.outbox == []
    assert Invite.objects.pending().count() == 1


def test_link_is_cut_out_of_the_log(
    cast: Cast, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    browse().get("/accounts/invite/secret-token-of-somebody/")
    assert "secret-token-of-somebody" not in capfd.readouterr().err


def test_account_is_linked_to_the_portal_of_its_employee(cast: Cast) -> None:
    browse().post(invite(cast.bob, role=Role.HEAD), FORM)
    assert Account.objects.get().portal == cast.bob.portal
