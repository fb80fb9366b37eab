"""Who we are to a portal: an incoming webhook today; an OAuth grant can join as another `Credentials`."""

import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol
from urllib.parse import SplitResult, urlsplit

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from crmsync.bitrix24.errors import ConfigurationError

WEBHOOK_PATH = re.compile(r"/rest/(?P<user>[0-9]+)/(?P<code>[A-Za-z0-9_-]+)(/[A-Za-z0-9_.]*)?/?")


class Credentials(Protocol):
    """What the client needs to sign its requests."""

    @property
    def origin(self) -> str:
        """Scheme, host and port: the part that may be shown."""

    def endpoint(self, method: str) -> str:
        """The URL of a method; a secret where the secret is part of it."""

    def authorize(self, params: Mapping[str, Any]) -> Mapping[str, Any]:
        """Add what belongs into the body."""

    def conceal(self, text: str) -> str:
        """Take the secret out of a text that came from outside."""


@dataclass(frozen=True)
class Webhook:
    """An incoming webhook; made by `parse_webhook`."""

    origin: str
    user_id: int
    secret: str = field(repr=False)

    def __str__(self) -> str:
        return self.origin

    @property
    def url(self) -> str:
        """The whole address, to be stored encrypted and shown nowhere."""
        return self.endpoint("")

    def endpoint(self, method: str) -> str:
        return f"{self.origin}/rest/{self.user_id}/{self.secret}/{method}"

    def authorize(self, params: Mapping[str, Any]) -> Mapping[str, Any]:
        return params

    def conceal(self, text: str) -> str:
        return text.replace(self.secret, "***")


def parse_webhook(url: str) -> Webhook:
    """Read the address of an incoming webhook as the portal shows it, with or without a method behind it.

    Raises: ConfigurationError with the one thing to correct; the address itself is not in it.
    """
    address = split_address(url.strip())
    scheme, host = address.scheme.lower(), (address.hostname or "").rstrip(".")
    if scheme not in ("http", "https") or not host:
        raise refuse(_("Give the webhook's whole address: https://HOST/rest/USER/CODE/."))
    if scheme == "http" and not is_loopback(host):
        raise refuse(_("Give the webhook's address with https://: over http anyone on the way could read its code."))
    path = WEBHOOK_PATH.fullmatch(address.path)
    if not path:
        raise refuse(_("Give the incoming webhook's address, not the portal's: it ends in /rest/USER/CODE/."))
    return Webhook(f"{scheme}://{write_host(host, address.port)}", int(path["user"]), path["code"])


def split_address(url: str) -> SplitResult:
    """Cut an address into parts, refusing one that cannot be an address."""
    address = None
    if not re.search(r"[\s\\@]", url) and url.isprintable():
        try:
            address = urlsplit(url)
            address.port  # noqa: B018 - reading it is what checks it
            (address.hostname or "").encode("idna")
        except ValueError:
            address = None
    if address is None:
        raise refuse(_("The webhook's address is not readable: copy it from the portal as it is."))
    return address


def write_host(host: str, port: int | None) -> str:
    """Write host and port as they stand in an address."""
    name = f"[{host}]" if ":" in host else host.encode("idna").decode()
    return f"{name}:{port}" if port else name


def is_loopback(host: str) -> bool:
    """Tell whether a host is this very machine, by its name or number alone."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def refuse(advice: Promise | str) -> ConfigurationError:
    """Build the refusal of an address."""
    return ConfigurationError("BAD_ADDRESS", advice=advice)
