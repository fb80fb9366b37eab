"""An HTTP response with the ways it can go wrong, and its delivery to the socket."""

import os
import socket
import struct
import threading
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler

from crmsync.sandbox.errors import RestError
from crmsync.sandbox.faults import Fault
from crmsync.sandbox.outcome import Outcome

JSON_TYPE = "application/json; charset=utf-8"
HTML_TYPE = "text/html; charset=utf-8"
GATEWAY_PAGE = b"<html><head><title>502 Bad Gateway</title></head><body><center>nginx</center></body></html>"
TIMEOUT_PAGE = b"<html><head><title>504 Gateway Time-out</title></head><body><center>nginx</center></body></html>"
LOGIN_PAGE = b"<!DOCTYPE html><html><body>Please wait, the portal is being updated</body></html>"
PADDING = b" " * 65_536
RESET = struct.pack("ii", 1, 0)
ERROR_FAULTS = {
    "internal_error": (500, "INTERNAL_SERVER_ERROR", "Internal server error"),
    "query_limit": (503, "QUERY_LIMIT_EXCEEDED", "Too many requests"),
    "overload": (503, "OVERLOAD_LIMIT", "REST API is blocked due to overload."),
    "revoked": (401, "NO_AUTH_FOUND", "Wrong authorization data"),
}


@dataclass(frozen=True)
class Response:
    """One HTTP response: what it says, and how badly it travels.

    Units: wait and drip in seconds (before the response, between its pieces); padding in bytes.
    """

    status: int
    body: bytes
    content_type: str = JSON_TYPE
    headers: dict[str, str] = field(default_factory=dict)
    wait: float = 0.0
    drip: float = 0.0
    padding: int = 0
    cut: bool = False
    reset: bool = False
    mute: bool = False


def error_outcome(faults: Iterable[Fault]) -> Outcome | None:
    """Return the error envelope that a fault puts in place of the answer, None without such a fault."""
    for fault in faults:
        if fault.kind in ERROR_FAULTS:
            status, code, description = ERROR_FAULTS[fault.kind]
            options = fault.options
            return Outcome(RestError(options.get("status", status), options.get("code", code), description))
    return None


def bend_response(response: Response, faults: Iterable[Fault], *, path: str) -> Response:
    """Apply the transport faults of one request to its response."""
    for fault in faults:
        response = bend_once(response, fault, path=path)
    return response


def bend_once(response: Response, fault: Fault, *, path: str) -> Response:
    """Apply one transport fault."""
    half = len(response.body) // 2
    match fault.kind:
        case "html502":
            return replace(response, status=502, body=GATEWAY_PAGE, content_type=HTML_TYPE)
        case "commit504":
            return replace(response, status=504, body=TIMEOUT_PAGE, content_type=HTML_TYPE)
        case "html200":
            return replace(response, status=200, body=LOGIN_PAGE, content_type=HTML_TYPE)
        case "empty200":
            return replace(response, status=200, body=b"")
        case "truncated":
            return replace(response, body=response.body[:half])
        case "redirect302":
            host = fault.options.get("location", "https://elsewhere.example")
            return replace(response, status=302, body=b"", headers={"Location": host + path})
        case _:
            return bend_journey(response, fault)


def bend_journey(response: Response, fault: Fault) -> Response:
    """Apply one fault that leaves the content alone."""
    seconds = float(fault.options.get("seconds", 0))
    match fault.kind:
        case "cut":
            return replace(response, cut=True)
        case "reset":
            return replace(response, reset=True)
        case "commit_close":
            return replace(response, mute=True)
        case "delay":
            return replace(response, wait=seconds or 1.0)
        case "hang":
            return replace(response, wait=seconds or 3600.0)
        case "drip":
            return replace(response, drip=seconds or 0.05)
        case "huge_body":
            return replace(response, padding=int(fault.options.get("size", 64 * 1024 * 1024)))
        case _:
            return response


def deliver(response: Response, handler: BaseHTTPRequestHandler, *, stopping: threading.Event) -> None:
    """Write a response to the socket, in one piece unless a fault says otherwise; a hang ends with the server."""
    if response.wait:
        stopping.wait(response.wait)
    if response.reset:
        reset_connection(handler)
        return
    if response.mute:
        handler.close_connection = True
        return
    body = response.body[: len(response.body) // 2] if response.cut else response.body
    handler.send_response(response.status)
    for name, value in {"X-Sandbox": "1", "Content-Type": response.content_type, **response.headers}.items():
        handler.send_header(name, value)
    handler.send_header("Content-Length", str(len(response.body) + response.padding))
    handler.end_headers()
    for piece in pieces(body, response):
        handler.wfile.write(piece)
        if response.drip:
            handler.wfile.flush()
            stopping.wait(response.drip)
    handler.wfile.flush()
    handler.close_connection = handler.close_connection or response.cut


def pieces(body: bytes, response: Response) -> Iterable[bytes]:
    """Split a body as it is to be written; the padding is blanks, which leave JSON valid."""
    size = max(1, len(body) // 20) if response.drip else max(1, len(body))
    for start in range(0, len(body), size):
        yield body[start : start + size]
    for start in range(0, response.padding, len(PADDING)):
        yield PADDING[: response.padding - start]


def reset_connection(handler: BaseHTTPRequestHandler) -> None:
    """Close the connection with a reset instead of an orderly end."""
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
    handler.close_connection = True
    # The server would shut it down first, which ends it in order.
    os.close(handler.connection.detach())
