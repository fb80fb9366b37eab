"""Batches: up to 50 commands in one request, and one outcome for each of them whatever the portal sends back."""

from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from typing import Any

from crmsync.bitrix24.answers import Answer, make_answer
from crmsync.bitrix24.encoding import encode_command
from crmsync.bitrix24.errors import NotExecuted, PortalError, TransientError, classify

Command = tuple[str, Mapping[str, Any]]
MOST_COMMANDS = 50
PARTS = ("result", "result_error", "result_total", "result_next", "result_time")


def cut_commands(commands: Mapping[str, Command]) -> Iterator[dict[str, Command]]:
    """Cut commands into parts that one request takes."""
    items = iter(commands.items())
    while part := dict(islice(items, MOST_COMMANDS)):
        yield part


def write_batch(commands: Mapping[str, Command], *, halt: bool) -> dict[str, Any]:
    """Write the parameters of the `batch` method."""
    return {
        "halt": int(halt),
        "cmd": {key: encode_command(method, params) for key, (method, params) in commands.items()},
    }


def read_batch(
    body: Mapping[str, Any], commands: Mapping[str, Command], *, conceal: Callable[[str], str] = str
) -> dict[str, Answer | PortalError]:
    """Give every command its outcome, in the order of the commands.

    Empty: a command that is neither among the results nor among the errors was not executed.
    Raises: TransientError when the answer is no batch's.
    """
    outer = body["result"]
    if not isinstance(outer, dict) or not {"result", "result_error"} & outer.keys():
        raise TransientError("UNEXPECTED_ANSWER", method="batch")
    parts = {name: read_map(outer.get(name)) for name in PARTS}
    return {key: read_outcome(key, method, parts, conceal) for key, (method, _) in commands.items()}


def read_outcome(
    key: str, method: str, parts: Mapping[str, Mapping[str, Any]], conceal: Callable[[str], str]
) -> Answer | PortalError:
    """Find one command's answer or error."""
    if key in parts["result_error"]:
        return classify(status=200, body=parts["result_error"][key], method=method, conceal=conceal)
    if key not in parts["result"]:
        return NotExecuted("NOT_EXECUTED", method=method)
    return make_answer(
        parts["result"][key],
        total=parts["result_total"].get(key),
        next_=parts["result_next"].get(key),
        time=parts["result_time"].get(key),
    )


def read_map(value: Any) -> Mapping[str, Any]:
    """Read a map as PHP may write it: an empty one, or one with the keys 0, 1, 2 …, is a list."""
    if isinstance(value, dict):
        return value
    return {str(index): item for index, item in enumerate(value)} if isinstance(value, list) else {}
