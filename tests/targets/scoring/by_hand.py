"""Scores a JSON case straight from the page of rules, slowly; it shares no code with the product."""

from fractions import Fraction
from typing import Any

Json = dict[str, Any]
DIGITS = {"JPY": 0, "KRW": 0, "VND": 0, "KWD": 3, "BHD": 3, "TND": 3}
PLAIN = [["0", "0", "0"], ["70", "70", "1"], ["100", "100", "1.5"]]


def calculate(case: Json) -> Json:
    """Calculate the result of a case."""
    scheme, share = case["scheme"], Fraction(case.get("proration", "1"))
    digits = DIGITS.get(scheme["currency"], 2)
    shown, total, held = rate_lines(case, share if scheme.get("prorate_targets", True) else Fraction(1))
    base = commission = Fraction(0)
    if total is not None:
        percent = look_up(scheme.get("payout_tiers") or [["0", "0", "1"]], scheme.get("payout_cap"), total)
        base = Fraction(scheme["base"]) * percent / 100
        if scheme.get("prorate_base", True):
            base *= share
        commission = count_commission(case)
    factor = find_factor(case)
    added = [Fraction(each) for each in case.get("adjustments", [])]
    payout, later = pay(scheme, factor, base, commission, added, is_scored=total is not None)
    return {
        "lines": shown,
        "total_score": write(total, 6),
        "base": write(base, digits),
        "commission": write(commission, digits),
        "gates_multiplier": shorten(write(factor, 30)),
        "adjustments": [write(each, digits) for each in added],
        "payout": None if held else write(payout, digits),
        "carried_over": write(Fraction(0) if held else later, digits),
        "held": held,
    }


def rate_lines(case: Json, share: Fraction) -> tuple[list[Json], Fraction | None, bool]:
    """Rate every line; what counts goes into the weighted mean."""
    rule = case["scheme"].get("no_data", "redistribute")
    rated = [rate_line(line, case["scheme"], share) for line in case["lines"]]
    for row in rated:
        if row["state"] == "no_data" and rule == "zero":
            row["score"] = Fraction(0)
    weights = [Fraction(line["weight"]) for line in case["lines"]]
    bottom = sum(weight for row, weight in zip(rated, weights, strict=True) if row["score"] is not None)
    total = Fraction(0) if bottom else None
    for row, weight in zip(rated, weights, strict=True):
        part = row["score"] * weight / bottom if bottom and row["score"] is not None else None
        total = total + part if total is not None and part is not None else total
        row["score"], row["contribution"] = write(row["score"], 6), write(part, 6)
    return rated, total, rule == "hold" and any(row["state"] == "no_data" for row in rated)


def rate_line(line: Json, scheme: Json, share: Fraction) -> Json:
    """Rate one line: its state, attainment and score."""
    row: Json = {"kpi": line["kpi"], "state": "no_target", "attainment_percent": None, "score": None}
    target = None if line["target"] is None else Fraction(line["target"]) * (share if line["cumulative"] else 1)
    if not target:
        return row
    sample = line.get("sample")
    if line["actual"] is None or (sample is not None and sample < line.get("min_sample", 0)):
        return row | {"state": "no_data"}
    tiers = line.get("tiers") or scheme.get("tiers") or PLAIN
    cap = line.get("cap") or scheme.get("cap") or "150"
    actual = Fraction(line["actual"])
    if line["better"] == "lower" and actual <= 0:
        return row | {"state": "scored", "attainment_percent": "unbounded", "score": Fraction(cap)}
    percent = actual / target * 100 if line["better"] == "higher" else target / actual * 100
    percent = max(percent, Fraction(0))
    score = look_up(tiers, cap, percent)
    return row | {"state": "scored", "attainment_percent": write(percent, 6), "score": score}


def look_up(tiers: list[list[str]], cap: str | None, percent: Fraction) -> Fraction:
    """Look a percentage up in a table."""
    held = tiers[0]
    for tier in tiers:
        if Fraction(tier[0]) <= percent:
            held = tier
    score = Fraction(held[1]) + Fraction(held[2]) * (percent - Fraction(held[0]))
    return score if cap is None or score < Fraction(cap) else Fraction(cap)


def count_commission(case: Json) -> Fraction:
    """Count the commission, one slice of the value after the other, from the top."""
    rule = case["scheme"].get("commission")
    values = [line["actual"] for line in case["lines"] if rule and line["kpi"] == rule["kpi"]]
    left, result = Fraction(values[0] or 0) if values else Fraction(0), Fraction(0)
    for start, rate in reversed(rule["brackets"] if rule else []):
        if left > Fraction(start):
            result += (left - Fraction(start)) * Fraction(rate) / 100
            left = Fraction(start)
    return result


def find_factor(case: Json) -> Fraction:
    """Multiply the gates that apply."""
    factor = Fraction(1)
    for gate in case["scheme"].get("gates", []):
        for line in case["lines"]:
            sample = line.get("sample")
            is_few = sample is not None and sample < gate.get("min_sample", 0)
            if line["kpi"] != gate["kpi"] or line["actual"] is None or is_few:
                continue
            is_lower = gate.get("bound", "point") == "lower" and line.get("interval")
            if Fraction(line["interval"][0] if is_lower else line["actual"]) < Fraction(gate["below"]):
                factor *= Fraction(gate["multiplier"])
    return factor


def pay(
    scheme: Json, factor: Fraction, base: Fraction, commission: Fraction, added: list[Fraction], *, is_scored: bool
) -> tuple[Fraction, Fraction]:
    """Say what is paid and what is left for later."""
    if not is_scored:
        return Fraction(0), sum(added, Fraction(0))
    gated = base * factor + commission * (factor if scheme.get("gates_on", "all") == "all" else 1)
    due = gated + sum(added, Fraction(0))
    if due < 0:
        return Fraction(0), due
    most = scheme.get("maximum")
    return (Fraction(most) if most is not None and due > Fraction(most) else due), Fraction(0)


def write(value: Fraction | None, digits: int) -> str | None:
    """Write a number with so many digits, halves away from zero, by long division."""
    if value is None:
        return None
    scaled = abs(value) * 10**digits
    whole, rest = divmod(scaled.numerator, scaled.denominator)
    whole += 1 if rest * 2 >= scaled.denominator else 0
    text = str(whole).rjust(digits + 1, "0")
    text = f"{text[:-digits]}.{text[-digits:]}" if digits else text
    return f"-{text}" if value < 0 and whole else text


def shorten(text: str | None) -> str:
    """Leave out zeros at the end of decimals."""
    return (text or "").rstrip("0").rstrip(".")
