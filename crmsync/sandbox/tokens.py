"""OAuth grants of applications: access tokens that expire, refresh tokens that are replaced by each use."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from crmsync.sandbox.calls import Credential
from crmsync.sandbox.errors import RestError
from crmsync.sandbox.knobs import Knobs
from crmsync.sandbox.outcome import Outcome
from crmsync.sandbox.params import Params, read_param

TOKEN_METHOD = "oauth.token"  # noqa: S105 - what the log calls a request for tokens
TOKEN_PATH = "oauth/token"  # noqa: S105 - where tokens are asked for
CLIENT_ID = "local.sandbox"


@dataclass(frozen=True)
class AppCredential(Credential):
    """Whom an application acts for; some methods are open to applications only."""


@dataclass
class Access:
    """One access token: for whom, since when (epoch seconds), and how many calls it has made."""

    credential: AppCredential
    since: float
    calls: int = 0


class TokenOutcome(Outcome):
    """An answer of the token endpoint, which has no envelope."""

    def envelope(self) -> dict[str, Any]:
        """Return the body as it is."""
        return self.error.body() if self.error else self.result


class Tokens:
    """The tokens of one portal. They hold its secret `stem`, so that a leaked one is found by that."""

    def __init__(self, knobs: Knobs, *, clock: Callable[[], float], stem: str) -> None:
        self.knobs = knobs
        self.clock = clock
        self.stem = stem
        self.accesses: dict[str, Access] = {}
        self.refreshes: dict[str, AppCredential] = {}
        self.issued = 0
        self._lock = threading.Lock()

    @property
    def client_secret(self) -> str:
        """Return the secret that the application signs its refreshes with."""
        return f"{self.stem}-client"

    def grant(self, credential: AppCredential) -> dict[str, Any]:
        """Issue a pair of tokens, in the shape of the token endpoint's answer."""
        self.issued += 1
        access, refresh = f"{self.stem}-access-{self.issued}", f"{self.stem}-refresh-{self.issued}"
        self.accesses[access] = Access(credential, self.clock())
        self.refreshes[refresh] = credential
        return {
            "access_token": access,
            "refresh_token": refresh,
            "expires_in": int(self.knobs.token_seconds),
            "expires": int(self.clock() + self.knobs.token_seconds),
            "scope": ",".join(credential.scopes),
            "user_id": credential.user_id,
            "status": "L",
        }

    def authorise(self, params: Params) -> AppCredential:
        """Find whom the `auth` parameter speaks for, and count the call.

        Raises: RestError for no token, an unknown one, or one whose time or calls are over.
        """
        token = read_param(params, "auth")
        if not token:
            raise RestError(401, "NO_AUTH_FOUND", "Wrong authorization data")
        with self._lock:
            access = self.accesses.get(str(token))
            if access is None:
                raise RestError(401, "invalid_token", "Unable to get application by token")
            access.calls += 1
            if self.is_over(access):
                raise RestError(401, "expired_token", "The access token provided has expired")
        return access.credential

    def is_over(self, access: Access) -> bool:
        """Tell whether a token has lived its time or made its calls."""
        too_many = self.knobs.token_calls and access.calls > self.knobs.token_calls
        return bool(too_many) or self.clock() - access.since >= self.knobs.token_seconds

    def renew(self, params: Params) -> dict[str, Any]:
        """Exchange a refresh token for a new pair; unless the knob keeps it, the old one is spent.

        Raises: RestError for another grant type, another application, or a token unknown or spent.
        """
        if params.get("grant_type") != "refresh_token":
            raise RestError(400, "invalid_request", "Unsupported grant_type")
        if (params.get("client_id"), params.get("client_secret")) != (CLIENT_ID, self.client_secret):
            raise RestError(400, "invalid_client", "Client authentication failed")
        with self._lock:
            old = str(params.get("refresh_token", ""))
            credential = self.refreshes.get(old)
            if credential is None:
                raise RestError(400, "invalid_grant", "The refresh token is unknown or was used")
            if not self.knobs.keep_refresh:
                del self.refreshes[old]
            return self.grant(credential)
