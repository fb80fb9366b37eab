"""Texts, codes, meanings, flags and addresses as the portal writes them."""

from decimal import Decimal
from typing import Any

import pytest

from crmsync.bitrix24.normalize import (
    MalformedError,
    read_code,
    read_contact_point,
    read_flag,
    read_semantics,
    read_text,
    shorten,
)

ALIASES = ("emailWork", "email")
NOTHING: list[Any] = [None, "", False, [], {}]
LONG = "Ромашка " * 40_000  # 320,000 characters


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        *((nothing, "") for nothing in [*NOTHING, "  ", "\x00"]),
        ("Ромашка", "Ромашка"),
        ("  Ромашка\n", "Ромашка"),
        ("&quot;Ромашка&quot; &amp; Ко", '"Ромашка" & Ко'),
        ("1&nbsp;000", "1\xa0000"),
        ("&amp;lt;b&amp;gt;", "&lt;b&gt;"),
        ("R&D", "R&D"),
        ("<b>жирно</b>", "<b>жирно</b>"),
        ("a\x00b", "ab"),
        ("a\ud83db", "ab"),
        ("🌼", "🌼"),
        (0, "0"),
        (Decimal("1.50"), "1.50"),
    ],
)
def test_text_is_read(raw: Any, expected: str) -> None:
    assert read_text(raw) == expected


def test_long_text_is_cut() -> None:
    assert read_text(LONG) == LONG[:255]
    assert read_text(LONG, 100) == LONG[:100]
    assert read_code("C7:" + "X" * 100) == "C7:" + "X" * 61


def test_entities_are_decoded_before_the_cut() -> None:
    assert read_text("&amp;" * 300) == "&" * 255


@pytest.mark.parametrize("raw", [["a"], {"a": "b"}])
def test_collection_is_no_text(raw: Any) -> None:
    with pytest.raises(MalformedError, match="is no text"):
        read_text(raw)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        *((nothing, "") for nothing in NOTHING),
        *(("P", "P"), ("s", "S"), (" F ", "F")),
        *(("process", "P"), ("success", "S"), ("failure", "F"), ("apology", "F")),
        *(("X", ""), (5, ""), (["S"], "")),
    ],
)
def test_meaning_is_read_or_left_to_the_stage(raw: Any, expected: str) -> None:
    assert read_semantics(raw) == expected


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ({"fm": [{"typeId": "EMAIL", "valueType": "WORK", "value": "a@b.example"}]}, "a@b.example"),
        ({"fm": [{"typeId": "PHONE", "value": "+7"}, {"typeId": "email", "value": "x@y.example"}]}, "x@y.example"),
        ({"fm": [{"typeId": "EMAIL", "value": "fm@b.example"}], "emailWork": "alias@b.example"}, "fm@b.example"),
        ({"fm": [], "emailWork": "alias@b.example"}, "alias@b.example"),
        ({"fm": [{"typeId": "PHONE", "value": "+7"}], "email": "second@b.example"}, "second@b.example"),
        ({"emailWork": "", "email": "second@b.example"}, "second@b.example"),
        ({"emailWork": None}, ""),
        ({"fm": False}, ""),
        ({"fm": "x"}, ""),
        ({"fm": [None, 5, "x", {}]}, ""),
        ({}, ""),
    ],
)
def test_contact_point_is_read_from_fm_or_an_alias(raw: dict[str, Any], expected: str) -> None:
    assert read_contact_point(raw, "EMAIL", ALIASES) == expected


@pytest.mark.parametrize("raw", ["Y", "y", " Y ", "1", 1, True, "true"])
def test_flag_is_set(raw: Any) -> None:
    assert read_flag(raw) is True


@pytest.mark.parametrize("raw", [*NOTHING, "N", "n", "0", 0, " ", "false"])
def test_flag_is_not_set(raw: Any) -> None:
    assert read_flag(raw) is False


@pytest.mark.parametrize("raw", ["yes", 2, "да", [True], {"a": 1}])
def test_what_is_no_flag_is_malformed(raw: Any) -> None:
    with pytest.raises(MalformedError, match="is neither Y nor N"):
        read_flag(raw)


def test_quoted_value_fits_a_line() -> None:
    assert shorten("x") == "'x'"
    assert len(shorten("\n" * 1000)) == 58
    assert "\n" not in shorten("a\nb")
