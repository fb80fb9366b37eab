"""What no database takes, removed from texts and JSON before they are stored: NULs and halves of characters. Pure."""

import json
import re
from typing import Any

# An escaped NUL, but not the end of an escaped backslash before plain "u0000".
NUL = re.compile(r"(?<!\\)((?:\\\\)*)\\u0000")


def drop_unstorable(text: str) -> str:
    """Remove NULs and lone surrogates, which a JSON text can name but UTF-8 and PostgreSQL cannot hold."""
    text = text.replace("\x00", "")
    return text if text.isascii() else text.encode(errors="ignore").decode()


def write_json(value: Any) -> str:
    """Write a value as JSON that both databases accept; fractions become texts, to stay exact."""
    text = json.dumps(value, default=str, ensure_ascii=False)
    return drop_unstorable(NUL.sub(r"\1", text) if "\\u0000" in text else text)
