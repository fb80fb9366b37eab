"""Knobs: each is read in its type, and a bad value is refused with one sentence that does not repeat it."""

import os
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from config import environment

KNOB = "ITOGI_TEST_KNOB"
BAD = [
    (lambda: environment.read_flag(KNOB, False), "perhaps"),
    (lambda: environment.read_text(KNOB, "ru", ("ru", "en")), "de"),
    (lambda: environment.read_hosts(KNOB, []), "https://itogi.example"),
    (lambda: environment.read_rate(KNOB, "600/min"), "600 per hour"),
    (lambda: environment.read_rate(KNOB, "600/min"), "0/min"),
    (lambda: environment.read_zone(KNOB, "UTC"), "Moscow/Europe"),
    (lambda: environment.read_database(KNOB, "sqlite:///x"), "mysql://user:hidden@host/name"),
    (lambda: environment.read_database(KNOB, "sqlite:///x"), "postgres://user:hidden@host"),
    (lambda: environment.read_broker(KNOB, "filesystem://"), "sqs://hidden@host"),
    (lambda: environment.read_secret_key(KNOB, Path("unused")), "short-and-hidden"),
    (lambda: environment.read_encryption_keys(KNOB, Path("unused")), "hidden-and-no-key"),
]


@pytest.mark.parametrize(("read", "value"), BAD)
def test_bad_value_is_refused_without_repeating_it(
    read: Callable[[], Any], value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(KNOB, value)
    with pytest.raises(ImproperlyConfigured, match=f"^{KNOB} is wrong: [^\n]+\\.$") as refusal:
        read()
    assert "hidden" not in str(refusal.value)


@pytest.mark.parametrize(("value", "flag"), [("1", True), ("Yes", True), ("off", False), ("0", False), ("", False)])
def test_flag_is_read(value: str, flag: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(KNOB, value)
    assert environment.read_flag(KNOB, False) is flag


def test_list_is_split_at_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(KNOB, "a.example, b.example,")
    assert environment.read_hosts(KNOB, []) == ["a.example", "b.example"]


def test_database_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(KNOB, "postgres://itogi:pw@db.example:5433/sales")
    database = environment.read_database(KNOB, "sqlite:///x")
    assert (database["NAME"], database["HOST"], database["PORT"]) == ("sales", "db.example", 5433)


def test_keys_are_read_newest_first(monkeypatch: pytest.MonkeyPatch) -> None:
    keys = [Fernet.generate_key().decode() for _ in range(2)]
    monkeypatch.setenv(KNOB, ",".join(keys))
    assert environment.read_encryption_keys(KNOB, Path("unused")) == keys


def test_kept_secret_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    path = tmp_path / "data" / "key"
    made = environment.read_or_make(path, lambda: "first")
    assert (made, environment.read_or_make(path, lambda: "second")) == ("first", "first")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_start_with_a_bad_knob_ends_with_one_sentence(tmp_path: Path) -> None:
    knobs = os.environ | {"DATA_DIR": str(tmp_path), "TIME_ZONE": "Mars/Olympus"}
    command = [sys.executable, "manage.py", "check"]
    done = subprocess.run(command, cwd=settings.BASE_DIR, env=knobs, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr == "TIME_ZONE is wrong: use the name of a time zone such as Europe/Moscow.\n"
