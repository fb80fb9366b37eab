"""The errors a portal causes, classed by who must act: the answer of every failed call, and nothing of its URL."""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.utils.functional import Promise

from crmsync.bitrix24.advice import ADVICE, CASE_BY_CODE, CASE_BY_TEXT, CASE_OF_TEXT
from crmsync.bitrix24.answers import Answer, make_answer

TAGS = re.compile(r"<[a-zA-Z/!?][^>]*>?")
ADDRESSES = re.compile(r"\w+://\S+|(?<=/rest/)\d+/[^/\s\"'?]+|(?<=auth=)\S+|(?<=_token=)\S+|(?<=_secret=)\S+")


def clean_text(text: str, *, length: int = 200) -> str:
    """Make a stranger's text safe to show: no tags, no addresses, no credentials, one line, cut at `length`."""
    bare = ADDRESSES.sub("***", TAGS.sub(" ", text[:5000]))
    return " ".join("".join(char if char.isprintable() else " " for char in bare).split())[:length]


class PortalError(Exception):
    """Something the portal, or the way to it, did wrong."""

    advice: str | Promise = ADVICE["transient"]

    def __init__(
        self, code: str = "", *, method: str = "", description: str = "", advice: str | Promise | None = None
    ) -> None:
        self.code = clean_text(code, length=80).upper()
        super().__init__(self.code)
        self.method = method
        self.description = clean_text(description)
        self.retry_after: float | None = None
        if advice is not None:
            self.advice = advice

    def __str__(self) -> str:
        place = ", ".join(part for part in (self.code, self.method) if part)
        detail = ": ".join(part for part in (place, self.description.rstrip(".")) if part)
        sentence = str(self.advice).rstrip(".")
        return f"{sentence} ({detail})." if detail else f"{sentence}."


class TransientError(PortalError):
    """Nobody must act: it did not get better within the attempts and the deadline; a later run tries again."""


class LimitedError(PortalError):
    """Wait: until `until` (aware UTC, our clock) where it is known."""

    advice = ADVICE["limit"]
    until: datetime | None = None
    meters: Answer | None = None


class BlockedError(PortalError):
    """Stop and contact Bitrix24's support: the portal is blocked by hand."""

    advice = ADVICE["blocked"]


class ConfigurationError(PortalError):
    """The administrator must act: the connection as it is set up cannot work."""

    advice = ADVICE["webhook"]


class ScopeError(ConfigurationError):
    """The administrator must widen the webhook's rights; only this stream suffers."""

    advice = ADVICE["scope"]


class RequestError(PortalError):
    """We must act: the portal will never accept this request."""

    advice = ADVICE["request"]


class StalledError(PortalError):
    """The portal's pages do not move on; going on would never end or lose rows."""

    advice = ADVICE["stalled"]


class NotExecuted(TransientError):  # noqa: N818 - a state of a command rather than a fault
    """A command of a batch that the portal has neither answered nor refused."""

    advice = ADVICE["skipped"]


CLASS_BY_CASE: dict[str, type[PortalError]] = {
    "limit": LimitedError,
    "operation": LimitedError,
    "blocked": BlockedError,
    "transient": TransientError,
    "scope": ScopeError,
    "rights": ScopeError,
    "missing": RequestError,
    "request": RequestError,
}


def classify(*, status: int, body: Any, method: str, conceal: Callable[[str], str] = str) -> PortalError:
    """Turn an answer that is no result into the error of the right class.

    Source: the code decides, whatever its case; only where there is none does the HTTP status.
    """
    code, description = (conceal(part) for part in read_error(body))
    case = find_case(code.upper(), description) or guess_case(status, is_page=not isinstance(body, dict | str))
    kind = CLASS_BY_CASE.get(case, ConfigurationError)
    error = kind(code or f"HTTP_{status}", method=method, description=description, advice=ADVICE[case])
    if isinstance(error, LimitedError) and isinstance(body, dict):
        error.meters = make_answer(None, time=body.get("time"))
    return error


def read_error(body: Any) -> tuple[str, str]:
    """Find code and text in an error of any shape: strings, numbers, an object, or a bare text."""
    if not isinstance(body, dict):
        return (body, "") if isinstance(body, str) else ("", "")
    error, text = body.get("error"), body.get("error_description")
    if isinstance(error, dict):
        return str(error.get("code") or ""), str(error.get("message") or "")
    return ("" if error is None else str(error).strip()), str(text or "")


def find_case(code: str, description: str) -> str | None:
    """Look a code up, minding the texts that matter: of ambiguous codes, and of codes that say nothing.

    Empty: None for an unknown code.
    """
    text = description.lower()
    said = next((case for name, part, case in CASE_BY_TEXT if code == name and part in text), None)
    if said is None and (not code or code.isdecimal()) and code not in CASE_BY_CODE:
        said = next((case for part, case in CASE_OF_TEXT if part in text), None)
    return said or CASE_BY_CODE.get(code)


def guess_case(status: int, *, is_page: bool) -> str:
    """Choose a case by status for an answer whose code says nothing; `is_page` when it was no JSON at all."""
    if status >= 500 or status in (408, 425):
        return "transient"
    if status == 429:
        return "limit"
    if is_page:
        return "page" if status >= 400 else "transient"
    return {401: "webhook", 403: "rights"}.get(status, "request")
