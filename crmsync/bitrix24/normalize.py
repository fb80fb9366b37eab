"""Raw Bitrix24 values to Python values, one function a Bitrix type; pure: the only place that knows its oddities."""

import html
from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

# Every shape in which the portal says "nothing".
EMPTIES: tuple[Any, ...] = (None, "", False, [], {})
FOREVER = 9999
MAX_ID = 2**63 - 1
MAX_AMOUNT = Decimal("1e14")
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
    try:
        value = int(raw) if isinstance(raw, int | Decimal) else int(str(raw).strip())
    except (ValueError, OverflowError):
        raise MalformedError(f"{shorten(raw)} is no ID") from None
    if isinstance(raw, bool) or value != raw and isinstance(raw, Decimal) or not 0 < value <= MAX_ID:
        raise MalformedError(f"{shorten(raw)} is no ID")
    return value


def read_ids(raw: Any) -> list[int]:
    """Read a list of links; a lone value is a list of one."""
    if is_empty(raw):
        return []
    values = raw.values() if isinstance(raw, dict) else raw if isinstance(raw, list) else [raw]
    return [found for found in map(read_id, values) if found is not None]


def read_number(raw: Any) -> int | None:
    """Read a small whole number such as a type or a position."""
    if is_empty(raw):
        return None
    try:
        value = int(Decimal(str(raw).strip()))
    except (InvalidOperation, ValueError, OverflowError):
        raise MalformedError(f"{shorten(raw)} is no number") from None
    if abs(value) > 2**31 - 1:
        raise MalformedError(f"{shorten(raw)} is out of range")
    return value


def read_decimal(raw: Any) -> Decimal | None:
    """Read an amount or a quantity: "15000.00", 999.9, or "300|RUB" of a money field. *Empty* None."""
    if is_empty(raw):
        return None
    text = str(raw).partition("|")[0].strip()
    try:
        value = Decimal(text)
    except InvalidOperation:
        raise MalformedError(f"{shorten(raw)} is no amount") from None
    if not value.is_finite() or abs(value) >= MAX_AMOUNT:
        raise MalformedError(f"{shorten(raw)} is no amount")
    return value


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
    """Read a line of text: entities decoded, NULs dropped, cut to `limit` characters. *Empty* ""."""
    if is_empty(raw):
        return ""
    if isinstance(raw, list | dict):
        raise MalformedError(f"{shorten(raw)} is no text")
    text = str(raw)
    if "&" in text:
        text = html.unescape(text)
    return text.replace("\x00", "").strip()[:limit]


def read_code(raw: Any) -> str:
    """Read a dictionary code such as a stage or a source. *Empty* ""."""
    return read_text(raw, 64)


def read_instant(raw: Any) -> datetime | None:
    """Read a date and time with an offset. *Time* aware UTC. *Empty* None, also for the year 9999."""
    if is_empty(raw):
        return None
    try:
        value = datetime.fromisoformat(str(raw).strip())
        if value.year >= FOREVER:
            return None
        if value.tzinfo is None:
            raise MalformedError(f"{shorten(raw)} has no offset")
        return value.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        if isinstance(error, MalformedError):
            raise
        raise MalformedError(f"{shorten(raw)} is no date and time") from None


def read_day(raw: Any) -> date | None:
    """Read a calendar day; the time of day behind it is noise of the portal's offset. *Empty* None."""
    if is_empty(raw):
        return None
    text = str(raw).strip()
    try:
        if text[2:3] == "." and text[5:6] == ".":
            return date(int(text[6:10]), int(text[3:5]), int(text[:2]))
        # West of Greenwich the stored midnight UTC shows as the evening before.
        if len(text) > 19 and text[-6] == "-":
            return datetime.fromisoformat(text).astimezone(UTC).date()
        day = date.fromisoformat(text[:10])
    except (ValueError, OverflowError):
        raise MalformedError(f"{shorten(raw)} is no date") from None
    return None if day.year >= FOREVER else day


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
