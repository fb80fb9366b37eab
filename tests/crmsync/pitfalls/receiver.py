"""A handler of events on loopback: keeps what it takes; with a token it takes only what proves to know it."""

import hmac
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from crmsync.sandbox.params import parse_form


class Handler(BaseHTTPRequestHandler):
    """Reads one event and answers with the receiver's verdict."""

    server: "Receiver"

    def do_POST(self) -> None:
        form = parse_form(self.rfile.read(int(self.headers["Content-Length"])).decode())
        self.send_response(self.server.judge(form))
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        """Write nothing."""


class Receiver(ThreadingHTTPServer):
    """A running handler: `with Receiver() as receiver: receiver.url`."""

    daemon_threads = True

    def __init__(self, *, token: str = "", status: int = 200, look: Callable[[], Any] | None = None) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.token = token
        self.status = status
        self.look = look
        self.taken: list[dict[str, Any]] = []
        self.seen: list[Any] = []
        self.url = f"http://127.0.0.1:{self.server_address[1]}/events"

    def judge(self, form: dict[str, Any]) -> int:
        """Take an event, or refuse one that cannot prove where it comes from."""
        proof = form.get("auth", {}).get("application_token", "")
        if self.token and not hmac.compare_digest(proof, self.token):
            return 403
        self.seen += [self.look()] if self.look else []
        self.taken.append(form)
        return self.status

    def __enter__(self) -> "Receiver":
        threading.Thread(target=self.serve_forever, args=(0.005,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.shutdown()
        self.server_close()


def read_event(form: dict[str, Any]) -> tuple[str, int]:
    """Read an event whatever its shape: its name in upper case, and the record it is about."""
    data = form["data"]
    return form["event"].upper(), int(data.get("FIELDS", data)["ID"])
