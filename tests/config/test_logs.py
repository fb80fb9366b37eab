"""Log lines: one a record, JSON without a terminal, and no secret in any corner of them."""

import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
import structlog

from config.logs import redact

CODE = "s3cret0code"
ADDRESS = f"https://portal.example/rest/1/{CODE}/crm.item.list"


class Lines(logging.Handler):
    """Keeps what our formatter makes of each record."""

    def __init__(self, formatter: logging.Formatter) -> None:
        super().__init__()
        self.setFormatter(formatter)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))

    @property
    def event(self) -> dict[str, Any]:
        return json.loads(self.lines[-1])


@pytest.fixture
def lines() -> Iterator[Lines]:
    root = logging.getLogger()
    formatters = (handler.formatter for handler in root.handlers)
    handler = Lines(next(it for it in formatters if isinstance(it, structlog.stdlib.ProcessorFormatter)))
    root.addHandler(handler)
    yield handler
    root.removeHandler(handler)


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        (ADDRESS, "https://portal.example/rest/1/***/crm.item.list"),
        (f"url: /rest/17/{CODE}/ (caused by)", "url: /rest/17/***/ (caused by)"),
        (f"?auth={CODE}&x=1", "?auth=***&x=1"),
        ("nothing to hide", "nothing to hide"),
    ],
)
def test_credentials_are_cut_out(text: str, clean: str) -> None:
    assert redact(text) == clean


def test_event_is_one_line_of_json(lines: Lines) -> None:
    structlog.get_logger("kpis.facts").info("filled", rows=3)
    assert (lines.event["event"], lines.event["rows"], lines.event["level"]) == ("filled", 3, "info")
    assert "\n" not in lines.lines[-1]


def test_string_of_an_event_is_redacted(lines: Lines) -> None:
    structlog.get_logger("crmsync.client").info("call", url=ADDRESS)
    assert CODE not in lines.lines[-1]


def test_nested_value_is_redacted(lines: Lines) -> None:
    structlog.get_logger("crmsync.client").info("call", tried=[{"url": ADDRESS}], error=OSError(ADDRESS))
    assert CODE not in lines.lines[-1]
    assert "***" in lines.lines[-1]


def test_argument_of_a_foreign_record_is_redacted(lines: Lines) -> None:
    logging.getLogger("somebody.else").warning("GET %s", ADDRESS)
    assert lines.event["event"].startswith("GET https://portal.example/rest/1/***")


def test_traceback_is_redacted(lines: Lines) -> None:
    try:
        raise OSError(ADDRESS)
    except OSError:
        logging.getLogger("somebody.else").exception("failed")
    assert "OSError" in lines.event["exception"]
    assert CODE not in lines.lines[-1]
