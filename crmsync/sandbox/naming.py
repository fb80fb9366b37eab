"""How a field is called: camelCase of crm.item.* against UPPER_SNAKE, and the rules for custom fields."""

import re
from collections.abc import Iterable
from functools import lru_cache

HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
NUMBERED_DIGITS = re.compile(r"UF_CRM_(\d+)_(\d+)")
NUMBERED_LETTERS = re.compile(r"UF_CRM_(\d+)_([A-Z]+(?:_[A-Z]+)*)")


@lru_cache(maxsize=1000)
def upper_name(name: str) -> str:
    """Return the UPPER_SNAKE name of a camelCase field, custom ones included.

    Source: upperName of crm.item.fields.
    """
    if name.startswith("ufCrm_"):
        return "UF_CRM_" + name.removeprefix("ufCrm_")
    if name.startswith("ufCrm"):
        numbered = re.fullmatch(r"ufCrm(\d+)_?(.*)", name)
        if numbered:
            return f"UF_CRM_{numbered[1]}_{HUMP.sub('_', numbered[2]).upper()}"
    return HUMP.sub("_", name).upper()


@lru_cache(maxsize=1000)
def item_name(upper: str) -> str:
    """Return what crm.item.* calls a custom field.

    Only a tail of digits or of letters after an object number is converted whole; otherwise the prefix is.
    """
    digits = NUMBERED_DIGITS.fullmatch(upper)
    if digits:
        return f"ufCrm{digits[1]}_{digits[2]}"
    letters = NUMBERED_LETTERS.fullmatch(upper)
    if letters:
        return f"ufCrm{letters[1]}" + "".join(part.capitalize() for part in letters[2].split("_"))
    return "ufCrm_" + upper.removeprefix("UF_CRM_")


def item_names(uppers: Iterable[str]) -> dict[str, str]:
    """Map custom fields to their crm.item names; those that would collide keep the raw one."""
    names = {upper: item_name(upper) for upper in uppers}
    taken = list(names.values())
    return {upper: upper if taken.count(name) > 1 else name for upper, name in names.items()}


def stored_name(name: str) -> str:
    """Return the name a record is kept under: custom fields by their raw name, the rest as they come."""
    return upper_name(name) if name.startswith("ufCrm") else name
