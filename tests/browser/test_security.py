"""Log-in and security in a real browser: passkeys with a virtual key, narrow screens, nothing refused."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PASSWORD = "correct horse battery"
PAGES = ("/accounts/2fa/", "/accounts/2fa/webauthn/", "/accounts/password/change/", "/accounts/email/")


def plug_key(page: Page) -> None:
    """Give the browser a key that keeps passkeys and always agrees."""
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    added: Any = options | {"isUserVerified": True, "automaticPresenceSimulation": True}
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": added})


def test_passkey_is_made_and_opens_the_site(page: Page) -> None:
    plug_key(page)
    page.goto("/accounts/2fa/webauthn/add/")
    page.fill("#id_password", PASSWORD)
    page.press("#id_password", "Enter")
    page.fill("#id_name", "Ноутбук")
    page.check("#id_passwordless")
    page.click("#mfa_webauthn_add")
    page.wait_for_url("**/recovery-codes/**")
    page.goto("/accounts/2fa/webauthn/")
    expect(page.get_by_text("Ноутбук")).to_be_visible()
    page.get_by_role("button", name="Выйти").click()
    page.click("#passkey_login")
    expect(page.get_by_role("button", name="Выйти")).to_be_visible()


@pytest.mark.parametrize("page", [360], indirect=True)
def test_security_pages_fit_a_phone(page: Page) -> None:
    for address in PAGES:
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), address
