"""JSON texts: one document or one a line, broken ones by their line, and numbers that keep all their digits."""

import json
from decimal import Decimal

import pytest

from targets.scoring.case import read_case
from targets.scoring.documents import read_documents
from targets.scoring.errors import ScoringError
from tests.targets.scoring.samples import build_document

# Texts of several lines, and the lines on which documents begin.
SPLIT: list[tuple[str, list[int]]] = [
    ("{}", [1]),
    ("\n\n  {}  \n", [3]),
    ("{}\n\n{}\r\n{}\n", [1, 3, 4]),
    ("\n{\n}\n", [2]),
    ('{\n"a": [\n1]}', [1]),
]
BROKEN = [
    ("", "There is no case to read: give a JSON object, or one a line."),
    (" \n\n", "There is no case to read: give a JSON object, or one a line."),
    ("{}\n{\n{}", "Line 2 is not JSON: see column 2."),
    ("{\n{}\n{}", "Line 1 is not JSON: see column 2."),
    ('{"a": 1,\n"b" 2\n}', "Line 2 is not JSON: see column 5."),
    ("{}\n" + "[" * 100_000, "Line 2 is nested too deeply."),
    ('{}\n{"a": 1, "b": 2, "a": 3}', "Line 2: The key “a” comes twice."),
]


@pytest.mark.parametrize(("text", "lines"), SPLIT)
def test_documents_know_their_lines(text: str, lines: list[int]) -> None:
    assert [line for line, _document in read_documents(text)] == lines


@pytest.mark.usefixtures("english")
@pytest.mark.parametrize(("text", "problem"), BROKEN)
def test_broken_json_is_told_by_its_line(text: str, problem: str) -> None:
    with pytest.raises(ScoringError) as caught:
        list(read_documents(text))
    assert str(caught.value) == problem


@pytest.mark.parametrize("name", ["NaN", "Infinity", "-Infinity", "1e999999", "1" * 5000])
def test_numbers_of_json_pass_no_other_way(name: str) -> None:
    text = json.dumps(build_document()).replace('"50000"', name)
    [(_line, document)] = list(read_documents(text))
    with pytest.raises(ScoringError, match="scheme.base: "):
        read_case(document)


def test_numbers_of_json_keep_all_digits() -> None:
    text = json.dumps(build_document()).replace('"50000"', "0.1000000000000000000000000001")
    [(_line, document)] = list(read_documents(text))
    assert read_case(document).scheme.base == Decimal("0.1000000000000000000000000001")


def test_words_are_not_numbers_nor_numbers_words() -> None:
    for wrong in ("643", "1.5", "NaN"):
        text = json.dumps(build_document()).replace('"revenue"', wrong, 1)
        [(_line, document)] = list(read_documents(text))
        with pytest.raises(ScoringError, match="lines.0..kpi: "):
            read_case(document)
