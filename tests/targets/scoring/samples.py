"""The worked example of docs/algorithms/scoring.md as a JSON case, and lines and schemes to vary."""

from copy import deepcopy
from decimal import Decimal
from typing import Any

from targets.scoring.case import read_case
from targets.scoring.lines import Better, Line
from targets.scoring.outcome import Outcome, score
from targets.scoring.scheme import Scheme

Json = dict[str, Any]
COMMISSION = {"kpi": "revenue", "brackets": [["0", "1"], ["1000000", "2"], ["2000000", "3"]]}
# KPI, better, cumulative, actual, target, weight; attainment, score and contribution to four decimals.
WORKED = [
    ("revenue", "higher", True, "1284000", "2000000", "30", "64.2000", "0.0000", "0.0000"),
    ("deals_won", "higher", True, "19", "26", "15", "73.0769", "73.0769", "10.9615"),
    ("average_deal", "higher", False, "67578.95", "70000", "10", "96.5414", "96.5414", "9.6541"),
    ("lead_conversion", "higher", False, "22.352941", "20", "15", "111.7647", "117.6471", "17.6471"),
    ("deal_cycle_time", "lower", False, "16.2", "14", "10", "86.4198", "86.4198", "8.6420"),
    ("response_time", "lower", False, "41", "30", "10", "73.1707", "73.1707", "7.3171"),
    ("csat", "higher", False, "88", "80", "10", "110.0000", "115.0000", "11.5000"),
]
FIELDS = ("kpi", "better", "cumulative", "actual", "target", "weight")


def build_document(**scheme: Any) -> Json:
    """Build the worked example; keywords change its scheme."""
    lines = [dict(zip(FIELDS, row, strict=False)) for row in WORKED]
    return {"scheme": {"base": "50000", "currency": "RUB", **scheme}, "lines": deepcopy(lines)}


def change_line(document: Json, kpi: str, **fields: Any) -> Json:
    """Change the fields of one line."""
    next(line for line in document["lines"] if line["kpi"] == kpi).update(fields)
    return document


def score_document(document: Json) -> Outcome:
    return score(read_case(document))


def build_line(kpi: str = "revenue", **fields: Any) -> Line:
    """Build a line that has attained 80 of 100."""
    usual: Json = {"better": Better.HIGHER, "is_cumulative": True, "weight": Decimal(100)}
    numbers = {"actual": Decimal(80), "target": Decimal(100)}
    return Line(kpi=kpi, **{**usual, **numbers, **fields})


def build_scheme(**rules: Any) -> Scheme:
    usual: Json = {"base": Decimal(50_000), "currency": "RUB"}
    return Scheme(**(usual | rules))
