"""The suite keeps to itself: no network but loopback, no data folder of the product."""

import socket
import tempfile
from pathlib import Path

import pytest
from django.conf import settings
from pytest_socket import SocketConnectBlockedError

DOCUMENTATION_NET = ("192.0.2.1", 80)


# The guard warns as well, and warnings are errors here.
@pytest.mark.filterwarnings("ignore:A test tried to use socket")
def test_connection_to_the_outside_is_refused() -> None:
    with socket.socket() as outward, pytest.raises(SocketConnectBlockedError):
        outward.settimeout(1)
        outward.connect(DOCUMENTATION_NET)


def test_loopback_is_allowed() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()) as client:
        assert client.getpeername() == server.getsockname()


def test_names_are_not_looked_up() -> None:
    with pytest.raises(socket.gaierror):
        socket.getaddrinfo("portal.example", 443)


def test_data_folder_is_temporary() -> None:
    assert settings.DATA_DIR.is_relative_to(Path(tempfile.gettempdir()))
    assert not settings.DATA_DIR.is_relative_to(settings.BASE_DIR)
