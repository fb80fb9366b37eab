"""Serve a sandbox portal on loopback until interrupted."""

import argparse
import errno
import re
import signal
import threading
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crmsync.sandbox.company import make_company
from crmsync.sandbox.faults import parse_fault
from crmsync.sandbox.folder import FolderError, read_folder
from crmsync.sandbox.knobs import DEFAULT_CODE
from crmsync.sandbox.living import Living
from crmsync.sandbox.server import SandboxServer
from crmsync.sandbox.store import Store

REFUSALS = {
    "no_folder": gettext_lazy("There is no folder %(file)s: name one that holds records."),
    "empty_folder": gettext_lazy("The folder %(file)s holds no records: put files such as deals.jsonl there."),
    "unknown_file": gettext_lazy("The file %(file)s is not a collection: use the names %(detail)s."),
    "broken_settings": gettext_lazy("The settings in %(file)s cannot be read: write one JSON object."),
    "wrong_setting": gettext_lazy("The setting %(detail)s in %(file)s is unknown or wrong: see docs/sandbox.md."),
    "broken_line": gettext_lazy("Line %(line)s of %(file)s is no record: write one JSON object a line."),
    "no_key": gettext_lazy("Line %(line)s of %(file)s has no usable %(detail)s: every record needs it."),
    "repeated_key": gettext_lazy("Line %(line)s of %(file)s repeats %(detail)s: keep one record of each."),
}


class Command(BaseCommand):
    help = str(gettext_lazy("Serve a sandbox portal on 127.0.0.1 until interrupted."))
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=8900, help=_("port on 127.0.0.1; 0 takes a free one"))
        parser.add_argument("--deals", type=read_count, default=2000, help=_("size of the made-up company"))
        parser.add_argument("--employees", type=read_count, help=_("how many people work there"))
        parser.add_argument("--seed", type=int, default=1, help=_("another seed makes another company"))
        parser.add_argument("--data", type=Path, metavar="DIR", help=_("serve this folder of records instead"))
        parser.add_argument("--living", action="store_true", help=_("let records come and change as time passes"))
        parser.add_argument("--speed", type=read_speed, default=1.0, help=_("how much faster things happen"))
        parser.add_argument(
            "--bucket", type=read_bucket, default=(50, 2.0), metavar="50/2|off", help=_("request limit")
        )
        parser.add_argument(
            "--operating-limit", type=read_limit, default=480.0, metavar="480|off", help=_("seconds of work a method")
        )
        parser.add_argument("--code", type=read_code, default=DEFAULT_CODE, help=_("secret part of the webhook"))
        parser.add_argument("--now", type=read_moment, metavar="ISO", help=_("the portal's time when it starts"))
        parser.add_argument(
            "--fault",
            type=read_fault,
            action="append",
            default=[],
            metavar="KIND[=VALUE][:METHOD][:N|P]",
            help=_("something that goes wrong; may be repeated"),
        )

    def handle(self, *args: Any, **options: Any) -> None:
        clock = make_clock(options["now"])
        server = self.open_server(self.make_store(options, clock=clock), options)
        for fault in options["fault"]:
            server.faults.add(**fault)
        stopping = threading.Event()
        before = {number: catch(number, stopping) for number in (signal.SIGTERM, signal.SIGINT)}
        try:
            with server:
                self.stdout.write(_("Connect with: %(url)s") % {"url": server.url})
                self.stdout.write(_("Ctrl-C ends the sandbox."))
                self.stdout.flush()
                self.serve(server.store, stopping, options)
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def make_store(self, options: dict[str, Any], *, clock: Callable[[], float]) -> Store:
        """Read the folder of records or make up a company."""
        if options["data"] is None:
            wanted = {name: options[name] for name in ("deals", "employees", "seed")}
            return make_company(**wanted, clock=clock)
        try:
            return read_folder(options["data"], clock=clock)
        except FolderError as error:
            told = {"file": error.path, "line": error.line, "detail": error.detail}
            raise CommandError(REFUSALS[error.reason] % told, returncode=2) from None

    def open_server(self, store: Store, options: dict[str, Any]) -> SandboxServer:
        """Listen on the port asked for."""
        capacity, leak = options["bucket"]
        knobs = {"bucket_capacity": capacity, "bucket_leak": leak, "operating_limit": options["operating_limit"]}
        try:
            return SandboxServer(store, port=options["port"], code=options["code"], **knobs)
        except (OSError, OverflowError) as error:
            taken = isinstance(error, OSError) and error.errno == errno.EADDRINUSE
            text = _("Port %(port)s is taken: choose another with --port.") if taken else _("No port %(port)s here.")
            raise CommandError(text % {"port": options["port"]}, returncode=2) from None

    def serve(self, store: Store, stopping: threading.Event, options: dict[str, Any]) -> None:
        """Wait for a signal, and let the office work meanwhile when asked to."""
        if options["living"]:
            Living(store, speed=options["speed"], seed=options["seed"]).live(stopping)
        else:
            stopping.wait()


def catch(number: int, stopping: threading.Event) -> Any:
    """Let a signal end the sandbox; return what handled it before."""
    return signal.signal(number, lambda *_: stopping.set())


def make_clock(now: float | None) -> Callable[[], float]:
    """Return the real clock, or one that starts at `now`."""
    if now is None:
        return time.time
    started = time.monotonic()
    return lambda: now + time.monotonic() - started


def read_count(text: str) -> int:
    """Read a whole number above zero."""
    if not text.isdigit() or int(text) == 0:
        raise argparse.ArgumentTypeError(_("a whole number above zero is needed"))
    return int(text)


def read_speed(text: str) -> float:
    """Read a factor above zero."""
    if not re.fullmatch(r"\d+(\.\d+)?", text) or float(text) == 0:
        raise argparse.ArgumentTypeError(_("a number above zero is needed"))
    return float(text)


def read_bucket(text: str) -> tuple[float, float]:
    """Read "50/2", requests at once and requests a second, or "off"."""
    match = re.fullmatch(r"(\d+)/(\d+(?:\.\d+)?)", text)
    if text != "off" and not match:
        raise argparse.ArgumentTypeError(_("write it like 50/2, or off"))
    return (float(match[1]), float(match[2])) if match else (0.0, 0.0)


def read_limit(text: str) -> float:
    """Read seconds or "off"."""
    return 0.0 if text == "off" else read_speed(text)


def read_code(text: str) -> str:
    """Read a webhook's code."""
    if not re.fullmatch(r"[A-Za-z0-9_-]+", text):
        raise argparse.ArgumentTypeError(_("use letters, digits, _ and -"))
    return text


def read_moment(text: str) -> float:
    """Read an ISO moment; one without an offset is local to this machine."""
    try:
        return datetime.fromisoformat(text).timestamp()
    except ValueError:
        raise argparse.ArgumentTypeError(_("write a moment like 2026-10-05T12:00:00+03:00")) from None


def read_fault(text: str) -> dict[str, Any]:
    """Read one fault."""
    try:
        return parse_fault(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
