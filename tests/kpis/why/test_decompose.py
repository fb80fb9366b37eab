"""Why revenue changed: worked numbers, sources whose ratios are undefined, and sums that must be exact."""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpis.why.decompose import Flow, Parts, add_up, decompose, round_half_up, round_together


def flow(leads: int, won: int, revenue: str | int) -> Flow:
    return Flow(leads, won, Decimal(revenue))


def build_flows(*, least_leads: int = 0) -> st.SearchStrategy[Flow]:
    leads, won = st.integers(least_leads, 50), st.integers(1, 50)
    amounts = st.decimals(-(10**9), 10**9, places=6, allow_nan=False)
    return st.builds(Flow, leads) | st.builds(Flow, leads, won, amounts)


def build_periods(*, least_leads: int = 0) -> st.SearchStrategy[dict[str, Flow]]:
    return st.dictionaries(st.sampled_from(["", *"abcde"]), build_flows(least_leads=least_leads))


def sum_revenue(flows: Mapping[str, Flow]) -> Fraction:
    return sum((Fraction(flow.revenue) for flow in flows.values()), Fraction(0))


EARLIER = {"WEB": flow(100, 10, 1_000_000), "CALL": flow(50, 5, 250_000), "PARTNER": flow(0, 1, 40_000)}
LATER = {"WEB": flow(180, 18, 2_160_000), "CALL": flow(60, 9, 450_000), "PARTNER": flow(0, 2, 90_000)}
WORKED = {
    "WEB": (600_000, 200_000, 0, 360_000, 0),
    "CALL": (150_000, -100_000, 150_000, 0, 0),
    "PARTNER": (0, 0, 0, 0, 50_000),
}
# One source beside "a", which brings 10 leads, 1 deal and 100 in both periods: what a source's change is put down to.
ALONE = [
    ("new source", flow(0, 0, 0), flow(10, 2, 300), (0, 300, 0, 0, 0)),
    ("source that dried up", flow(10, 2, 300), flow(0, 0, 0), (-150, -150, 0, 0, 0)),
    ("first wins", flow(10, 0, 0), flow(10, 2, 300), (0, 0, 300, 0, 0)),
    ("no more wins", flow(10, 2, 300), flow(10, 0, 0), (0, 0, -300, 0, 0)),
    ("never any win", flow(10, 0, 0), flow(30, 0, 0), (0, 0, 0, 0, 0)),
    ("deals without any lead", flow(0, 1, 100), flow(0, 3, 500), (0, 0, 0, 0, 400)),
    ("deals first, leads later", flow(0, 1, 70), flow(10, 2, 300), (0, 300, 0, 0, -70)),
    ("leads first, deals later", flow(10, 2, 300), flow(0, 1, 70), (-150, -150, 0, 0, 70)),
    ("only the average", flow(10, 2, 300), flow(10, 2, 500), (0, 0, 0, 200, 0)),
    ("only the conversion", flow(10, 2, 300), flow(10, 4, 600), (0, 0, 300, 0, 0)),
]


def test_change_is_split_as_worked() -> None:
    found = decompose(EARLIER, LATER)
    assert found == {source: Parts(*map(Fraction, parts)) for source, parts in WORKED.items()}
    assert add_up(found.values()) == Parts(*map(Fraction, (750_000, 100_000, 150_000, 360_000, 50_000)))


@pytest.mark.parametrize(("before", "after", "parts"), [case[1:] for case in ALONE], ids=[case[0] for case in ALONE])
def test_source_with_undefined_ratios_is_put_down_to_one_cause(
    before: Flow, after: Flow, parts: tuple[int, ...]
) -> None:
    steady = flow(10, 1, 100)
    assert decompose({"a": steady, "b": before}, {"a": steady, "b": after})["b"] == Parts(*map(Fraction, parts))


def test_first_leads_ever_are_a_matter_of_their_number() -> None:
    assert decompose({}, {"a": flow(10, 2, 300)}) == {"a": Parts(leads=Fraction(300))}
    assert decompose({"a": flow(10, 2, 300)}, {}) == {"a": Parts(leads=Fraction(-300))}


@given(earlier=build_periods(), later=build_periods())
def test_parts_add_up_to_the_difference_exactly(earlier: dict[str, Flow], later: dict[str, Flow]) -> None:
    found = decompose(earlier, later)
    assert add_up(found.values()).total == sum_revenue(later) - sum_revenue(earlier)
    for source, parts in found.items():
        before, after = earlier.get(source, Flow()), later.get(source, Flow())
        assert parts.total == Fraction(after.revenue) - Fraction(before.revenue)


@given(flows=build_periods())
def test_nothing_changed_has_no_cause(flows: dict[str, Flow]) -> None:
    assert set(decompose(flows, flows).values()) <= {Parts()}


@given(flows=build_periods(least_leads=1), times=st.integers(2, 9))
def test_more_of_everything_is_a_matter_of_leads(flows: dict[str, Flow], times: int) -> None:
    more = {key: Flow(one.leads * times, one.won * times, one.revenue * times) for key, one in flows.items()}
    gained = sum_revenue(flows) * (times - 1)
    assert add_up(decompose(flows, more).values()) == Parts(leads=gained)


@given(flows=build_periods(least_leads=1))
def test_dearer_deals_are_a_matter_of_the_average(flows: dict[str, Flow]) -> None:
    dearer = {key: Flow(one.leads, one.won, one.revenue * 3) for key, one in flows.items()}
    assert add_up(decompose(flows, dearer).values()) == Parts(average=sum_revenue(flows) * 2)


@given(earlier=build_periods(), later=build_periods(), data=st.data())
def test_order_of_sources_does_not_matter(
    earlier: dict[str, Flow], later: dict[str, Flow], data: st.DataObject
) -> None:
    shuffled = dict(data.draw(st.permutations(list(later.items()))))
    assert list(decompose(earlier, shuffled).items()) == list(decompose(earlier, later).items())


@pytest.mark.parametrize("numbers", [(-1, 0, "0"), (0, -1, "0"), (5, 0, "0.01")])
def test_flow_that_cannot_be_is_refused(numbers: tuple[int, int, str]) -> None:
    with pytest.raises(ValueError, match="Flow"):
        flow(*numbers)


# What was, what is, the parts, and the parts as they are shown between the two rounded figures.
ROUNDED = [
    (["1/3", "1/3", "1/3"], "1", 0, ["1", "0", "0"]),
    (["1/3", "2/3", "0"], "1", 0, ["0", "1", "0"]),
    (["0.5", "-0.5", "0"], "0", 0, ["1", "-1", "0"]),
    (["10.6", "0.4"], "12", 0, ["12", "0"]),
    (["-0.9"], "0", 0, ["0"]),
    (["10/3", "-1/3"], "3", 2, ["3.33", "-0.33"]),
]
EXACT = st.fractions(-1000, 1000) | st.integers(-5, 5).map(Fraction)


@pytest.mark.parametrize(("values", "total", "places", "rounded"), ROUNDED)
def test_values_are_rounded_together(values: list[str], total: str, places: int, rounded: list[str]) -> None:
    found = round_together([Fraction(value) for value in values], total=Decimal(total), places=places)
    assert found == [Decimal(value) for value in rounded]


@pytest.mark.parametrize(("value", "rounded"), [("0.5", "1"), ("-0.5", "-1"), ("0.49", "0"), ("5/2", "3"), ("0", "0")])
def test_halves_are_rounded_away_from_nothing(value: str, rounded: str) -> None:
    assert round_half_up(Fraction(value), places=0) == Decimal(rounded)


@given(values=st.lists(EXACT, min_size=1, max_size=5), before=EXACT, places=st.integers(0, 6))
def test_rounded_values_lead_from_one_rounded_figure_to_the_other(
    values: list[Fraction], before: Fraction, places: int
) -> None:
    was, now = (round_half_up(figure, places=places) for figure in (before, sum(values, before)))
    rounded, unit = round_together(values, total=now - was, places=places), Fraction(1, 10**places)
    assert was + sum(rounded) == now
    greatest = max(map(abs, values))
    for near, value in zip(rounded, values, strict=True):
        assert abs(Fraction(near) - value) <= unit / 2 or abs(value) == greatest
        assert abs(Fraction(near) - value) <= unit * (2 + len(values)) / 2
