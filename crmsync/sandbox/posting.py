"""Handlers of events, and the one post that each gets: never to another machine, never a second time."""

from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlsplit

from crmsync.sandbox.payloads import Event

LOOPBACK = ("127.0.0.1", "localhost")
POST_SECONDS = 5.0
FORM_TYPE = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Binding:
    """One handler: where it listens, the token that proves a sender, and which events it hears (none: all)."""

    number: int
    url: str
    token: str
    names: frozenset[str] = frozenset()
    is_app: bool = False

    def hears(self, event: Event) -> bool:
        """Tell whether an event is for this handler; moves to another pipeline are told to applications only."""
        return (not self.names or event.name in self.names) and (self.is_app or event.verb != "MoveToCategory")


def is_near(url: str) -> bool:
    """Tell whether a handler listens on this machine."""
    address = urlsplit(url)
    return address.scheme == "http" and address.hostname in LOOPBACK


def post_form(url: str, body: str) -> int:
    """Post a form once. *Empty*: 0 where nobody answered; nothing is tried again."""
    address = urlsplit(url)
    connection = HTTPConnection(address.hostname or "", address.port or 80, timeout=POST_SECONDS)
    try:
        connection.request("POST", address.path or "/", body.encode(), {"Content-Type": FORM_TYPE})
        return connection.getresponse().status
    except (OSError, HTTPException):
        return 0
    finally:
        connection.close()
