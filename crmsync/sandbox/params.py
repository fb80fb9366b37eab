"""Request parameters: URL query, form and JSON bodies become one nested mapping, bracket keys the PHP way."""

import json
import re
from functools import lru_cache
from typing import Any
from urllib.parse import unquote_plus

BRACKETS = re.compile(r"\[([^\[\]]*)\]")
Params = dict[str, Any]


def parse_form(text: str) -> Params:
    """Parse `filter[%3EID]=10&select[]=ID` into nested dicts and lists.

    Raises: nothing; a key with unbalanced brackets stays one flat key, as in PHP.
    """
    tree: Params = {}
    for pair in text.split("&"):
        if pair:
            raw_key, _, raw_value = pair.partition("=")
            _put(tree, path=_split_key(raw_key), value=unquote_plus(raw_value))
    return {key: _fold(value) for key, value in tree.items()}


def parse_body(body: bytes, *, content_type: str) -> Params:
    """Parse a request body as JSON or as a form.

    Raises: ValueError when a JSON body is not an object.
    """
    if not body:
        return {}
    if "json" not in content_type:
        return parse_form(body.decode("utf-8", errors="replace"))
    parsed = json.loads(body)
    if isinstance(parsed, dict):
        return parsed
    if parsed == []:
        return {}
    raise ValueError("a JSON body must be an object")


def read_param(params: Params, name: str, default: Any = None) -> Any:
    """Return a top-level parameter in either case; the upper-case twin is ignored when both are sent."""
    if name in params:
        return params[name]
    return params.get(name.upper(), default)


def read_mapping(params: Params, name: str) -> Params:
    """Return a parameter that should be an object; PHP writes the empty one as a list."""
    value = read_param(params, name)
    return value if isinstance(value, dict) else {}


def read_names(params: Params, name: str) -> list[str]:
    """Return a parameter that should be a list of names; a map's values and a lone name count too."""
    value = read_param(params, name)
    if isinstance(value, dict):
        value = list(value.values())
    if not isinstance(value, list):
        value = [] if value is None else [value]
    return [str(item) for item in value]


@lru_cache(maxsize=10_000)
def _split_key(raw_key: str) -> tuple[str, ...]:
    key = unquote_plus(raw_key)
    head, bracket, rest = key.partition("[")
    parts = BRACKETS.findall(bracket + rest)
    if not head or len("".join(f"[{part}]" for part in parts)) != len(bracket + rest):
        return (key,)
    return (head, *parts)


def _put(tree: Params, *, path: tuple[str, ...], value: str) -> None:
    for step in path[:-1]:
        child = tree.setdefault(step or str(len(tree)), {})
        if not isinstance(child, dict):
            return
        tree = child
    tree[path[-1] or str(len(tree))] = value


def _fold(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    folded = {key: _fold(child) for key, child in value.items()}
    return list(folded.values()) if list(folded) == [str(i) for i in range(len(folded))] else folded
