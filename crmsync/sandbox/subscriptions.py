"""The methods by which an application says which events it wants to hear; webhooks may not call them."""

from crmsync.sandbox.calls import Answer, Call, Handler
from crmsync.sandbox.errors import RestError
from crmsync.sandbox.events import Events
from crmsync.sandbox.params import read_param
from crmsync.sandbox.payloads import WORDS
from crmsync.sandbox.tokens import AppCredential

VERBS = ("ADD", "UPDATE", "DELETE")
NAMES = {"ONCRMDEALMOVETOCATEGORY", *(f"ONCRM{word.upper()}{verb}" for word in WORDS.values() for verb in VERBS)}


def list_methods(events: Events) -> dict[str, Handler]:
    """Return the methods event.bind, event.get and event.unbind of one portal."""

    def bind(call: Call) -> Answer:
        name, url = read_binding(call)
        if name not in NAMES:
            raise RestError(400, "ERROR_EVENT_NOT_FOUND", "Event not found")
        if (name, url) in list_bound(events):
            raise RestError(400, "", "Unable to set event handler: Handler already binded")
        try:
            events.bind(url, names=(name,), is_app=True)
        except ValueError:
            raise RestError(400, "", "Unable to set event handler") from None
        return Answer(True)

    def show(call: Call) -> Answer:
        check_context(call)
        return Answer(
            [{"event": name, "handler": url, "auth_type": "0", "offline": 0} for name, url in list_bound(events)]
        )

    def unbind(call: Call) -> Answer:
        name, url = read_binding(call)
        kept = [found for found in events.bindings if not (found.is_app and found.url == url and name in found.names)]
        count = len(events.bindings) - len(kept)
        events.bindings[:] = kept
        return Answer({"count": count})

    return {"event.bind": bind, "event.get": show, "event.unbind": unbind}


def list_bound(events: Events) -> list[tuple[str, str]]:
    """List what applications have bound: event and handler."""
    return [(name, found.url) for found in events.bindings if found.is_app for name in found.names]


def read_binding(call: Call) -> tuple[str, str]:
    """Read which event and which handler an application means.

    Raises: RestError for a webhook.
    """
    check_context(call)
    return str(read_param(call.params, "event", "")).upper(), str(read_param(call.params, "handler", ""))


def check_context(call: Call) -> None:
    """Let only applications in.

    Raises: RestError for a webhook.
    """
    if not isinstance(call.credential, AppCredential):
        raise RestError(400, "ACCESS_DENIED", "Access denied! Application context required")
