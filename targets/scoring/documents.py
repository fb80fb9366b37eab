"""JSON texts as they are sent to be scored: one document, or a document a line. Pure."""

import json
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from targets.scoring.errors import ScoringError


class Numeral(str):
    """A number as it was written: read by whoever knows what it is, so no digit is lost and none is too many."""

    __slots__ = ()


def read_documents(text: str) -> Iterator[tuple[int, Any]]:
    """Read the documents of a text with the lines on which they begin.

    Raises: ScoringError, which names the line, when there is no document or one cannot be read.
    """
    pieces = split_documents(text)
    if not pieces:
        raise ScoringError(_("There is no case to read: give a JSON object, or one a line."))
    for line, piece in pieces:
        yield line, parse_document(piece, line=line)


def split_documents(text: str) -> list[tuple[int, str]]:
    """Split a text into lines where its first or its last one is a document by itself; else it is one document."""
    lines = [(number, line) for number, line in enumerate(text.split("\n"), start=1) if line.strip()]
    # Looking at both ends finds JSON lines even where one of them is broken.
    if len(lines) < 2 or is_document(lines[0][1]) or is_document(lines[-1][1]):
        return lines
    number = lines[0][0]
    return [(number, "\n".join(text.split("\n")[number - 1 :]))]


def is_document(text: str) -> bool:
    """Tell whether a text is a JSON object by itself."""
    try:
        return isinstance(DECODER.decode(text.strip()), dict)
    except (ScoringError, RecursionError, json.JSONDecodeError):
        return False


def parse_document(text: str, *, line: int) -> Any:
    """Parse one document that begins on a line. Raises: ScoringError, which names the line."""
    try:
        return DECODER.decode(text.strip())
    except json.JSONDecodeError as error:
        told = {"line": line + error.lineno - 1, "column": error.colno}
        raise ScoringError(_("Line %(line)d is not JSON: see column %(column)d.") % told) from error
    except RecursionError as error:
        raise ScoringError(_("Line %(line)d is nested too deeply.") % {"line": line}) from error
    except ScoringError as error:
        raise locate(error, line=line) from error


def locate(error: ScoringError, *, line: int) -> ScoringError:
    """Say on which line something is wrong."""
    return ScoringError(_("Line %(line)d: %(problem)s") % {"line": line, "problem": error})


def collect_pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Collect the keys of an object, each once. Raises: ScoringError."""
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _value in pairs]
        twice = next(key for place, key in enumerate(keys) if key in keys[:place])
        raise ScoringError(_("The key “%(key)s” comes twice.") % {"key": twice[:40]})
    return found


DECODER = json.JSONDecoder(
    parse_float=Numeral, parse_int=Numeral, parse_constant=Numeral, object_pairs_hook=collect_pairs
)
