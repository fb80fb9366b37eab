"""Reads the fields of a JSON case one by one; whatever does not fit is refused with its path. Pure."""

import json
import re
from collections.abc import Collection, Mapping
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any, TypeVar

from django.utils.translation import gettext as _

from targets.scoring.documents import Numeral
from targets.scoring.errors import ScoringError

# Enough for any amount with the digits of a division, and far from numbers that take minutes.
MOST_DIGITS = 30
MOST_LETTERS = 100
SHOWN_LETTERS = 40
NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]{1,9})?")
COUNT = re.compile(r"[0-9]{1,15}")
Raw = Mapping[str, Any]
Choice = TypeVar("Choice", bound=StrEnum)


def refuse(path: str, problem: str) -> ScoringError:
    """Say what is wrong with the field at a path."""
    return ScoringError(f"{path}: {problem}")


def show(raw: Any) -> str:
    """Show a value that was refused, cut to what fits a sentence."""
    if isinstance(raw, dict | list | tuple):
        return "{…}" if isinstance(raw, dict) else "[…]"
    text = raw if isinstance(raw, str) else write_number(raw) or json.dumps(raw, default=str)
    printable = "".join(letter if letter.isprintable() else "?" for letter in text[: SHOWN_LETTERS + 1])
    return printable if len(printable) <= SHOWN_LETTERS else printable[:SHOWN_LETTERS] + "…"


def read_object(raw: Any, *, path: str, required: Collection[str], optional: Collection[str] = ()) -> Raw:
    """Read an object whose keys are known. Raises: ScoringError."""
    if not isinstance(raw, dict):
        raise refuse(path, _("this must be an object."))
    for key in required:
        if key not in raw:
            raise refuse(path, _("the key “%(key)s” is missing.") % {"key": key})
    for key in raw:
        if key not in required and key not in optional:
            known = ", ".join([*required, *optional])
            raise refuse(
                path, _("the key “%(key)s” is unknown; known are %(known)s.") % {"key": show(key), "known": known}
            )
    return raw


def read_list(raw: Any, *, path: str, most: int) -> list[Any]:
    """Read a list that is not too long. Raises: ScoringError."""
    if not isinstance(raw, list | tuple):
        raise refuse(path, _("this must be a list."))
    if len(raw) > most:
        raise refuse(path, _("this list has more than %(most)d entries.") % {"most": most})
    return list(raw)


def read_number(raw: Any, *, path: str) -> Decimal:
    """Read a number from a text or JSON's own form; a float has lost digits and is refused. Raises: ScoringError."""
    text = raw if isinstance(raw, str) else write_number(raw)
    if text is None:
        raise refuse(path, _('this must be a number in a text, such as "1234.56".'))
    if not NUMBER.fullmatch(text):
        raise refuse(path, _("“%(value)s” is not a number such as 1234.56.") % {"value": show(text)})
    number = Decimal(text)
    if is_too_long(number, text):
        told = {"value": show(text), "most": MOST_DIGITS}
        raise refuse(path, _("“%(value)s” has more than %(most)d digits before or after the point.") % told)
    return number


def write_number(raw: Any) -> str | None:
    """Write a number that is no text yet. Empty: None for what is none."""
    # Through Decimal, because Python refuses to write whole numbers of many digits.
    return str(Decimal(raw)) if isinstance(raw, int | Decimal) and not isinstance(raw, bool) else None


def is_too_long(number: Decimal, text: str) -> bool:
    """Tell whether a number has too many digits on either side of the point."""
    if len(text) <= MOST_DIGITS and "e" not in text.lower():
        return False
    exponent = number.as_tuple().exponent
    return number.adjusted() >= MOST_DIGITS or not isinstance(exponent, int) or exponent < -MOST_DIGITS


def read_share(raw: Any, *, path: str) -> Decimal | Fraction:
    """Read a share: a number, or days by days such as 15/22, which no decimal can say. Raises: ScoringError."""
    if not isinstance(raw, str) or "/" not in raw:
        return read_number(raw, path=path)
    worked, _slash, whole = raw.partition("/")
    if not (COUNT.fullmatch(worked) and COUNT.fullmatch(whole)) or not int(whole):
        raise refuse(path, _("“%(value)s” is not a share such as 0.5 or 15/22.") % {"value": show(raw)})
    return Fraction(int(worked), int(whole))


def read_count(raw: Any, *, path: str) -> int:
    """Read a whole number of 0 or more. Raises: ScoringError."""
    text = raw if isinstance(raw, str) else write_number(raw)
    if text is None or not COUNT.fullmatch(text):
        raise refuse(path, _("“%(value)s” is not a whole number of 0 or more.") % {"value": show(raw)})
    return int(text)


def read_text(raw: Any, *, path: str) -> str:
    """Read a short text. Raises: ScoringError."""
    is_text = isinstance(raw, str) and not isinstance(raw, Numeral)
    if not is_text or not raw.strip() or len(raw) > MOST_LETTERS or not raw.isprintable():
        raise refuse(path, _("this must be a text of 1 to %(most)d letters.") % {"most": MOST_LETTERS})
    return str(raw)


def read_flag(raw: Any, *, path: str) -> bool:
    """Read true or false. Raises: ScoringError."""
    if not isinstance(raw, bool):
        raise refuse(path, _("this must be true or false."))
    return raw


def read_choice(raw: Any, kind: type[Choice], *, path: str) -> Choice:
    """Read one of the words of a list. Raises: ScoringError."""
    words = {each.value: each for each in kind}
    if not isinstance(raw, str) or raw not in words:
        told = {"value": show(raw), "known": ", ".join(words)}
        raise refuse(path, _("“%(value)s” is unknown; choose among %(known)s.") % told)
    return words[raw]
