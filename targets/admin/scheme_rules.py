"""Between the form of a scheme's version and its rules: what was entered as a JSON scheme, and back."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from targets.models import SchemeVersion
from targets.schemes import Draft
from targets.scoring.canonical import simplify
from targets.scoring.results import describe_scheme
from targets.scoring.rows import read_table
from targets.scoring.rules import read_scheme
from targets.scoring.scheme import Scheme

Row = Mapping[str, Any]
TIER = ("start", "score", "slope")


def build_draft(
    values: Row,
    *,
    tiers: Iterable[Row],
    own_tiers: Iterable[Row],
    payout_tiers: Sequence[Row],
    brackets: Sequence[Row],
    gates: Iterable[Row],
) -> Draft:
    """Build the draft of a version from what was entered."""
    plain = ("base", "currency", "maximum", "cap", "payout_cap", "no_data", "gates_on")
    flags = ("prorate_targets", "prorate_base")
    rules = {name: values[name] for name in (*plain, *flags)} | {
        "currency": values["currency"].strip().upper(),
        "tiers": list_tiers(tiers),
        "payout_tiers": list_tiers(payout_tiers) if payout_tiers else None,
        "commission": build_commission(values["commission_kpi"], brackets),
        "gates": [build_gate(row) for row in gates],
    }
    return Draft(
        rules=simplify(rules),
        line_tables=simplify(build_own_tables(own_tiers)),
        counts=values["counts"],
        effective_on=values["effective_on"],
        note=values["note"],
    )


def list_tiers(rows: Iterable[Row]) -> list[list[Decimal]]:
    """List tiers as a scheme has them."""
    return [[row[name] for name in TIER] for row in rows]


def build_commission(kpi: str, brackets: Sequence[Row]) -> dict[str, Any] | None:
    """Build the commission. Empty: None where neither a KPI nor a bracket is entered."""
    if not kpi and not brackets:
        return None
    return {"kpi": kpi, "brackets": [[row["start"], row["rate"]] for row in brackets]}


def build_gate(row: Row) -> dict[str, Any]:
    """Build a gate."""
    return {
        **{name: row[name] for name in ("kpi", "below", "multiplier", "bound")},
        "min_sample": row["min_sample"] or 0,
    }


def build_own_tables(rows: Iterable[Row]) -> dict[str, Any]:
    """Gather the rows of single KPIs into a table each; the first cap that is entered holds."""
    found: dict[str, Any] = {}
    for row in rows:
        table = found.setdefault(row["kpi"], {"tiers": [], "cap": None})
        table["tiers"].append([row[name] for name in TIER])
        table["cap"] = table["cap"] if table["cap"] is not None else row["cap"]
    return found


def list_initial(version: SchemeVersion | None, *, currency: str) -> dict[str, Any]:
    """List what the form is filled in with: a version's rules, or the usual ones with no amount yet."""
    scheme = read_scheme(version.rules if version else {"base": "0", "currency": currency})
    told = describe_scheme(scheme)
    commission = told["commission"] or {"kpi": "", "brackets": []}
    return {
        **{name: told[name] for name in ("currency", "no_data", "gates_on", "prorate_targets", "prorate_base")},
        "base": scheme.base if version else None,
        "maximum": scheme.maximum,
        "cap": scheme.table.cap,
        "payout_cap": scheme.payout_table.cap if scheme.payout_table else None,
        "commission_kpi": commission["kpi"],
        "counts": version.counts if version else SchemeVersion.Counts.WON,
        "tiers": fill_tiers(told["tiers"]),
        "payout_tiers": fill_tiers(told["payout_tiers"] or []),
        "brackets": [{"start": Decimal(start), "rate": Decimal(rate)} for start, rate in commission["brackets"]],
        "gates": [gate | {name: Decimal(gate[name]) for name in ("below", "multiplier")} for gate in told["gates"]],
        "own_tiers": list_own_tiers(version, scheme) if version else [],
    }


def fill_tiers(rows: Iterable[Sequence[str]]) -> list[dict[str, Decimal]]:
    """Fill in rows of tiers."""
    return [{name: Decimal(text) for name, text in zip(TIER, row, strict=True)} for row in rows]


def list_own_tiers(version: SchemeVersion, scheme: Scheme) -> list[dict[str, Any]]:
    """List the rows of single KPIs' tables."""
    found: list[dict[str, Any]] = []
    for kpi, raw in version.line_tables.items():
        table = read_table(raw, path=kpi, default=scheme.table)
        rows = ((tier.from_percent, tier.start, tier.slope) for tier in table.tiers)
        found += [{"kpi": kpi, "cap": table.cap, **dict(zip(TIER, row, strict=True))} for row in rows]
    return found
