"""Every pitfall of a portal has a test that names it, and its row in the sandbox's documentation."""

import ast
import re
from pathlib import Path

from tests.rules import ROOT, find_functions

PITFALLS = list(range(1, 59))
ROW = re.compile(r"\| (\d+) \| [^|]+ \| [^|]+ \| [^|]+ \|")


def find_marks(tree: ast.AST) -> set[int]:
    """Find the numbers that the tests of a module are marked with."""
    tests = (function for function in find_functions(tree) if function.name.startswith("test_"))
    marks = (mark for test in tests for mark in test.decorator_list if isinstance(mark, ast.Call))
    return {ast.literal_eval(m.args[0]) for m in marks if ast.unparse(m.func) == "pytest.mark.pitfall"}


def list_tests() -> list[Path]:
    return sorted((ROOT / "tests").rglob("test_*.py"))


def test_every_pitfall_has_a_test() -> None:
    named = set().union(*(find_marks(ast.parse(path.read_text())) for path in list_tests()))
    assert sorted(named) == PITFALLS


def test_every_pitfall_has_its_row() -> None:
    rows = map(ROW.fullmatch, (ROOT / "docs" / "sandbox.md").read_text().splitlines())
    assert [int(row[1]) for row in rows if row] == PITFALLS


def test_only_marks_of_tests_count() -> None:
    marked = "@pytest.mark.pitfall(7)\ndef {}(): ..."
    assert find_marks(ast.parse(marked.format("test_it"))) == {7}
    assert find_marks(ast.parse(marked.format("it"))) == set()
