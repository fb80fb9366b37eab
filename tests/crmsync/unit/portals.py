"""Small portals on loopback, and the commands that speak to them."""

from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from crmsync.models import Portal, RateLimit
from crmsync.sandbox import SandboxServer, Store
from tests.canary import CANARY

USERS = [{"ID": "1", "NAME": "Алиса", "LAST_NAME": "Волкова", "ACTIVE": True}]
LONG_AGO = {"createdTime": "2020-03-01T10:00:00+03:00", "updatedTime": "2020-03-02T10:00:00+03:00"}
DEALS = [{"id": number, "title": f"Сделка {number}", "assignedById": 1, **LONG_AGO} for number in (1, 2, 3)]


@contextmanager
def serve(*, scopes: tuple[str, ...] = ("crm", "user", "department"), **options: Any) -> Iterator[SandboxServer]:
    store = Store.from_records({"users": USERS, "deals": DEALS}, scopes=scopes)
    with SandboxServer(store, code=CANARY, bucket_capacity=0, **options) as server:
        yield server


def run(command: str, *arguments: str) -> str:
    """Run a command and return what it prints."""
    out = StringIO()
    call_command(command, *arguments, stdout=out)
    return out.getvalue()


def refuse(command: str, *arguments: str, code: int = 2) -> str:
    """Run a command that fails with one sentence, and return it."""
    with pytest.raises(CommandError) as refused:
        run(command, *arguments)
    sentence = str(refused.value)
    assert (refused.value.returncode, sentence.count("\n"), sentence[-1]) == (code, 0, ".")
    assert CANARY not in sentence
    return sentence


def nothing_is_written() -> bool:
    return not Portal.objects.exists() and not RateLimit.objects.exists()
