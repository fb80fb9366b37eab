"""`manage.py simulate`: one case, JSON lines, the standard input, and input that is refused as a whole."""

import json
from collections.abc import Callable
from io import BytesIO, StringIO, TextIOWrapper
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from tests.targets.scoring.samples import COMMISSION, build_document, change_line

KEYS = [
    *("lines", "total_score", "base", "commission", "gates_multiplier", "adjustments"),
    *("payout", "carried_over", "held"),
]
REFUSED = [
    (b"", "There is no case to read: give a JSON object, or one a line."),
    (b"{}", "Line 1: case: the key “scheme” is missing."),
    (b"[1, 2]", "Line 1: case: this must be an object."),
    (b"{", "Line 1 is not JSON: see column 2."),
    (b"\xff\xfe", "is not a text in UTF-8."),
]


def run(source: Path | str, *, language: str = "en") -> str:
    out = StringIO()
    with translation.override(language):
        call_command("simulate", "--case", str(source), stdout=out, stderr=StringIO())
    return out.getvalue()


def ask(path: Path, *documents: dict[str, Any], indent: int | None = None) -> list[dict[str, Any]]:
    path.write_text("\n".join(json.dumps(each, ensure_ascii=False, indent=indent) for each in documents), "utf-8")
    return [json.loads(line) for line in run(path).splitlines()]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "case.json"


# Without the fixture `db` any query would fail these tests.
def test_result_has_the_documented_shape(file: Path) -> None:
    gate = {"kpi": "csat", "below": "90", "multiplier": "0.80", "min_sample": 20, "bound": "point"}
    document = build_document(commission=COMMISSION, gates=[gate]) | {"adjustments": ["-120.005"]}
    [result] = ask(file, document)
    assert list(result) == KEYS
    assert result["lines"][0] == {
        "kpi": "revenue",
        "state": "scored",
        "attainment_percent": "64.200000",
        "score": "0.000000",
        "contribution": "0.000000",
    }
    del result["lines"]
    assert result == {
        "total_score": "65.721781",
        "base": "32860.89",
        "commission": "15680.00",
        "gates_multiplier": "0.8",
        "adjustments": ["-120.01"],
        "payout": "38712.71",
        "carried_over": "0.00",
        "held": False,
    }


def test_states_are_told_beside_what_they_lack(file: Path) -> None:
    document = change_line(build_document(), "revenue", target=None)
    change_line(change_line(document, "csat", actual=None), "response_time", actual="0")
    [result] = ask(file, document)
    shown = {line.pop("kpi"): line for line in result["lines"]}
    nothing = {"attainment_percent": None, "score": None, "contribution": None}
    assert shown["revenue"] == {"state": "no_target", **nothing}
    assert shown["csat"] == {"state": "no_data", **nothing}
    assert shown["response_time"]["attainment_percent"] == "unbounded"
    assert shown["response_time"]["score"] == "150.000000"


def test_line_that_scores_nothing_for_lack_of_data_says_so(file: Path) -> None:
    [result] = ask(file, change_line(build_document(no_data="zero"), "csat", actual=None))
    zero = {"state": "no_data", "attainment_percent": None, "score": "0.000000", "contribution": "0.000000"}
    assert result["lines"][-1] == {"kpi": "csat", **zero}


def test_nothing_scored_pays_nothing(file: Path) -> None:
    document = build_document() | {"lines": []}
    [result] = ask(file, document)
    assert (result["total_score"], result["base"], result["payout"], result["held"]) == (None, "0.00", "0.00", False)


def test_held_case_has_no_payout(file: Path) -> None:
    [result] = ask(file, change_line(build_document(no_data="hold"), "csat", actual=None))
    assert (result["payout"], result["carried_over"], result["held"]) == (None, "0.00", True)


@pytest.mark.parametrize(("currency", "payout"), [("JPY", "32861"), ("KWD", "32860.891"), ("USD", "32860.89")])
def test_amounts_have_the_digits_of_their_currency(file: Path, currency: str, payout: str) -> None:
    assert ask(file, build_document(currency=currency))[0]["payout"] == payout


def test_json_lines_have_a_result_each(file: Path) -> None:
    results = ask(file, build_document(), build_document(base="100"), build_document(base="0"))
    assert [result["payout"] for result in results] == ["32860.89", "65.72", "0.00"]


def test_one_case_may_have_many_lines(file: Path) -> None:
    assert [result["payout"] for result in ask(file, build_document(), indent=2)] == ["32860.89"]


def test_mark_before_the_text_is_no_part_of_it(file: Path) -> None:
    file.write_bytes(b"\xef\xbb\xbf" + json.dumps(build_document()).encode())
    assert json.loads(run(file))["payout"] == "32860.89"


@pytest.mark.parametrize("stream", [lambda text: TextIOWrapper(BytesIO(text.encode()), encoding="ascii"), StringIO])
def test_standard_input_is_read(stream: Callable[[str], Any], monkeypatch: pytest.MonkeyPatch) -> None:
    document = build_document()
    document["lines"][0]["kpi"] = "выручка"
    monkeypatch.setattr("sys.stdin", stream("\n".join([json.dumps(document, ensure_ascii=False)] * 2)))
    assert len(run("-").splitlines()) == 2


@pytest.mark.parametrize(("raw", "problem"), REFUSED)
def test_bad_input_is_refused_in_one_sentence(file: Path, raw: bytes, problem: str) -> None:
    file.write_bytes(raw)
    with pytest.raises(CommandError, match=problem) as caught:
        run(file)
    assert caught.value.returncode == 2


def test_nothing_is_printed_when_one_line_is_bad(file: Path) -> None:
    bad = change_line(build_document(), "csat", weight="NaN")
    file.write_text("\n".join(json.dumps(each) for each in (build_document(), bad, build_document())), "utf-8")
    out = StringIO()
    with translation.override("en"), pytest.raises(CommandError) as caught:
        call_command("simulate", "--case", str(file), stdout=out)
    assert str(caught.value) == "Line 2: lines[6].weight: “NaN” is not a number such as 1234.56."
    assert out.getvalue() == ""


def test_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="cannot be read: check its name"):
        run(tmp_path / "none.json")
