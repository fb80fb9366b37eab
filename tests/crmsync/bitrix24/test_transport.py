"""The transport against a real socket: every fault becomes a typed error in bounded time and size."""

import gzip
import json
import ssl
import time
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from crmsync.bitrix24.credentials import Webhook
from crmsync.bitrix24.errors import ConfigurationError, LimitedError, PortalError, RequestError, TransientError
from crmsync.bitrix24.session import PortalSession
from crmsync.bitrix24.transport import Transport
from tests.crmsync.bitrix24.doubles import SECRET
from tests.crmsync.bitrix24.wire import Piece, RawServer, write_response

GOOD = b'{"result": {"price": 10.10}}'
DRIP: list[Piece] = [b" ", 0.05]
DRIP_HEAD: list[Piece] = [b"HTTP/1.1 200 OK\r\nX: ", *DRIP * 200]
DRIP_BODY: list[Piece] = [b"HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n", *DRIP * 200]

BAD_BODIES = {
    "html502": (write_response(b"<html>Bad Gateway</html>", status="502 Bad Gateway"), "HTTP_502"),
    "html200": (write_response(b"<!DOCTYPE html><b>wait</b>"), "NOT_JSON"),
    "empty200": (write_response(b""), "NOT_JSON"),
    "truncated": (write_response(GOOD[:-5]), "NOT_JSON"),
    "cut": (write_response(GOOD)[:-5], "CONNECTION_LOST"),
    "cp1251": (write_response('{"result": "Привет"}'.encode("cp1251")), "NOT_JSON"),
    "nan": (write_response(b'{"result": NaN}'), "NOT_JSON"),
    "deep": (write_response(b"[" * 100_000), "NOT_JSON"),
    "list": (write_response(b"[]"), "NOT_JSON"),
    "no result": (write_response(b"{}"), "UNEXPECTED_ANSWER"),
    "no http": (b"hello\r\n\r\n", "CONNECTION_LOST"),
    "bad gzip": (write_response(b"hello", headers=["Content-Encoding: gzip"]), "CONNECTION_LOST"),
    "declared too large": (b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n", "TOO_LARGE"),
    "undeclared too large": (b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + b" " * 200_000, "TOO_LARGE"),
    "gzip bomb": (
        write_response(gzip.compress(b" " * 10_000_000), headers=["Content-Encoding: gzip"]),
        "TOO_LARGE",
    ),
}


def make_transport(origin: str, **options: Any) -> Transport:
    return Transport(Webhook(origin, 1, SECRET), max_bytes=100_000, **options)


def send(transport: Transport, *, seconds: float = 20.0) -> dict[str, Any]:
    try:
        return transport.send("crm.item.list", {"filter": {">id": 5}}, seconds=seconds)
    finally:
        transport.session.close()


def fail(pieces: list[Piece], *, reset: bool = False, seconds: float = 20.0, **options: Any) -> PortalError:
    with RawServer(pieces, reset) as server, pytest.raises(PortalError) as caught:
        send(make_transport(server.origin, **options), seconds=seconds)
    return caught.value


def list_texts(error: BaseException | None) -> Iterator[str]:
    """List everything an error and those behind it could show, suppressed ones too."""
    while error is not None:
        yield f"{error} {error!r} {error.args} {vars(error)}"
        error = error.__cause__ or error.__context__


def test_call_is_a_json_post_with_our_name() -> None:
    with RawServer([write_response(GOOD)]) as server:
        assert send(make_transport(server.origin)) == {"result": {"price": Decimal("10.10")}}
    head, _, body = server.requests[0].partition(b"\r\n\r\n")
    assert head.startswith(f"POST /rest/1/{SECRET}/crm.item.list HTTP/1.1".encode())
    assert b"User-Agent: Itogi/0.1" in head
    assert json.loads(body) == {"filter": {">id": 5}}


@pytest.mark.parametrize("name", BAD_BODIES)
def test_unusable_answer_is_a_transient_error(name: str) -> None:
    response, code = BAD_BODIES[name]
    error = fail([response])
    assert (type(error), error.code, error.method) == (TransientError, code, "crm.item.list")


def test_reset_is_a_transient_error() -> None:
    error = fail([], reset=True)
    assert (type(error), error.code) == (TransientError, "CONNECTION_LOST")


def test_silence_ends_at_the_read_timeout() -> None:
    error = fail([10.0], read_seconds=0.1)
    assert (type(error), error.code) == (TransientError, "TIMEOUT")


@pytest.mark.parametrize("pieces", [DRIP_HEAD, DRIP_BODY], ids=["head", "body"])
def test_drip_is_cut_at_the_deadline(pieces: list[Piece]) -> None:
    begun = time.monotonic()
    error = fail(pieces, seconds=0.3)
    assert (type(error), error.code) == (TransientError, "TIMEOUT")
    assert 0.3 <= time.monotonic() - begun < 2


def test_drip_outlives_every_read_timeout_without_the_deadline() -> None:
    begun = time.monotonic()
    error = fail(DRIP_BODY[:21], seconds=20.0, read_seconds=0.3)
    assert (error.code, time.monotonic() - begun > 0.45) == ("CONNECTION_LOST", True)


def test_nobody_listening_is_a_transient_error() -> None:
    with RawServer([]) as server:
        origin = server.origin
    with pytest.raises(TransientError) as caught:
        send(make_transport(origin))
    assert caught.value.code == "CONNECTION_REFUSED"


def test_unknown_host_is_a_matter_of_configuration() -> None:
    with pytest.raises(ConfigurationError) as caught:
        send(make_transport("https://no-such-portal.example"))
    assert caught.value.code == "HOST_NOT_FOUND"


def test_untrusted_certificate_is_a_matter_of_configuration(tls: ssl.SSLContext) -> None:
    with RawServer([write_response(GOOD)], tls=tls) as server, pytest.raises(ConfigurationError) as caught:
        send(make_transport(server.origin))
    assert (caught.value.code, server.requests) == ("CERTIFICATE", [])


def test_authority_that_the_caller_names_is_trusted(tls: ssl.SSLContext, certificate: Path) -> None:
    with RawServer([write_response(GOOD)], tls=tls) as server:
        transport = make_transport(server.origin, session=PortalSession(verify=str(certificate)))
        assert send(transport) == {"result": {"price": Decimal("10.10")}}


def test_encrypted_drip_is_cut_too(tls: ssl.SSLContext, certificate: Path) -> None:
    begun = time.monotonic()
    with RawServer(DRIP_BODY, tls=tls) as server, pytest.raises(TransientError) as caught:
        send(make_transport(server.origin, session=PortalSession(verify=str(certificate))), seconds=0.3)
    assert (caught.value.code, time.monotonic() - begun < 2) == ("TIMEOUT", True)


@pytest.mark.parametrize("location", [f"https://new.bitrix24.ru/rest/1/{SECRET}/x", "/auth/", "https://[", ""])
def test_redirect_is_refused_and_never_followed(location: str) -> None:
    response = write_response(b"", status="302 Found", headers=[f"Location: {location}"])
    with RawServer([response]) as server, pytest.raises(ConfigurationError) as caught:
        send(make_transport(server.origin))
    assert len(server.requests) == 1
    assert caught.value.code == ("MOVED" if "bitrix24" in location else "REDIRECTED")
    assert ("new.bitrix24.ru" in str(caught.value)) == ("bitrix24" in location)


def test_portal_cookies_are_not_sent_back() -> None:
    response = write_response(GOOD, headers=["Set-Cookie: PHPSESSID=abc; path=/"])
    with RawServer([response]) as server:
        transport = make_transport(server.origin)
        transport.send("profile", {})
        send(transport)
    assert b"PHPSESSID" not in server.requests[1]


def test_proxy_of_the_environment_is_ignored(monkeypatch: pytest.MonkeyPatch) -> None:
    with RawServer([write_response(b"{}")]) as proxy, RawServer([write_response(GOOD)]) as server:
        monkeypatch.setenv("HTTP_PROXY", proxy.origin)
        send(make_transport(server.origin))
    assert (len(proxy.requests), len(server.requests)) == (0, 1)


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b'{"error": "QUERY_LIMIT_EXCEEDED"}', LimitedError),
        (b'{"error": "ERROR_METHOD_NOT_FOUND", "error_description": "no"}', RequestError),
        (b'{"error": "wrong_client"}', ConfigurationError),
    ],
)
def test_error_with_status_200_is_an_error(body: bytes, kind: type) -> None:
    assert type(fail([write_response(body)])) is kind


def test_empty_error_beside_a_result_is_none() -> None:
    with RawServer([write_response(b'{"result": [], "error": ""}')]) as server:
        assert send(make_transport(server.origin))["result"] == []


def test_wait_that_the_portal_bids_is_kept() -> None:
    body = b'{"error": "QUERY_LIMIT_EXCEEDED"}'
    error = fail([write_response(body, status="503 Busy", headers=["Retry-After: 7"])])
    assert error.retry_after == 7


ECHO = f'{{"error": "{SECRET}", "error_description": "no /rest/1/{SECRET}/ and {SECRET}"}}'.encode()
LEAKS: dict[str, list[Piece]] = {
    **{name: [response] for name, (response, _) in BAD_BODIES.items()},
    "silence": [2.0],
    "drip": DRIP_BODY,
    "moved": [write_response(b"", status="302 Found", headers=[f"Location: https://x.example/rest/1/{SECRET}/"])],
    "echo": [write_response(ECHO, status="401 Unauthorized")],
    "echoed page": [write_response(ECHO[1:], status="404 Not Found")],
    "echoed batch": [write_response(ECHO)],
}


@pytest.mark.parametrize("name", LEAKS)
def test_secret_is_in_no_error(name: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    error = fail(LEAKS[name], seconds=0.3)
    assert SECRET not in " ".join([*list_texts(error), caplog.text])


DEAD = ["http://127.0.0.1:1", "https://127.0.0.1:1", "https://no-such-portal.example", "https://[", "http://a:b:c"]


@pytest.mark.parametrize("origin", DEAD)
def test_secret_is_in_no_error_of_a_dead_connection(origin: str) -> None:
    with pytest.raises(PortalError) as caught:
        send(make_transport(origin))
    assert SECRET not in " ".join(list_texts(caught.value))


def test_secret_is_in_no_error_of_an_untrusted_connection(tls: ssl.SSLContext) -> None:
    with RawServer([], tls=tls) as server, pytest.raises(PortalError) as caught:
        send(make_transport(server.origin))
    assert SECRET not in " ".join(list_texts(caught.value))


def test_library_would_have_shown_the_secret() -> None:
    with PortalSession() as session, pytest.raises(OSError, match="Max retries") as caught:
        session.get("http://127.0.0.1:1/rest/1/an-0ther-code/", timeout=1)
    assert "an-0ther-code" in str(caught.value)
