"""The batch method: up to 50 commands in order, each seeing the results of those before it."""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from crmsync.sandbox.errors import RestError
from crmsync.sandbox.outcome import Outcome
from crmsync.sandbox.params import Params, parse_form, read_param

COMMAND_LIMIT = 50
PLACEHOLDER = re.compile(r"\$result((?:\[[^\[\]]*\])+)")
STEP = re.compile(r"\[([^\[\]]*)\]")
MISSING = object()
SECTIONS = ("result", "result_error", "result_total", "result_next", "result_time")
Run = Callable[[str, Params], Outcome]


def read_commands(params: Params) -> dict[str, str]:
    """Return the commands by key, in order; a list is keyed by position."""
    commands = read_param(params, "cmd") or {}
    if isinstance(commands, list):
        commands = {str(position): command for position, command in enumerate(commands)}
    if not isinstance(commands, dict):
        raise RestError(400, "ERROR_ARGUMENT", "Parameter 'cmd' must be an array")
    return {str(key): str(command) for key, command in commands.items()}


def name_method(command: str) -> str:
    """Return the method that a command calls."""
    return command.partition("?")[0].strip().lower().removesuffix(".json")


@lru_cache(maxsize=1000)
def parse_query(query: str) -> Params:
    """Parse a command's query; chains repeat theirs, and resolving placeholders copies what is shared here."""
    return parse_form(query)


def resolve_placeholders(value: Any, results: dict[str, Any]) -> Any:
    """Replace `$result[key][...]` in values by what earlier commands returned; unresolved text stays literal."""
    if isinstance(value, dict):
        return {key: resolve_placeholders(child, results) for key, child in value.items()}
    if isinstance(value, list):
        return [resolve_placeholders(child, results) for child in value]
    if "$result" not in value:
        return value
    whole = PLACEHOLDER.fullmatch(value)
    if whole:
        found = follow_path(results, STEP.findall(whole[1]))
        return value if found is MISSING else found if isinstance(found, dict | list) else str(found)
    return PLACEHOLDER.sub(lambda match: _inline(match, results), value)


def _inline(match: re.Match[str], results: dict[str, Any]) -> str:
    found = follow_path(results, STEP.findall(match[1]))
    return match[0] if found is MISSING or isinstance(found, dict | list) else str(found)


def follow_path(results: Any, steps: list[str]) -> Any:
    """Follow keys and positions into nested results; MISSING when a step leads nowhere."""
    for step in steps:
        if isinstance(results, dict) and step in results:
            results = results[step]
        elif isinstance(results, list) and step.isdigit() and int(step) < len(results):
            results = results[int(step)]
        else:
            return MISSING
    return results


def run_batch(params: Params, run: Run, *, overflow: str = "commands") -> Any:
    """Run the commands and collect the five maps of a batch result.

    Raises: RestError when the request as a whole is refused.
    """
    commands = read_commands(params)
    if len(commands) > COMMAND_LIMIT and overflow == "request":
        raise length_exceeded()
    halt = str(read_param(params, "halt", 0)).lower() in ("1", "true", "y")
    outcomes: dict[str, Outcome] = {}
    results: dict[str, Any] = {}
    for position, (key, command) in enumerate(commands.items()):
        outcome = run_command(command, results, run) if position < COMMAND_LIMIT else Outcome(length_exceeded())
        outcomes[key] = outcome
        if outcome.error is None:
            results[key] = outcome.result
        elif halt:
            break
    return collect(outcomes)


def run_command(command: str, results: dict[str, Any], run: Run) -> Outcome:
    """Run one command; a batch inside a batch is refused."""
    method, params = name_method(command), parse_query(command.partition("?")[2])
    if method == "batch":
        return Outcome(RestError(405, "ERROR_BATCH_METHOD_NOT_ALLOWED", "Method is not allowed for batch usage"))
    return run(method, resolve_placeholders(params, results))


def length_exceeded() -> RestError:
    """Make the error for a command too many."""
    return RestError(400, "ERROR_BATCH_LENGTH_EXCEEDED", "Max batch length exceeded")


def collect(outcomes: dict[str, Outcome]) -> dict[str, Any]:
    """Sort outcomes into the maps of a batch result; PHP writes an empty map, and a gapless one, as a list."""
    maps: dict[str, dict[str, Any]] = {section: {} for section in SECTIONS}
    for key, outcome in outcomes.items():
        if outcome.error is not None:
            maps["result_error"][key] = outcome.error.body()
            continue
        maps["result"][key] = outcome.result
        maps["result_time"][key] = outcome.time
        if outcome.total is not None:
            maps["result_total"][key] = outcome.total
        if outcome.next is not None:
            maps["result_next"][key] = outcome.next
    return {section: as_php(found) for section, found in maps.items()}


def as_php(found: dict[str, Any]) -> Any:
    """Write a map the way PHP encodes an array."""
    return list(found.values()) if list(found) == [str(i) for i in range(len(found))] else found
