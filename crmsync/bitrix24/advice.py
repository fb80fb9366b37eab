"""What Bitrix24's error codes mean: the case each belongs to, and the sentence that says what to do about it."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

ADVICE: dict[str, Promise] = {
    "limit": _("The portal asks to wait: try again later."),
    "operation": _("The portal rests this method: it is read again when its time limit is reset."),
    "blocked": _("Bitrix24 has blocked requests to this portal: stop and contact Bitrix24 support."),
    "transient": _("The portal did not give a usable answer: try again later."),
    "webhook": _(
        "The portal does not accept this webhook: create a new incoming webhook in the portal and connect it again."
    ),
    "plan": _("The portal's plan does not include REST: renew the plan or the Marketplace subscription."),
    "deleted": _("The portal is closed or deleted: restore it or connect another one."),
    "https": _("The portal accepts https only: connect it by its https:// address."),
    "scope": _("The webhook lacks a permission: open the webhook in the portal, tick the missing scope and save it."),
    "rights": _("The webhook's owner may not read this: give that user the right to read it in the portal."),
    "request": _("The portal refuses this request: check the configured custom fields, then report this error."),
    "missing": _("The portal does not have this: check that its version and plan include it."),
    "stalled": _("The portal repeats itself instead of going on: try again later, then report this error."),
    "skipped": _("The portal did not run this command: try again."),
    "page": _(
        "The address does not answer as a Bitrix24 portal: check the webhook's address and the network's filters."
    ),
    "host": _("The portal's host was not found: check the address."),
    "network": _("The portal cannot be reached: check the address and the network, then try again."),
    "certificate": _("The portal's certificate is not trusted: check the address and this server's clock."),
    "redirect": _("The portal sends requests elsewhere: copy the webhook's address from the portal again."),
}

CASE_BY_CODE: dict[str, str] = {
    "QUERY_LIMIT_EXCEEDED": "limit",
    "OPERATION_TIME_LIMIT": "operation",
    "OVERLOAD_LIMIT": "blocked",
    "INTERNAL_SERVER_ERROR": "transient",
    "ERROR_UNEXPECTED_ANSWER": "transient",
    "EXPIRED_TOKEN": "webhook",
    "INVALID_TOKEN": "webhook",
    "NO_AUTH_FOUND": "webhook",
    "INVALID_CREDENTIALS": "webhook",
    "AUTHORIZATION_ERROR": "webhook",
    "APPLICATION_NOT_FOUND": "webhook",
    "ERROR_OAUTH": "webhook",
    "WRONG_CLIENT": "webhook",
    "INVALID_CLIENT": "webhook",
    "INVALID_GRANT": "webhook",
    "USER_ACCESS_ERROR": "webhook",
    "ALLOWED_ONLY_INTRANET_USER": "webhook",
    "PAYMENT_REQUIRED": "plan",
    "PORTAL_DELETED": "deleted",
    "INSUFFICIENT_SCOPE": "scope",
    "ACCESS_DENIED": "rights",
    "WRONG_AUTH_TYPE": "rights",
    "ERROR_WRONG_CONTEXT": "rights",
    "METHOD_CONFIRM_WAITING": "rights",
    "METHOD_CONFIRM_DENIED": "rights",
    "ERROR_METHOD_NOT_FOUND": "missing",
    "ERROR_MANIFEST_IS_NOT_AVAILABLE": "missing",
    "ENTITY_TYPE_NOT_SUPPORTED": "missing",
    "NOT_FOUND": "missing",
    "INVALID_REQUEST": "request",
    "INVALID_ARG_VALUE": "request",
    "ERROR_BATCH_LENGTH_EXCEEDED": "request",
    "ERROR_BATCH_METHOD_NOT_ALLOWED": "request",
    "ERROR_CORE": "request",
    "ERROR_ARGUMENT": "request",
    "100": "request",
}

# The same code serves two cases; what the text speaks of tells them apart.
CASE_BY_TEXT: list[tuple[str, str, str]] = [
    ("ACCESS_DENIED", "commercial", "plan"),
    ("ACCESS_DENIED", "коммерч", "plan"),
    ("INVALID_REQUEST", "https", "https"),
]

# Many methods send an empty code, or a number of their own, and only the text tells.
CASE_OF_TEXT: list[tuple[str, str]] = [("not found", "missing"), ("access denied", "rights")]
