"""Fixtures of the client's tests."""

import datetime
import ipaddress
import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from crmsync.bitrix24.client import Client
from crmsync.bitrix24.credentials import parse_webhook
from crmsync.sandbox import SandboxServer, Store
from tests.crmsync.bitrix24.doubles import LEAD_IDS, SECRET, OpenThrottle, Time


@pytest.fixture
def store() -> Store:
    leads = [{"id": number, "title": f"Лид {number}"} for number in LEAD_IDS]
    users = [{"ID": str(number), "NAME": "Alice"} for number in range(1, 131)]
    return Store.from_records({"leads": leads, "users": users})


@pytest.fixture
def server(store: Store) -> Iterator[SandboxServer]:
    with SandboxServer(store, bucket_capacity=0, code=SECRET) as running:
        yield running


def connect(server: SandboxServer, **options: Any) -> Client:
    time = Time()
    throttle: Any = OpenThrottle(time)
    return Client(parse_webhook(server.url), throttle=throttle, sleep=time.sleep, **options)


@pytest.fixture
def client(server: SandboxServer) -> Iterator[Client]:
    with connect(server) as connected:
        yield connected


@pytest.fixture
def patient(server: SandboxServer) -> Iterator[Client]:
    """A client that does not give up; it sleeps without waiting."""
    with connect(server, attempts=100, deadline=1e6) as connected:
        yield connected


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A key and a certificate for 127.0.0.1 that only itself vouches for."""
    return sign_certificate(tmp_path_factory.mktemp("tls") / "server.pem")


@pytest.fixture
def tls(certificate: Path) -> ssl.SSLContext:
    """What a server needs to show that certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


def sign_certificate(path: Path) -> Path:
    """Write a key and a certificate signed by it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "romashka.example")])
    begin = datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(1).not_valid_before(begin).not_valid_after(begin + datetime.timedelta(days=99999))
    loopback = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    builder = builder.add_extension(loopback, critical=False)
    plain = serialization.NoEncryption()
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    path.write_bytes(pem + builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
    return path
