"""Raw Bitrix24 values to Python values, one function a Bitrix type; pure: the only place that knows its oddities."""

import html
import re
from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from crmsync.storable import drop_unstorable

# The years in which systems put dates that mean "never".
NEVER = (1, 9999)
WHOLE = re.compile(r"[+-]?[0-9]{1,19}(\.0*)?")
MAX_ID = 2**63 - 1
MAX_NUMBER = 2**31 - 1
MAX_SMALL = 2**15 - 1
# One below what the columns hold, so that rounding cannot reach it.
MAX_AMOUNT = Decimal(10**14 - 1)
BOOLEANS = {"Y": True, "N": False, "1": True, "0": False, "TRUE": True, "FALSE": False, "": False}


class MalformedError(ValueError):
    """A value that is not what its type promises; the record goes to quarantine with this text."""


def is_empty(raw: Any) -> bool:
    """Tell whether a raw value says "nothing"; zero is a number here."""
    return raw is None or raw is False or raw == "" or (isinstance(raw, list | dict) and not raw)


def read_id(raw: Any) -> int | None:
    """Read a link to another record; 0 and "0" are no link. *Raises* MalformedError."""
    if is_empty(raw) or raw in (0, "0"):
        return None
    value = read_whole(raw)
    if value is None or not 0 < value <= MAX_ID:
        raise MalformedError(f"{shorten(raw)} is no ID")
    return value


def read_whole(raw: Any) -> int | None:
    """Read a whole number, however it is written; None for anything else."""
    if type(raw) is int:
        return raw
    text = "" if isinstance(raw, bool) else str(raw).strip()
    return int(text.partition(".")[0]) if WHOLE.fullmatch(text) else None


def read_ids(raw: Any) -> list[int]:
    """Read a list of links; a lone value is a list of one."""
    if is_empty(raw):
        return []
    values = raw.values() if isinstance(raw, dict) else raw if isinstance(raw, list) else [raw]
    return [found for found in map(read_id, values) if found is not None]


def read_number(raw: Any, limit: int = MAX_NUMBER) -> int | None:
    """Read a whole number such as a position. *Empty* None."""
    if is_empty(raw):
        return None
    value = read_whole(raw)
    if value is None or abs(value) > limit:
        raise MalformedError(f"{shorten(raw)} is no number")
    return value


def read_small(raw: Any) -> int | None:
    """Read a number that stands for a kind, such as a type or a direction. *Empty* None."""
    return read_number(raw, MAX_SMALL)


def read_decimal(raw: Any, places: int = 4) -> Decimal | None:
    """Read an amount or a quantity: "15000.00", 999.9, or "300|RUB" of a money field. *Empty* None.

    Rounded half to even to the places that are stored, so that what is compared is what is kept.
    """
    if is_empty(raw):
        return None
    text = str(raw).partition("|")[0].strip()
    try:
        value = Decimal(text)
    except InvalidOperation:
        raise MalformedError(f"{shorten(raw)} is no amount") from None
    if not value.is_finite() or not -MAX_AMOUNT <= value <= MAX_AMOUNT or "_" in text:
        raise MalformedError(f"{shorten(raw)} is no amount")
    return value.quantize(Decimal(1).scaleb(-places))


def read_flag(raw: Any) -> bool:
    """Read Y/N, 1/0 or a JSON boolean. *Empty* False."""
    if isinstance(raw, bool):
        return raw
    if is_empty(raw):
        return False
    try:
        return BOOLEANS[str(raw).strip().upper()]
    except KeyError:
        raise MalformedError(f"{shorten(raw)} is neither Y nor N") from None


def read_text(raw: Any, limit: int = 255) -> str:
    """Read a line of text: entities decoded, what cannot be stored dropped, cut to `limit` characters. *Empty* ""."""
    if is_empty(raw):
        return ""
    if isinstance(raw, list | dict):
        raise MalformedError(f"{shorten(raw)} is no text")
    text = str(raw)
    if "&" in text:
        text = html.unescape(text)
    return drop_unstorable(text).strip()[:limit]


def read_code(raw: Any) -> str:
    """Read a dictionary code such as a stage or a source. *Empty* ""."""
    return read_text(raw, 64)


def read_instant(raw: Any) -> datetime | None:
    """Read a date and time with an offset. *Time* aware UTC. *Empty* None, also for the years that mean never."""
    if is_empty(raw):
        return None
    value = parse_stamp(raw)
    if value is None:
        raise MalformedError(f"{shorten(raw)} is no date and time")
    if value.year in NEVER:
        return None
    if value.tzinfo is None:
        raise MalformedError(f"{shorten(raw)} has no offset")
    return value.astimezone(UTC)


def parse_stamp(raw: Any) -> datetime | None:
    """Read ISO 8601; None for anything else, numbers included."""
    try:
        return datetime.fromisoformat(raw.strip()) if isinstance(raw, str) else None
    except ValueError:
        return None


def read_day(raw: Any) -> date | None:
    """Read a calendar day; the time of day behind it is noise of the portal's offset. *Empty* None."""
    if is_empty(raw):
        return None
    try:
        day = parse_day(raw.strip() if isinstance(raw, str) else "")
    except ValueError:
        raise MalformedError(f"{shorten(raw)} is no date") from None
    return None if day.year in NEVER else day


def parse_day(text: str) -> date:
    """Read dd.mm.yyyy, or the first ten characters of ISO 8601. *Raises* ValueError."""
    if text[2:3] == "." and text[5:6] == ".":
        return date(int(text[6:10]), int(text[3:5]), int(text[:2]))
    day = date.fromisoformat(text[:10])
    # West of Greenwich the stored midnight UTC shows as the evening before.
    if len(text) > 19 and text[-6] == "-" and day.year not in NEVER:
        return datetime.fromisoformat(text).astimezone(UTC).date()
    return day


def read_semantics(raw: Any) -> str:
    """Read P, S or F, whatever way the portal spells it. *Empty* "" (the stage must tell)."""
    if is_empty(raw):
        return ""
    return {"P": "P", "S": "S", "F": "F", "PROCESS": "P", "SUCCESS": "S", "FAILURE": "F", "APOLOGY": "F"}.get(
        str(raw).strip().upper(), ""
    )


def read_contact_point(raw: dict[str, Any], kind: str, aliases: Sequence[str]) -> str:
    """Read the first e-mail or phone of a contact or company, from `fm` or from the alias fields."""
    fm = raw.get("fm")
    for item in fm if isinstance(fm, list) else []:
        if isinstance(item, dict) and str(item.get("typeId", "")).upper() == kind:
            return read_text(item.get("value"), 255)
    return next((text for alias in aliases if (text := read_text(raw.get(alias)))), "")


def shorten(raw: Any) -> str:
    """Quote a raw value for a person, short enough for a line."""
    text = repr(raw)
    return text if len(text) <= 60 else f"{text[:57]}…"
