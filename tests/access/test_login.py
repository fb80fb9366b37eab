"""Logging in as a person does it: by name or address, with a second factor, and what is refused with which sentence."""

import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.contrib.auth.models import User
from django.core import mail
from django.test import Client
from django.utils import timezone

from crmsync.models import Role
from tests.access.people import PASSWORD, browse, enter

LOGIN = "/accounts/login/"


@pytest.fixture
def alice(db: None) -> User:
    return enter("alice", Role.HEAD)


def log_in(browser: Client, login: str = "alice", password: str = PASSWORD, **more: str) -> str:
    response = browser.post(LOGIN, {"login": login, "password": password, **more})
    return response.headers.get("Location", "") or response.content.decode()


@pytest.mark.parametrize("login", ["alice", "alice@romashka.example", "ALICE@romashka.example"])
def test_name_and_address_both_open_the_site(alice: User, login: str) -> None:
    assert log_in(browse(), login) == "/"


def test_asked_page_follows_the_log_in(alice: User) -> None:
    browser = browse()
    first = browser.get("/admin/crmsync/deal/?q=1", follow=True)
    assert first.redirect_chain[-1][0] == "/accounts/login/?next=/admin/crmsync/deal/%3Fq%3D1"
    assert log_in(browser, next="/admin/crmsync/deal/?q=1") == "/admin/crmsync/deal/?q=1"


def test_address_of_another_site_is_not_followed(alice: User) -> None:
    assert log_in(browse(), next="https://evil.example/") == "/"


def test_sixth_wrong_try_is_refused_with_one_sentence_and_so_is_the_right_one(alice: User) -> None:
    browser = browse()
    for _ in range(5):
        assert "not correct" in log_in(browser, password="wrong")
    for password in ("wrong", PASSWORD):
        page = log_in(browser, password=password)
        assert "Too many failed login attempts. Try again later." in page
        assert page.count('role="alert"') == 1


def test_tries_at_one_account_do_not_lock_another(alice: User) -> None:
    enter("bob", Role.MANAGER)
    browser = browse()
    for _ in range(6):
        log_in(browser, password="wrong")
    assert log_in(browser, "bob") == "/"


def test_thirty_first_log_in_of_a_minute_from_one_address_is_refused(alice: User) -> None:
    answers = [browse().post(LOGIN, {"login": f"nobody{n}", "password": "x"}) for n in range(31)]
    assert [answer.status_code for answer in answers].count(429) >= 1
    assert "There were too many attempts: wait some minutes and try again." in answers[-1].content.decode()


def test_user_who_left_is_not_let_in(alice: User) -> None:
    User.objects.update(is_active=False)
    assert log_in(browse()) == "/accounts/inactive/"


def test_nobody_signs_up(db: None) -> None:
    form = {"email": "eve@evil.example", "username": "eve", "password1": PASSWORD, "password2": PASSWORD}
    page = browse().post("/accounts/signup/", form).content.decode()
    assert "sign up is currently closed" in page
    assert not User.objects.exists()


def test_password_is_reset_by_letter(alice: User) -> None:
    browser = browse()
    browser.post("/accounts/password/reset/", {"email": "alice@romashka.example"})
    [letter] = mail.outbox
    [link] = re.findall(r"http://testserver(\S+/key/\S+)", str(letter.body))
    page = browser.get(link, follow=True).redirect_chain[-1][0]
    browser.post(page, {"password1": "another horse battery", "password2": "another horse battery"})
    assert log_in(browse(), password="another horse battery") == "/"


def test_stranger_learns_nothing_from_a_reset(alice: User) -> None:
    known, unknown = (
        browse().post("/accounts/password/reset/", {"email": f"{name}@romashka.example"}) for name in ("alice", "eve")
    )
    assert (known.status_code, known.headers["Location"]) == (unknown.status_code, unknown.headers["Location"])
    assert [letter.to for letter in mail.outbox] == [["alice@romashka.example"]]


def show_code(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, int(timezone.now().timestamp()) // 30))


def test_authenticator_app_is_asked_for_after_the_password(alice: User) -> None:
    secret = generate_totp_secret()
    TOTP.activate(alice, secret)
    browser = browse()
    assert log_in(browser).startswith("/accounts/2fa/authenticate/")
    assert browser.get("/").status_code == 302
    assert "Incorrect code." in browser.post("/accounts/2fa/authenticate/", {"code": "000000"}).content.decode()
    assert browser.post("/accounts/2fa/authenticate/", {"code": show_code(secret)}).headers["Location"] == "/"
    assert browser.get("/").status_code == 200


def test_recovery_code_opens_once(alice: User) -> None:
    TOTP.activate(alice, generate_totp_secret())
    [code, *_] = RecoveryCodes.activate(alice).get_unused_codes()
    for answer in (302, 200):
        browser = browse()
        log_in(browser)
        assert browser.post("/accounts/2fa/authenticate/", {"code": code}).status_code == answer


def test_app_is_set_up_on_its_page(alice: User) -> None:
    browser = browse()
    log_in(browser)
    asked = browser.get("/accounts/2fa/totp/activate/").headers["Location"]
    page = browser.post(asked, {"password": PASSWORD}, follow=True)
    secret = page.context["form"].secret
    browser.post("/accounts/2fa/totp/activate/", {"code": show_code(secret)})
    stored = Authenticator.objects.get(type=Authenticator.Type.TOTP).data["secret"]
    assert secret not in stored


def test_lost_keys_let_no_code_match(alice: User, settings: pytest.FixtureRequest) -> None:
    secret = generate_totp_secret()
    TOTP.activate(alice, secret)
    settings.FIELD_ENCRYPTION_KEYS = ["bG9zdGxvc3Rsb3N0bG9zdGxvc3Rsb3N0bG9zdGxvc3Q="]  # type: ignore[attr-defined]
    browser = browse()
    log_in(browser)
    for code in (show_code(secret), show_code("")):
        assert "Incorrect code." in browser.post("/accounts/2fa/authenticate/", {"code": code}).content.decode()


def test_security_needs_the_password_again(alice: User) -> None:
    browser = browse(alice)
    answer = browser.get("/accounts/2fa/totp/activate/")
    assert answer.headers["Location"].startswith("/accounts/reauthenticate/")


@pytest.mark.parametrize(
    "page", ["", "login/", "password/reset/", "2fa/", "2fa/webauthn/", "password/change/", "email/"]
)
def test_pages_keep_to_the_policy(alice: User, page: str) -> None:
    browser = browse(alice if page not in ("login/", "password/reset/") else None)
    answer = browser.get(f"/accounts/{page}", follow=True)
    text = answer.content.decode()
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    assert "style=" not in text
    # Blocks of data are no scripts to a browser; everything else comes from a file.
    scripts = re.findall(r"<script\b[^>]*>", text)
    assert all(" src=" in script or 'type="application/json"' in script for script in scripts)
