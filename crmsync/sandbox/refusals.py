"""Refusals that concern a whole portal or a webhook: https demanded, plan lapsed, code unknown; knobs choose them."""

from crmsync.sandbox.errors import RestError
from crmsync.sandbox.knobs import Knobs

Refusal = tuple[int, str, str]

OF_PORTAL: dict[str, Refusal] = {
    "https": (400, "INVALID_REQUEST", "Https required."),
    "plan": (403, "ACCESS_DENIED", "REST API is available only on commercial plans."),
    "payment": (401, "PAYMENT_REQUIRED", "The subscription has run out."),
}
OF_CODE: dict[str, Refusal] = {
    "no_auth": (401, "NO_AUTH_FOUND", "Wrong authorization data"),
    "invalid401": (401, "INVALID_CREDENTIALS", "Invalid request credentials"),
    "invalid403": (403, "INVALID_CREDENTIALS", "Invalid request credentials"),
}


def check_portal(knobs: Knobs, *, by_webhook: bool) -> None:
    """Let a request in unless the portal takes none; only webhooks are asked for https.

    Raises: RestError of the kind that `refuse` names.
    """
    if knobs.refuse and (by_webhook or knobs.refuse != "https"):
        raise RestError(*OF_PORTAL[knobs.refuse])


def unknown_code(knobs: Knobs) -> RestError:
    """Make the error for a webhook that does not exist, or no longer, or is somebody else's now."""
    return RestError(*OF_CODE[knobs.unknown_code])
