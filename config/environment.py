"""Typed readers for the environment: every knob is read here, and a bad value stops the start with one sentence."""

import os
import re
import secrets
import zoneinfo
from collections.abc import Callable
from email.utils import parseaddr
from pathlib import Path
from urllib.parse import urlsplit

import environ
from cryptography.fernet import Fernet
from django.core.exceptions import ImproperlyConfigured

ENGINES = ("sqlite", "postgres", "postgresql")
BROKERS = ("filesystem", "redis", "rediss", "amqp", "amqps", "memory")
FLAGS = {"1": True, "true": True, "yes": True, "on": True, "0": False, "false": False, "no": False, "off": False}


def refuse(name: str, what_to_do: str) -> ImproperlyConfigured:
    """Build the refusal of knob `name`; the value stays out of it, because it may be a secret."""
    return ImproperlyConfigured(f"{name} is wrong: {what_to_do}")


def read_text(name: str, default: str, allowed: tuple[str, ...] = ()) -> str:
    """Read a string knob, limited to `allowed` when given."""
    value = os.environ.get(name, "").strip() or default
    if allowed and value not in allowed:
        raise refuse(name, f"use one of {', '.join(allowed)}.")
    return value


def read_name(name: str, default: str) -> str:
    """Read a knob that becomes part of other names: a queue's, a file's, a key's."""
    value = read_text(name, default)
    if not re.fullmatch("[a-z0-9][a-z0-9-]{0,62}", value):
        raise refuse(name, "use small letters, digits and hyphens, such as itogi-test.")
    return value


def read_flag(name: str, default: bool) -> bool:
    """Read a yes/no knob."""
    value = os.environ.get(name, "").strip().lower()
    if not value:
        return default
    if value not in FLAGS:
        raise refuse(name, "use 1 or 0.")
    return FLAGS[value]


def read_number(name: str, default: int, *, least: int, most: int) -> int:
    """Read a whole number within bounds."""
    value = os.environ.get(name, "").strip()
    if not value:
        return default
    if not (value.isascii() and value.isdecimal() and len(value) <= 9 and least <= int(value) <= most):
        raise refuse(name, f"use a whole number from {least} to {most}.")
    return int(value)


def read_address(name: str, default: str) -> str:
    """Read the sender of letters: an e-mail address, with a name before it or without."""
    value = read_text(name, default)
    found = parseaddr(value)[1]
    if "@" not in found or "\n" in value:
        raise refuse(name, "use an e-mail address such as Itogi <itogi@example.ru>.")
    return value


def read_rate(name: str, default: str) -> str:
    """Read how often something may be done: a number of times a second, minute, hour or day."""
    value = read_text(name, default)
    if not re.fullmatch("[1-9][0-9]{0,8}/(s|min|hour|day)", value):
        raise refuse(name, "use a number and s, min, hour or day, such as 600/min.")
    return value


def read_list(name: str, default: list[str]) -> list[str]:
    """Read a comma-separated knob."""
    items = [item.strip() for item in os.environ.get(name, "").split(",") if item.strip()]
    return items or default


def read_hosts(name: str, default: list[str]) -> list[str]:
    """Read host names as Django expects them: no scheme, no path."""
    hosts = read_list(name, default)
    if any("/" in host or " " in host for host in hosts):
        raise refuse(name, "give host names such as itogi.example.ru, without https:// and without a path.")
    return hosts


def read_zone(name: str, default: str) -> str:
    """Read the name of a time zone."""
    value = read_text(name, default)
    try:
        zoneinfo.ZoneInfo(value)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise refuse(name, "use the name of a time zone such as Europe/Moscow.") from error
    return value


def read_database(name: str, default: str) -> dict:
    """Read a database URL, sqlite:///path or postgres://user:password@host:port/name, into Django's dictionary."""
    url = read_text(name, default)
    if urlsplit(url).scheme not in ENGINES:
        raise refuse(name, "use sqlite:///path or postgres://user:password@host:port/name.")
    settings = dict(environ.Env.db_url_config(url))
    if not settings.get("NAME"):
        raise refuse(name, "the name of the database is missing at its end.")
    return settings


def read_broker(name: str, default: str) -> str:
    """Read the address of the message broker."""
    url = read_text(name, default)
    if urlsplit(url).scheme not in BROKERS:
        raise refuse(name, "use filesystem://, redis://host:port/0 or amqp://user:password@host:port//.")
    return url


def read_or_make(path: Path, make: Callable[[], str]) -> str:
    """Read a secret kept in a file that only its owner can read; make it at the first start."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        # Two processes may start at once: link() lets exactly one of their files win.
        draft = path.with_suffix(f".{os.getpid()}")
        draft.touch(mode=0o600)
        draft.write_text(make(), encoding="ascii")
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text(encoding="ascii").strip()


def read_secret_key(name: str, path: Path) -> str:
    """Read Django's secret key, or keep one of our own in `path`."""
    value = os.environ.get(name, "").strip()
    if value and len(value) < 32:
        raise refuse(name, "use at least 32 random characters.")
    return value or read_or_make(path, lambda: secrets.token_urlsafe(50))


def read_encryption_keys(name: str, path: Path) -> list[str]:
    """Read the Fernet keys of encrypted fields, the newest first, or keep one of our own in `path`."""
    keys = read_list(name, []) or [read_or_make(path, lambda: Fernet.generate_key().decode())]
    try:
        for key in keys:
            Fernet(key)
    except ValueError as error:
        raise refuse(name, "each key is 32 bytes in URL-safe base64; make one with `make key`.") from error
    return keys
