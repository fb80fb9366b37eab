"""Random cases of every kind, as JSON documents: the same seed gives the same cases. Edges come often."""

from random import Random
from typing import Any

Json = dict[str, Any]
KPIS = ("revenue", "deals_won", "average_deal", "lead_conversion", "deal_cycle_time", "response_time", "csat")
CURRENCIES = ("RUB", "RUB", "USD", "JPY", "KWD")
TABLES = (
    None,
    [["0", "0", "0"], ["70", "70", "1"], ["100", "100", "1.5"]],
    [["0", "0", "1"]],
    [["0", "0", "0"], ["50", "25", "0"], ["80", "60", "0"], ["100", "100", "0"], ["120", "130", "0"]],
    [["0", "20", "-0.5"]],
    [["0", "10.5", "0.333"], ["33.3", "40", "-0.25"], ["99.999999", "30", "2.000001"]],
)
PAYOUT_TABLES = (None, None, None, [["0", "0", "0"], ["60", "50", "1.25"], ["100", "100", "2"]], [["0", "5", "0.5"]])
BRACKETS = (
    [["0", "1"], ["1000000", "2"], ["2000000", "3"]],
    [["0", "0"], ["99.99", "12.5"]],
    [["0", "3.333"]],
)


def make_case(random: Random) -> Json:
    """Make a case."""
    kpis = random.sample(KPIS, random.choice((1, 2, 3, 5, 7)))
    case: Json = {
        "scheme": make_scheme(random),
        "proration": random.choice(("1", "1", "1", "0", "0.5", "0.5", "0.681818", "15/22")),
        "adjustments": [make_amount(random, least=-90_000) for _ in range(random.choice((0, 0, 1, 2)))],
        "lines": [make_line(random, kpi) for kpi in kpis],
    }
    return case


def make_scheme(random: Random) -> Json:
    """Make a scheme; what has a default is left out at times."""
    scheme: Json = {
        "base": random.choice(("0", "50000", make_amount(random))),
        "currency": random.choice(CURRENCIES),
        "commission": {"kpi": random.choice(KPIS), "brackets": random.choice(BRACKETS)} if chance(random) else None,
        "gates": [make_gate(random) for _ in range(random.choice((0, 0, 1, 3)))],
        "gates_on": random.choice(("all", "base")),
        "no_data": random.choice(("redistribute", "redistribute", "zero", "zero", "hold")),
        "maximum": random.choice((None, None, "0", make_amount(random))),
    }
    more = {
        "tiers": random.choice(TABLES[1:]),
        "cap": random.choice(("150", "100", "97.5", "1000")),
        "payout_tiers": random.choice(PAYOUT_TABLES),
        "payout_cap": random.choice((None, "120")),
        "prorate_targets": chance(random),
        "prorate_base": chance(random),
    }
    return scheme | {key: value for key, value in more.items() if chance(random, often=0.7)}


def make_gate(random: Random) -> Json:
    """Make a gate."""
    return {
        "kpi": random.choice(KPIS),
        "below": random.choice(("80", "75.5", make_amount(random, most=2_000))),
        "min_sample": random.choice((0, 5, 20)),
        "multiplier": random.choice(("0.8", "0.95", "0", "1", "0.333333333")),
        "bound": random.choice(("point", "lower")),
    }


def make_line(random: Random, kpi: str) -> Json:
    """Make a line; often with a result that is its target, nothing, or just at a tier."""
    great = make_amount(random, least=1, most=3_000_000)
    target = random.choice((None, "80", "80", "0.01", "100", great, great, great))
    usual = (target, "100", great, make_amount(random, most=150), make_amount(random, most=4_000_000))
    actual = random.choice((None, "0", "-12.5", "56", "79.99999999", "80", *usual, *usual))
    line: Json = {
        "kpi": kpi,
        "better": random.choice(("higher", "higher", "lower")),
        "cumulative": chance(random),
        "actual": actual,
        "target": target,
        "weight": random.choice(("0", "10", "15", "20", "33.33", "100")),
    }
    if chance(random):
        low = make_amount(random, most=100)
        line |= {"sample": random.choice((None, 0, 4, 5, 25)), "min_sample": random.choice((0, 5))}
        line |= {"interval": random.choice((None, [low, "5000000"], ["75.5", "80"]))}
    if chance(random, often=0.2):
        line |= {"tiers": random.choice(TABLES), "cap": random.choice((None, "200", "90"))}
    return line


def make_amount(random: Random, *, least: int = 0, most: int = 90_000) -> str:
    """Make an amount with more digits than are paid; halves of a unit come often."""
    return (
        f"{random.randint(least, most)}{random.choice(('', '.5', '.005', '.125', f'.{random.randint(0, 999_999):06}'))}"
    )


def chance(random: Random, *, often: float = 0.5) -> bool:
    """Toss a coin."""
    return random.random() < often
