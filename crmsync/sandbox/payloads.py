"""What an event looks like on the wire: a form with bracket keys, in the variants that the documentation shows."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

WORDS = {"leads": "Lead", "deals": "Deal", "contacts": "Contact", "companies": "Company", "activities": "Activity"}
SHAPES = ("plain", "camel", "flat", "bare", "tokens")


@dataclass(frozen=True)
class Event:
    """One change that is told: to what kind of record, what happened, and which record it was."""

    word: str
    verb: str
    key: Any

    @property
    def name(self) -> str:
        """Return the name in upper case, as handlers are bound to it."""
        return self.camel_name.upper()

    @property
    def camel_name(self) -> str:
        """Return the name as some portals send it."""
        return f"onCrm{self.word}{self.verb}"


def make_payload(event: Event, auth: Mapping[str, str], *, handler: int, at: float, shape: str) -> dict[str, Any]:
    """Write an event in one of the shapes; all of them mean the same."""
    known = {"ID": str(event.key)}
    payload = {
        "event": event.camel_name if shape == "camel" else event.name,
        "event_handler_id": str(handler),
        "data": known if shape == "flat" else {"FIELDS": known},
        "ts": str(int(at)),
        "auth": dict(auth),
    }
    if shape == "bare":
        del payload["event_handler_id"]
        payload["auth"] = {name: auth[name] for name in ("domain", "application_token") if name in auth}
    if shape == "tokens":
        # They belong to whoever made the change, not to the one who is told.
        payload["auth"] = {**auth, "access_token": "somebody-else", "expires_in": "3600", "scope": "crm"}
    return payload


def write_form(payload: Mapping[str, Any]) -> str:
    """Write nested maps as `data[FIELDS][ID]=5`."""
    return urlencode(list(flatten(payload)))


def flatten(value: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    """List the leaves of nested maps under their bracket keys."""
    for name, child in value.items():
        key = f"{prefix}[{name}]" if prefix else name
        if isinstance(child, Mapping):
            yield from flatten(child, key)
        else:
            yield key, child
