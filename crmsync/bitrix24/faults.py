"""Failures on the way to a portal, in our words: the libraries' own texts hold the URL and are left behind."""

import socket
import ssl
from collections.abc import Iterator

import requests
import urllib3

from crmsync.bitrix24.advice import ADVICE
from crmsync.bitrix24.errors import ConfigurationError, PortalError, TransientError

UNKNOWN_HOST = {socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME)}


def explain_fault(error: Exception, *, method: str, expired: bool = False) -> PortalError:
    """Name a failed exchange; of the error only its class is kept.

    `expired` says that it failed because its time was over.
    """
    causes = list(list_causes(error))
    name = type(error).__name__
    if expired:
        return time_out(method)
    if any(isinstance(cause, ssl.SSLCertVerificationError) for cause in causes):
        return ConfigurationError("CERTIFICATE", method=method, description=name, advice=ADVICE["certificate"])
    if any(isinstance(cause, socket.gaierror) and cause.errno in UNKNOWN_HOST for cause in causes):
        return ConfigurationError("HOST_NOT_FOUND", method=method, description=name, advice=ADVICE["host"])
    if isinstance(error, requests.exceptions.InvalidURL | UnicodeError):
        return ConfigurationError("BAD_ADDRESS", method=method, description=name, advice=ADVICE["host"])
    return TransientError(name_fault(causes), method=method, description=name, advice=ADVICE["network"])


def time_out(method: str) -> TransientError:
    """Build the error of an exchange that was not over in time."""
    return TransientError("TIMEOUT", method=method, advice=ADVICE["network"])


def name_fault(causes: list[BaseException]) -> str:
    """Choose the code of a failure that may pass."""
    # Refusals and unknown names come first: urllib3 counts them among the connect timeouts.
    if any(isinstance(cause, ConnectionRefusedError) for cause in causes):
        return "CONNECTION_REFUSED"
    if any(isinstance(cause, socket.gaierror) for cause in causes):
        return "HOST_NOT_RESOLVED"
    if any(isinstance(cause, requests.ConnectTimeout | urllib3.exceptions.ConnectTimeoutError) for cause in causes):
        return "CONNECT_TIMEOUT"
    if any(isinstance(cause, TimeoutError | requests.Timeout | urllib3.exceptions.TimeoutError) for cause in causes):
        return "TIMEOUT"
    return "CONNECTION_LOST"


def list_causes(error: BaseException | None) -> Iterator[BaseException]:
    """Walk an error and everything that led to it."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__
