"""One HTTP exchange with a portal: JSON out, a JSON object in, and every other outcome as an error without a URL."""

import contextlib
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import requests
import urllib3
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from crmsync.bitrix24.advice import ADVICE
from crmsync.bitrix24.bodies import decode_body, encode_body, is_error
from crmsync.bitrix24.credentials import Credentials
from crmsync.bitrix24.errors import ConfigurationError, PortalError, TransientError, classify
from crmsync.bitrix24.faults import explain_fault, time_out
from crmsync.bitrix24.session import PortalSession
from crmsync.bitrix24.watchdog import Watchdog

CONNECT_SECONDS = 5.0
READ_SECONDS = 65.0  # the portal itself cuts a request at 60
MAX_BYTES = 32 * 2**20
CHUNK_BYTES = 2**16
HEADERS = {"User-Agent": "Itogi/0.1", "Accept": "application/json", "Content-Type": "application/json"}


@dataclass(frozen=True)
class Reply:
    """What came back, not yet judged; `body` is None unless it was a JSON object."""

    status: int
    body: dict[str, Any] | None
    location: str
    retry_after: str


class Transport:
    """Sends one request at a time, within time and size."""

    def __init__(
        self,
        credentials: Credentials,
        *,
        session: requests.Session | None = None,
        connect_seconds: float = CONNECT_SECONDS,
        read_seconds: float = READ_SECONDS,
        max_bytes: int = MAX_BYTES,
    ) -> None:
        self.credentials = credentials
        self.session = session or PortalSession()
        self.connect_seconds = connect_seconds
        self.read_seconds = read_seconds
        self.max_bytes = max_bytes

    def send(self, method: str, params: Mapping[str, Any], *, seconds: float = 180.0) -> dict[str, Any]:
        """Post a call and return its JSON object, which holds no error.

        Units: `seconds` until the exchange is cut, however lively it is.
        Raises: PortalError of the class that says who must act.
        """
        reply = self._exchange(method, encode_body(self.credentials.authorize(params)), seconds)
        if isinstance(reply, PortalError):
            raise reply
        if 300 <= reply.status < 400:
            raise refuse_redirect(reply, method=method)
        if reply.status >= 400 or (reply.body is not None and is_error(reply.body)):
            raise self._judge(reply, method)
        if reply.body is None:
            raise TransientError("NOT_JSON", method=method)
        if "result" not in reply.body:
            raise TransientError("UNEXPECTED_ANSWER", method=method)
        return reply.body

    def _judge(self, reply: Reply, method: str) -> PortalError:
        error = classify(status=reply.status, body=reply.body, method=method, conceal=self.credentials.conceal)
        error.retry_after = float(reply.retry_after) if reply.retry_after.isdecimal() else None
        return error

    def _exchange(self, method: str, data: bytes, seconds: float) -> Reply | PortalError:
        # Errors are returned, not raised: one raised from within `except` would carry the
        # library's exception, whose text holds the URL, as its context.
        with Watchdog(seconds) as watchdog:
            try:
                reply = self._post(method, data, seconds)
                # Headers that break off read like headers that end.
                return time_out(method) if watchdog.expired else reply
            except PortalError as error:
                return error
            except (requests.RequestException, urllib3.exceptions.HTTPError, OSError, ValueError) as error:
                return explain_fault(error, method=method, expired=watchdog.expired)

    def _post(self, method: str, data: bytes, seconds: float) -> Reply:
        timeout = (min(self.connect_seconds, seconds), min(self.read_seconds, seconds))
        with self.session.post(
            self.credentials.endpoint(method),
            data=data,
            headers=HEADERS,
            timeout=timeout,
            stream=True,
            allow_redirects=False,
        ) as response:
            content = self._read(response, method, time.monotonic() + seconds)
        headers = response.headers
        return Reply(
            response.status_code, decode_body(content), headers.get("Location", ""), headers.get("Retry-After", "")
        )

    def _read(self, response: requests.Response, method: str, until: float) -> bytes:
        declared = response.headers.get("Content-Length", "")
        content = bytearray()
        if not declared.isdecimal() or int(declared) <= self.max_bytes:
            for chunk in response.raw.stream(CHUNK_BYTES, decode_content=True):
                content += chunk
                if len(content) > self.max_bytes:
                    break
                if time.monotonic() > until:
                    raise time_out(method)
            else:
                return bytes(content)
        raise TransientError("TOO_LARGE", method=method, advice=_("The portal's answer is too large: try again later."))


def refuse_redirect(reply: Reply, *, method: str) -> ConfigurationError:
    """Refuse a redirect: following it would hand the secret to whoever is named there."""
    target = None
    with contextlib.suppress(ValueError):
        target = urlsplit(reply.location)
    if target and target.hostname and target.path.startswith("/rest/"):
        host = "".join(char for char in target.hostname if char.isalnum() or char in ".-")[:100]
        advice = format_lazy(_("The portal moved to {host}: connect it again by its new address."), host=host)
        return ConfigurationError("MOVED", method=method, advice=advice)
    return ConfigurationError("REDIRECTED", method=method, advice=ADVICE["redirect"])
