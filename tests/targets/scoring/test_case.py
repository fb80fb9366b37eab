"""Cases as JSON: what is left out, what is refused and in which words, and that a written case is read again."""

import json
from copy import deepcopy
from decimal import Decimal
from fractions import Fraction
from random import Random
from typing import Any

import pytest

from targets.scoring.case import read_case
from targets.scoring.documents import read_documents
from targets.scoring.errors import ScoringError
from targets.scoring.results import describe_case
from targets.scoring.scheme import Scheme
from tests.targets.scoring.cases import make_case
from tests.targets.scoring.samples import build_document

REMOVED = object()
# Where, what stands there, what is said: the ways in which people and programs err.
REFUSED: list[tuple[str, Any, str]] = [
    ("scheme", REMOVED, "case: the key “scheme” is missing."),
    ("scheme", None, "scheme: this must be an object."),
    ("lines", {}, "lines: this must be a list."),
    ("lines", [{}] * 101, "lines: this list has more than 100 entries."),
    ("line", {}, "case: the key “line” is unknown; known are scheme, lines, proration, adjustments."),
    ("proration", "1.01", "case: proration must be 1 or less, not 1.01."),
    ("proration", "-0.5", "case: proration must be 0 or more, not -0.5."),
    ("proration", "15/0", "proration: “15/0” is not a share such as 0.5 or 15/22."),
    ("proration", "23/22", "case: proration must be 1 or less, not 23/22."),
    ("adjustments", "5", "adjustments: this must be a list."),
    ("adjustments", ["1", None], 'adjustments[1]: this must be a number in a text, such as "1234.56".'),
    ("scheme.base", "-1", "scheme: base must be 0 or more, not -1."),
    ("scheme.base", "NaN", "scheme.base: “NaN” is not a number such as 1234.56."),
    ("scheme.base", "-Infinity", "scheme.base: “-Infinity” is not a number such as 1234.56."),
    ("scheme.base", "50 000", "scheme.base: “50 000” is not a number such as 1234.56."),
    ("scheme.base", "50,5", "scheme.base: “50,5” is not a number such as 1234.56."),
    ("scheme.base", "1_000", "scheme.base: “1_000” is not a number such as 1234.56."),
    ("scheme.base", "٣", "scheme.base: “٣” is not a number such as 1234.56."),
    ("scheme.base", "", "scheme.base: “” is not a number such as 1234.56."),
    ("scheme.base", 0.5, 'scheme.base: this must be a number in a text, such as "1234.56".'),
    ("scheme.base", True, 'scheme.base: this must be a number in a text, such as "1234.56".'),
    ("scheme.base", [], 'scheme.base: this must be a number in a text, such as "1234.56".'),
    ("scheme.base", "1e999999", "scheme.base: “1e999999” has more than 30 digits before or after the point."),
    ("scheme.base", "1e-999999", "scheme.base: “1e-999999” has more than 30 digits before or after the point."),
    ("scheme.base", "1e9999999999", "scheme.base: “1e9999999999” is not a number such as 1234.56."),
    ("scheme.base", "9" * 31, f"scheme.base: “{'9' * 31}” has more than 30 digits before or after the point."),
    ("scheme.currency", "rub", "currency must be a code of three capital letters such as RUB, not “rub”."),
    ("scheme.currency", 643, "scheme.currency: this must be a text of 1 to 100 letters."),
    ("scheme.tiers", [], "scheme.tiers: A table needs at least one row."),
    ("scheme.tiers", [["0", "0"]], "scheme.tiers[0]: this must have 3 numbers."),
    ("scheme.tiers", [["5", "0", "0"]], "scheme.tiers: The first row must begin at 0, not at 5."),
    ("scheme.tiers", [["0", "0", "0"], ["0", "1", "0"]], "Rows must rise: the one from 0 follows the one from 0."),
    ("scheme.cap", "-1", "scheme.tiers: cap must be 0 or more, not -1."),
    ("scheme.maximum", "-1", "scheme: maximum must be 0 or more, not -1."),
    ("scheme.no_data", "ignore", "scheme.no_data: “ignore” is unknown; choose among redistribute, zero, hold."),
    ("scheme.gates_on", 5, "scheme.gates_on: “5” is unknown; choose among all, base."),
    ("scheme.prorate_base", "yes", "scheme.prorate_base: this must be true or false."),
    ("scheme.commission", {"kpi": "revenue", "brackets": [["1", "1"]]}, "The first row must begin at 0, not at 1."),
    ("scheme.commission", {"kpi": "revenue", "brackets": [["0", "-1"]]}, "rate must be 0 or more, not -1."),
    ("scheme.gates", [{"kpi": "csat"}], "scheme.gates[0]: the key “below” is missing."),
    ("lines.0.target", "0", "lines[0]: target must be greater than 0, not 0."),
    ("lines.0.target", "-5", "lines[0]: target must be greater than 0, not -5."),
    ("lines.0.weight", "-1", "lines[0]: weight must be 0 or more, not -1."),
    ("lines.0.weight", None, 'lines[0].weight: this must be a number in a text, such as "1234.56".'),
    ("lines.0.better", "up", "lines[0].better: “up” is unknown; choose among higher, lower."),
    ("lines.0.cumulative", 1, "lines[0].cumulative: this must be true or false."),
    ("lines.0.kpi", " ", "lines[0].kpi: this must be a text of 1 to 100 letters."),
    ("lines.0.kpi", "\ud800", "lines[0].kpi: this must be a text of 1 to 100 letters."),
    ("lines.0.kpi", "csat", "case: The KPI “csat” has more than one line."),
    ("lines.0.sample", -1, "lines[0].sample: “-1” is not a whole number of 0 or more."),
    ("lines.0.sample", 2.5, "lines[0].sample: “2.5” is not a whole number of 0 or more."),
    ("lines.0.min_sample", None, "lines[0].min_sample: “null” is not a whole number of 0 or more."),
    ("lines.0.interval", ["2", "1"], "lines[0]: interval must run from the lower number to the higher one."),
    ("lines.0.interval", ["2"], "lines[0].interval: this must have 2 numbers."),
    ("lines.0.goal", "5", "lines[0]: the key “goal” is unknown"),
]


def change(document: Any, path: str, value: Any) -> Any:
    *way, last = path.split(".")
    place = document
    for step in way:
        place = place[int(step) if step.isdigit() else step]
    if value is REMOVED:
        del place[last]
    else:
        place[last] = deepcopy(value)
    return document


@pytest.mark.usefixtures("english")
@pytest.mark.parametrize(("path", "value", "problem"), REFUSED)
def test_bad_input_is_refused_with_its_place(path: str, value: Any, problem: str) -> None:
    with pytest.raises(ScoringError) as caught:
        read_case(change(build_document(), path, value))
    assert problem in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("document", [None, [], "case", 5, True])
def test_what_is_no_object_is_refused(document: Any) -> None:
    with pytest.raises(ScoringError, match="^case: "):
        read_case(document)


def test_rules_that_are_left_out_are_the_usual_ones() -> None:
    assert read_case(build_document()).scheme == Scheme(base=Decimal(50_000), currency="RUB")


@pytest.mark.parametrize("number", ["0.5", "5e-1", "0.50", Decimal("0.5")])
def test_number_is_read_exactly(number: Any) -> None:
    assert read_case(change(build_document(), "lines.0.weight", number)).lines[0].weight == Decimal("0.5")


def test_share_may_be_days_by_days() -> None:
    assert read_case(build_document() | {"proration": "15/22"}).proration == Fraction(15, 22)


@pytest.mark.parametrize(
    ("fields", "tiers", "cap"),
    [({"cap": "120"}, 3, "120"), ({"tiers": [["0", "0", "1"]]}, 1, "150"), ({"tiers": None, "cap": None}, None, None)],
)
def test_line_takes_what_its_table_lacks_from_the_scheme(fields: Any, tiers: int | None, cap: str | None) -> None:
    document = build_document()
    document["lines"][0].update(fields)
    table = read_case(document).lines[0].table
    assert (table and len(table.tiers), table and str(table.cap)) == (tiers, cap)


def test_written_case_is_read_as_the_same_case() -> None:
    for seed in range(200):
        case = read_case(make_case(Random(seed)))
        written = json.dumps(describe_case(case))
        [(line, document)] = list(read_documents(written))
        assert (line, read_case(document)) == (1, case)


@pytest.mark.parametrize("place", ["scheme.base", "lines.0.sample", "lines.0.better"])
def test_number_of_thousands_of_digits_is_refused_in_few(place: str) -> None:
    with pytest.raises(ScoringError) as caught:
        read_case(change(build_document(), place, 10**5000))
    assert len(str(caught.value)) < 150
