"""Causes in words: what a stream's class of error means, and what to do about what a proof found."""

from collections import Counter
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from crmsync.bitrix24.stream import SPARED
from crmsync.models import Difference, Proof

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

ERROR_NAMES: "dict[str, StrPromise]" = {
    "TransientError": _("the portal did not answer properly"),
    "NotExecuted": _("the portal left the request undone"),
    "LimitedError": _("the portal asks to wait"),
    "BlockedError": _("the portal is blocked by Bitrix24"),
    "ConfigurationError": _("the connection cannot work as it is set up"),
    "ScopeError": _("the webhook lacks a permission"),
    "RequestError": _("the portal refuses the request for good"),
    SPARED: _("the portal does not offer it to this webhook"),
    "StalledError": _("the portal's pages do not move on"),
}
Cause = Difference.Cause
REMEDIES: "dict[str, StrPromise]" = {
    Cause.NEWER: _("The next sync brings what changed."),
    Cause.QUARANTINED: _("See the quarantine: each record says which field cannot be read."),
    Cause.VANISHED: _("The next nightly check takes what vanished for deleted."),
    Cause.BRAKED: _("Decide what to do about the records that vanished together."),
    Cause.RETURNED: _("The next check brings back what has returned."),
    Cause.UNFINISHED: _("Wait for the end of the first reading."),
    Cause.SILENT: _("Press “Check now”: it reads these records again. If that does not help, report this error."),
    Cause.LOST: _("Press “Check now”: it reads what is missing. If that does not help, report this error."),
}


def name_error(error_class: str) -> str:
    """Name a class of errors in words; an unknown one by its own name. *Empty*: an empty text."""
    return str(ERROR_NAMES.get(error_class, error_class))


def find_remedy(cause: str, portal_id: int) -> str:
    """Say what to do about differences of one cause."""
    return str(REMEDIES[cause]) % {"portal": portal_id}


def count_causes(proof: Proof) -> Counter[str]:
    """Count a proof's differing records by cause."""
    causes: Counter[str] = Counter()
    for told in proof.streams.values():
        causes.update(told.get("causes", {}))
    return causes
