"""Reads the rules of a JSON scheme; what it leaves out is as the algorithm's page has it. Pure; section 9."""

from typing import Any

from targets.scoring.fields import (
    Raw,
    read_choice,
    read_count,
    read_flag,
    read_list,
    read_number,
    read_object,
    read_text,
)
from targets.scoring.rows import MOST_ROWS, build, read_optional, read_rows, read_table, read_tiers
from targets.scoring.scheme import Bound, Bracket, Commission, Gate, GatesOn, NoData, Scheme
from targets.scoring.tables import DEFAULT_TABLE, Table

REQUIRED = ("base", "currency")
TABLES = ("tiers", "cap", "payout_tiers", "payout_cap")
RULES = ("commission", "gates", "gates_on", "no_data", "maximum", "prorate_targets", "prorate_base")
# A point of the total score is a percent of the base.
POINT_BY_POINT = (("0", "0", "1"),)


def read_scheme(raw: Any) -> Scheme:
    """Read a scheme. Raises: ScoringError."""
    fields = read_object(raw, path="scheme", required=REQUIRED, optional=(*TABLES, *RULES))
    rules: dict[str, Any] = {
        "base": read_number(fields["base"], path="scheme.base"),
        "currency": read_text(fields["currency"], path="scheme.currency"),
        "table": read_table(fields, path="scheme", default=DEFAULT_TABLE),
        "payout_table": read_payout_table(fields),
        "commission": read_commission(fields.get("commission")),
        "gates": read_gates(fields.get("gates", ())),
        "gates_on": read_choice(fields.get("gates_on", GatesOn.ALL), GatesOn, path="scheme.gates_on"),
        "no_data": read_choice(fields.get("no_data", NoData.REDISTRIBUTE), NoData, path="scheme.no_data"),
        "maximum": read_optional(fields.get("maximum"), path="scheme.maximum"),
        "prorates_targets": read_flag(fields.get("prorate_targets", True), path="scheme.prorate_targets"),
        "prorates_base": read_flag(fields.get("prorate_base", True), path="scheme.prorate_base"),
    }
    return build("scheme", lambda: Scheme(**rules))


def read_payout_table(fields: Raw) -> Table | None:
    """Read the table from the total score to the share of the base. Raises: ScoringError."""
    path, raw = "scheme.payout_tiers", fields.get("payout_tiers")
    most = read_optional(fields.get("payout_cap"), path="scheme.payout_cap")
    if raw is None and most is None:
        return None
    # A cap alone limits what is otherwise a percent for a point.
    rows = read_tiers(POINT_BY_POINT if raw is None else raw, path=path)
    return build(path, lambda: Table(rows, most))


def read_commission(raw: Any) -> Commission | None:
    """Read the commission. Raises: ScoringError."""
    if raw is None:
        return None
    path = "scheme.commission"
    fields = read_object(raw, path=path, required=("kpi", "brackets"))
    kpi = read_text(fields["kpi"], path=f"{path}.kpi")
    rows = read_rows(fields["brackets"], path=f"{path}.brackets", width=2)
    return build(f"{path}.brackets", lambda: Commission(kpi, tuple(Bracket(*numbers) for numbers in rows)))


def read_gates(raw: Any) -> tuple[Gate, ...]:
    """Read the gates. Raises: ScoringError."""
    rows = read_list(raw, path="scheme.gates", most=MOST_ROWS)
    return tuple(read_gate(row, path=f"scheme.gates[{place}]") for place, row in enumerate(rows))


def read_gate(raw: Any, *, path: str) -> Gate:
    """Read a gate. Raises: ScoringError."""
    fields = read_object(raw, path=path, required=("kpi", "below", "multiplier"), optional=("min_sample", "bound"))
    values: dict[str, Any] = {
        "kpi": read_text(fields["kpi"], path=f"{path}.kpi"),
        "below": read_number(fields["below"], path=f"{path}.below"),
        "multiplier": read_number(fields["multiplier"], path=f"{path}.multiplier"),
        "min_sample": read_count(fields.get("min_sample", 0), path=f"{path}.min_sample"),
        "bound": read_choice(fields.get("bound", Bound.POINT), Bound, path=f"{path}.bound"),
    }
    return build(path, lambda: Gate(**values))
