"""Structured logs: one line an event, JSON where no person watches, with secrets cut out before anything is written."""

import logging.config
import re
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

# A webhook's code is the path segment after the user id, an invitation's and a reset's stand at the end of theirs;
# OAuth tokens travel as `auth=`.
SECRETS = re.compile(
    r"((?:/rest/\d+|/invite|/password/reset/key)/)[^/\s\"'?]+"
    r"|((?:auth|access_token|refresh_token|client_secret)=)[^&\s\"']+"
)


def redact(text: str) -> str:
    """Replace credentials inside URLs by three asterisks."""
    return SECRETS.sub(lambda match: f"{match[1] or match[2]}***", text)


def redact_event(_logger: Any, _name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Redact every string of a log event, the rendered traceback included."""
    return {key: redact(value) if isinstance(value, str) else value for key, value in event.items()}


def redact_line(_logger: Any, _name: str, line: str) -> str:
    """Redact the finished line, for what was nested deeper than a string of the event."""
    return redact(line)


SHARED: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.PositionalArgumentsFormatter(),
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.format_exc_info,
    redact_event,
]


def configure(*, level: str) -> None:
    """Send structlog's and the standard library's records through one formatter to stderr."""
    renderer: Any = structlog.processors.JSONRenderer(ensure_ascii=False)
    if sys.stderr.isatty():
        renderer = structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
    structlog.configure(
        processors=[*SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    formatter = {
        "()": structlog.stdlib.ProcessorFormatter,
        "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, redact_event, renderer, redact_line],
        "foreign_pre_chain": SHARED,
    }
    handler = {"class": "logging.StreamHandler", "formatter": "lines"}
    # urllib3 prints request paths at DEBUG and retried URLs at WARNING: neither helps, both hold the secret.
    # kombu.connection misses a host name at every start with filesystem://, which has none.
    quiet = {"level": "ERROR"}
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {"lines": formatter},
            "handlers": {"stderr": handler},
            "root": {"handlers": ["stderr"], "level": level},
            "loggers": {
                "urllib3": quiet,
                "kombu": {"level": "WARNING"},
                "kombu.connection": quiet,
                "amqp": {"level": "WARNING"},
            },
        }
    )
