"""Ports on which nobody listens."""

import socket


def find_closed_port() -> int:
    """Find a port of this machine that was free a moment ago."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]
