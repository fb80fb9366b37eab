"""Every value that a portal's JSON can hold, the odd ones often."""

from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

HALVES = [chr(0xD83D), "a" + chr(0xDC00)]
ODD: list[Any] = [
    *(None, "", "0", 0, False, True, [], {}, " ", "Y", "N", "P", "WON", "C7:WON", "DEAL_STAGE", "DEAL_STAGE_7"),
    *("410", "-1", "1.5", "1e5", "1_000", "²", "300|RUB", "1 200,50", "RUB", "USD", "NaN", "Infinity", "DEAL_STAGE_²"),
    *(2**15, 2**31, 2**63, 10**30, Decimal("0.1"), Decimal("1E+400"), Decimal("1E-400"), Decimal("1E+999999999")),
    *(Decimal("99999999999999.99999"), Decimal("1E-10"), Decimal("123456789012.3456")),
    *("2026-03-14T10:15:00+03:00", "2026-03-14T10:15:00", "9999-12-31T00:00:00+03:00", "0001-01-01T00:00:00+03:00"),
    *("9998-12-31T23:59:59-11:00", "0002-01-01T00:00:00+14:00", "2026-09-09", "09.09.2026", "31.12.9999"),
    *("a\x00b", "\\u0000", *HALVES, "&amp;", "&#0;", "x" * 300_000, "'; --", '"quoted"', "\\", "\t\n", "\\N"),
]
# What Python's decoder makes of JSON texts: any code point, and numbers of any size.
TEXTS = st.text(st.characters(codec=None, exclude_categories=()), max_size=20)
NUMBERS = st.integers(-(10**40), 10**40) | st.decimals(allow_nan=False, allow_infinity=False)
LEAVES = st.sampled_from(ODD) | st.none() | st.booleans() | NUMBERS | TEXTS
JSON = st.recursive(LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3))
VALUES = LEAVES | JSON
