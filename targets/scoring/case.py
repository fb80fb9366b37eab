"""Reads a JSON case into frozen values, or refuses it with one sentence that names the field. Pure; section 9."""

from typing import Any

from targets.scoring.fields import (
    read_choice,
    read_count,
    read_flag,
    read_list,
    read_number,
    read_object,
    read_share,
    read_text,
)
from targets.scoring.lines import Better, Case, Line
from targets.scoring.rows import build, read_interval, read_numbers, read_optional, read_table
from targets.scoring.rules import read_scheme
from targets.scoring.scheme import Scheme

# More than any plan has; without a limit a long list would take minutes to add up exactly.
MOST_LINES, MOST_ADJUSTMENTS = 100, 1000
LINE_KEYS = ("kpi", "better", "cumulative", "actual", "target", "weight")
MORE_LINE_KEYS = ("sample", "min_sample", "interval", "tiers", "cap")


def read_case(raw: Any) -> Case:
    """Read a case from parsed JSON. Raises: ScoringError."""
    fields = read_object(raw, path="case", required=("scheme", "lines"), optional=("proration", "adjustments"))
    scheme = read_scheme(fields["scheme"])
    rows = read_list(fields["lines"], path="lines", most=MOST_LINES)
    lines = tuple(read_line(row, path=f"lines[{place}]", scheme=scheme) for place, row in enumerate(rows))
    share = read_share(fields.get("proration", "1"), path="proration")
    amounts = read_numbers(fields.get("adjustments", ()), path="adjustments", most=MOST_ADJUSTMENTS)
    return build("case", lambda: Case(scheme=scheme, lines=lines, proration=share, adjustments=amounts))


def read_line(raw: Any, *, path: str, scheme: Scheme) -> Line:
    """Read a line; what its own table leaves out is the scheme's. Raises: ScoringError."""
    fields = read_object(raw, path=path, required=LINE_KEYS, optional=MORE_LINE_KEYS)
    sample = fields.get("sample")
    values: dict[str, Any] = {
        "kpi": read_text(fields["kpi"], path=f"{path}.kpi"),
        "better": read_choice(fields["better"], Better, path=f"{path}.better"),
        "is_cumulative": read_flag(fields["cumulative"], path=f"{path}.cumulative"),
        "actual": read_optional(fields["actual"], path=f"{path}.actual"),
        "target": read_optional(fields["target"], path=f"{path}.target"),
        "weight": read_number(fields["weight"], path=f"{path}.weight"),
        "sample": None if sample is None else read_count(sample, path=f"{path}.sample"),
        "min_sample": read_count(fields.get("min_sample", 0), path=f"{path}.min_sample"),
        "interval": read_interval(fields.get("interval"), path=f"{path}.interval"),
    }
    if fields.get("tiers") is not None or fields.get("cap") is not None:
        values["table"] = read_table(fields, path=path, default=scheme.table)
    return build(path, lambda: Line(**values))
