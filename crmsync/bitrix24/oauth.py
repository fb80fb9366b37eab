"""An OAuth grant as credentials: when its access token expires, one worker renews it and all go on with the new one."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol
from urllib.parse import urlencode

from django.utils.translation import gettext_lazy as _

from crmsync.bitrix24.advice import ADVICE
from crmsync.bitrix24.bodies import decode_body
from crmsync.bitrix24.credentials import is_loopback, split_address
from crmsync.bitrix24.errors import ConfigurationError, LimitedError, PortalError, TransientError
from crmsync.bitrix24.transport import Reply, Transport

TOKEN = "oauth.token"  # noqa: S105 - what errors call a request for tokens
RENEWED_FOR = ("EXPIRED_TOKEN", "INVALID_TOKEN")
RECONNECT = _("The portal no longer accepts this application: connect the portal again.")


@dataclass(frozen=True)
class Tokens:
    """A pair of tokens; the refresh token is good for one use."""

    access: str = field(repr=False)
    refresh: str = field(repr=False)


@dataclass(frozen=True)
class Application:
    """Who asks for new tokens, and where."""

    client_id: str
    client_secret: str = field(repr=False)
    token_url: str

    def __post_init__(self) -> None:
        address = split_address(self.token_url)
        if address.scheme != "https" and not is_loopback(address.hostname or ""):
            raise ConfigurationError("BAD_ADDRESS", method=TOKEN, advice=ADVICE["https"])


class TokenStore(Protocol):
    """Where the tokens of one grant are kept for all workers."""

    def load(self) -> Tokens:
        """Return the newest tokens."""

    def renew(self, spent: str, ask: Callable[[Tokens], Tokens]) -> Tokens:
        """Return tokens newer than a spent access token: those another worker has saved, or those `ask` gets.

        To be held under one lock from reading to saving: a refresh token that two workers use is lost to both.
        """


class OAuthCredentials:
    """A grant of one portal; `origin` is the portal's, never the authorisation server's."""

    def __init__(
        self, origin: str, *, application: Application, store: TokenStore, tokens: Tokens | None = None
    ) -> None:
        self.origin = origin
        self.application = application
        self.store = store
        self.tokens = tokens or store.load()

    def endpoint(self, method: str) -> str:
        return f"{self.origin}/rest/{method}"

    def authorize(self, params: Mapping[str, Any]) -> Mapping[str, Any]:
        return {**params, "auth": self.tokens.access}

    def conceal(self, text: str) -> str:
        for secret in (self.tokens.access, self.tokens.refresh, self.application.client_secret):
            text = text.replace(secret, "***")
        return text


class TokenRequest(OAuthCredentials):
    """The one request that exchanges a refresh token; its address is a secret as a whole."""

    def endpoint(self, method: str) -> str:
        app = self.application
        asked = {"client_id": app.client_id, "client_secret": app.client_secret, "refresh_token": self.tokens.refresh}
        return f"{app.token_url}?{urlencode({'grant_type': 'refresh_token', **asked})}"


class TokenDesk(Transport):
    """Asks the authorisation server, whose answers have no envelope."""

    def ask(self, *, seconds: float) -> Tokens:
        """Exchange the refresh token. *Raises* PortalError; one for the administrator where the grant is over."""
        reply = self._exchange(TOKEN, b"", seconds)
        if isinstance(reply, PortalError):
            raise reply
        body = reply.body or {}
        if reply.status == 200 and body.get("access_token") and body.get("refresh_token"):
            return Tokens(str(body["access_token"]), str(body["refresh_token"]))
        error = self._judge(reply, TOKEN)
        if isinstance(error, TransientError | LimitedError):
            raise error
        raise ConfigurationError(error.code, method=TOKEN, description=error.description, advice=RECONNECT)

    def _post(self, method: str, data: bytes, seconds: float) -> Reply:
        until, address = time.monotonic() + seconds, self.credentials.endpoint(method)
        timeout = (min(self.connect_seconds, seconds), min(self.read_seconds, seconds))
        with self.session.get(address, timeout=timeout, stream=True, allow_redirects=False) as response:
            content = self._read(response, method, until)
        return Reply(response.status_code, decode_body(content), location="", retry_after="")


class OAuthTransport(Transport):
    """Repeats a call once with new tokens, a write too: what is refused for its token was not executed."""

    credentials: OAuthCredentials

    def send(self, method: str, params: Mapping[str, Any], *, seconds: float = 180.0) -> dict[str, Any]:
        """Post a call and return its JSON object; the seconds are for all that it takes. *Raises* PortalError."""
        grant, until = self.credentials, time.monotonic() + seconds
        spent = grant.tokens.access
        try:
            return super().send(method, params, seconds=seconds)
        except ConfigurationError as error:
            if error.code not in RENEWED_FOR:
                raise
        grant.tokens = grant.store.renew(spent, lambda tokens: self._ask(tokens, seconds=count_left(until)))
        return super().send(method, params, seconds=count_left(until))

    def _ask(self, tokens: Tokens, *, seconds: float) -> Tokens:
        mine = self.credentials
        request = TokenRequest(mine.origin, application=mine.application, store=mine.store, tokens=tokens)
        return TokenDesk(request, session=self.session).ask(seconds=seconds)


def count_left(until: float) -> float:
    """Count the seconds until a moment of the monotonic clock, at least one."""
    return max(1.0, until - time.monotonic())
