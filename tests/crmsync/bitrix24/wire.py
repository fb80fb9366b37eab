"""A raw loopback server: it reads a request and answers with exactly the bytes, pauses and breaks a test asks for."""

import socket
import ssl
import struct
import threading
from collections.abc import Iterable
from dataclasses import dataclass, field

RESET = struct.pack("ii", 1, 0)
Piece = bytes | float


def write_response(body: bytes, *, status: str = "200 OK", headers: Iterable[str] = ()) -> bytes:
    # The server hangs up after each answer, and says so: otherwise a client may send into the closing line.
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


@dataclass
class RawServer:
    """Plays `pieces` to every request: bytes are sent, numbers are waited for in seconds; then it hangs up.

    `requests` keeps what came in; `reset` ends the connection without an orderly close; `tls` encrypts it.
    """

    pieces: Iterable[Piece]
    reset: bool = False
    tls: ssl.SSLContext | None = None
    requests: list[bytes] = field(default_factory=list)

    def __enter__(self) -> "RawServer":
        self._stopping = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        self._listener.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        self._listener.close()

    @property
    def origin(self) -> str:
        return f"{'https' if self.tls else 'http'}://127.0.0.1:{self._listener.getsockname()[1]}"

    def _serve(self) -> None:
        while not self._stopping.is_set():
            try:
                connection, _ = self._listener.accept()
                with connection, self.tls.wrap_socket(connection, server_side=True) if self.tls else connection as line:
                    self._answer(line)
            except OSError:
                continue

    def _answer(self, connection: socket.socket) -> None:
        self.requests.append(read_request(connection))
        if self.reset:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
            return
        for piece in self.pieces:
            if isinstance(piece, bytes):
                connection.sendall(piece)
            elif self._stopping.wait(piece):
                return


def read_request(connection: socket.socket) -> bytes:
    """Read a request with its body."""
    data = b""
    while b"\r\n\r\n" not in data:
        data += receive(connection)
    head, _, body = data.partition(b"\r\n\r\n")
    length = next(int(line[15:]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:"))
    while len(body) < length:
        body += receive(connection)
    return head + b"\r\n\r\n" + body


def receive(connection: socket.socket) -> bytes:
    """Read some bytes; a client that has hung up is an error."""
    data = connection.recv(65536)
    if not data:
        raise ConnectionError
    return data
