"""A pytest plugin: the suite fails when a webhook's code comes out anywhere.

Tests of the synchronisation use CANARY as the code. Every way out is watched during the whole run: logs,
exceptions, output of commands and processes, pages, SQL parameters in clear, task arguments.
"""

import functools
import logging
import subprocess
import traceback
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import structlog
from celery.signals import before_task_publish, task_prerun
from django.core.management.base import OutputWrapper
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from django.test import Client

CANARY = "canary-s3cret-7f3a"
OURS = ("config", "crmsync", "surveys", "kpis", "targets")


def holds_canary(text: Any) -> bool:
    """Tell whether text, bytes or the written form of anything else holds the canary."""
    return CANARY in (text if isinstance(text, str) else repr(text))


class Net:
    """What came out so far, by the way it came out; the text itself is not kept."""

    def __init__(self) -> None:
        self.leaks: list[str] = []
        self.reported: list[str] = []

    def scan(self, way: str, text: Any) -> None:
        if holds_canary(text):
            self.leaks.append(way)

    def take(self) -> list[str]:
        leaks, self.leaks = self.leaks, []
        return leaks


NET = Net()


def walk_chain(error: BaseException | None) -> Iterator[BaseException]:
    """Walk from an exception to the causes that a traceback would print."""
    while error is not None:
        yield error
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def scan_exception(way: str, error: BaseException | None) -> None:
    """Scan text, arguments and attributes; source lines of a traceback may name the canary rightly."""
    for link in walk_chain(error):
        NET.scan(way, [traceback.format_exception_only(link), link.args, vars(link)])


class LogNet(logging.Handler):
    """Scans what our formatter makes of every record, and the raw record where the logger is ours."""

    def emit(self, record: logging.LogRecord) -> None:
        for handler in logging.getLogger().handlers:
            if isinstance(handler.formatter, structlog.stdlib.ProcessorFormatter):
                NET.scan("log line", handler.format(record))
        if record.name.split(".")[0] in OURS:
            NET.scan("log record", [record.getMessage(), record.args])
            scan_exception("logged exception", record.exc_info[1] if record.exc_info else None)


def scan_event(_logger: Any, _name: str, event: Any) -> Any:
    """Scan a structlog event before our own processors have redacted it."""
    NET.scan("log event", event)
    scan_exception("logged exception", event["exc_info"] if isinstance(event.get("exc_info"), Exception) else None)
    return event


def scan_sql(execute: Callable, sql: str, params: Any, many: bool, context: dict) -> Any:
    """Scan the parameters of a statement: in clear, a secret reaches the database only by mistake."""
    for row in params if many and isinstance(params, list) else [params or ()]:
        values = row.values() if isinstance(row, dict) else row
        for value in values:
            if isinstance(value, str) and CANARY in value:
                NET.scan("SQL parameter", value)
    return execute(sql, params, many, context)


def watch_connection(connection: BaseDatabaseWrapper, **_: Any) -> None:
    if scan_sql not in connection.execute_wrappers:
        connection.execute_wrappers.append(scan_sql)


def wrap(owner: type, name: str, look: Callable[[Any, tuple, Any], None]) -> None:
    """Let `look` see the arguments and the result of a method's every call."""
    method = getattr(owner, name)

    @functools.wraps(method)
    def watched(self: Any, *args: Any, **kwargs: Any) -> Any:
        result = method(self, *args, **kwargs)
        look(self, args, result)
        return result

    setattr(owner, name, watched)


def scan_response(_client: Any, _args: tuple, response: Any) -> None:
    NET.scan("page", response.headers.items())
    if not response.streaming:
        NET.scan("page", response.content)


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "plants_a_leak: a control of the canary; what it prints is not judged")
    logging.getLogger().addHandler(LogNet())
    structlog.configure(processors=[scan_event, *structlog.get_config()["processors"]])
    connection_created.connect(watch_connection)
    before_task_publish.connect(lambda body, **_: NET.scan("task argument", body), weak=False)
    task_prerun.connect(lambda args, kwargs, **_: NET.scan("task argument", [args, kwargs]), weak=False)
    wrap(Client, "request", scan_response)
    wrap(OutputWrapper, "write", lambda _self, args, _result: NET.scan("command output", args))
    wrap(subprocess.Popen, "communicate", lambda _self, _args, result: NET.scan("process output", result))
    wrap(pytest.CaptureFixture, "readouterr", lambda _self, _args, result: NET.scan("output", result))
    wrap(pytest.RaisesExc, "__exit__", lambda _self, args, _result: scan_exception("exception", args[1]))


@pytest.fixture(autouse=True)
def secrets_stay_inside() -> Iterator[None]:
    yield
    leaks = NET.take()
    assert not leaks, f"the webhook's code came out through: {', '.join(sorted(set(leaks)))}"
    assert not find_silenced(), "a logger of ours was switched off, so that the net would be blind"


def find_silenced() -> list[str]:
    """Name our loggers that something has disabled, as a careless logging set-up does."""
    known = logging.root.manager.loggerDict.items()
    return [name for name, logger in known if name.split(".")[0] in OURS and getattr(logger, "disabled", False)]


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    if "plants_a_leak" in report.keywords:
        return
    sections = [title for title, content in report.sections if holds_canary(content)]
    NET.reported += [f"{title} of {report.nodeid}" for title in sections]


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    NET.reported += NET.take()
    if NET.reported:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: Any) -> None:
    for way in sorted(set(NET.reported)):
        terminalreporter.write_line(f"the webhook's code came out: {way}", red=True)
