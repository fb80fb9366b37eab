"""Where the lines of small charts run: geometry only, what is drawn is told by templates/charts. Pure.

Shape: coordinates are texts with a decimal point, as SVG wants them in every language; y grows downwards.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

Value = int | float | Decimal | Fraction
SPARK_WIDTH, SPARK_HEIGHT, SPARK_MARGIN = 104, 28, 4
BULLET_WIDTH, BULLET_HEIGHT = 184, 20
# The target stands at three quarters, so that a bar may pass it by a third before it leaves the chart.
BULLET_MOST = Fraction(400, 3)
CURVE_WIDTH, CURVE_HEIGHT, CURVE_MARGIN = 320, 120, 6


@dataclass(frozen=True, slots=True)
class Point:
    """One place of a chart."""

    x: str
    y: str

    def __str__(self) -> str:
        return f"{self.x},{self.y}"


@dataclass(frozen=True, slots=True)
class Spark:
    """A line of months: its unbroken runs, the months that stand alone, and the last month where it has a value."""

    width: int
    height: int
    runs: tuple[str, ...]
    singles: tuple[Point, ...]
    last: Point | None


@dataclass(frozen=True, slots=True)
class Bullet:
    """A bar against a target: how long it is, where target and pace stand, and whether it leaves the chart.

    Empty: no bar without a value, no pace where none is asked for.
    """

    width: int
    height: int
    bar: str | None
    target: str
    pace: str | None
    is_beyond: bool


@dataclass(frozen=True, slots=True)
class Curve:
    """A line through points, with the points themselves."""

    width: int
    height: int
    line: str
    points: tuple[Point, ...]


def draw_spark(values: Sequence[Value | None]) -> Spark:
    """Draw values from left to right at equal steps; what has no value is a gap, never a zero."""
    places = place_values(values, width=SPARK_WIDTH, height=SPARK_HEIGHT, margin=SPARK_MARGIN)
    runs = list(split_runs(places))
    lines = tuple(" ".join(map(str, run)) for run in runs if len(run) > 1)
    singles = tuple(run[0] for run in runs if len(run) == 1)
    return Spark(SPARK_WIDTH, SPARK_HEIGHT, lines, singles, places[-1] if places else None)


def place_values(values: Sequence[Value | None], *, width: int, height: int, margin: int) -> list[Point | None]:
    """Place values between the margins, the least at the bottom; equal ones run along the middle."""
    known = [float(value) for value in values if value is not None]
    low, high = (min(known), max(known)) if known else (0.0, 0.0)
    step = (width - 2 * margin) / max(len(values) - 1, 1)
    room = height - 2 * margin
    return [
        None
        if value is None
        else Point(
            write_place(margin + number * step),
            write_place(margin + room * ((high - float(value)) / (high - low) if high > low else 0.5)),
        )
        for number, value in enumerate(values)
    ]


def split_runs(places: Sequence[Point | None]) -> Iterator[list[Point]]:
    """Split places into runs without a gap."""
    run: list[Point] = []
    for place in [*places, None]:
        if place is not None:
            run.append(place)
        elif run:
            yield run
            run = []


def draw_bullet(percent: Value | None, *, pace: Value | None = None) -> Bullet:
    """Draw an attainment against 100 %. Units: percent of the target, for the pace too."""
    return Bullet(
        width=BULLET_WIDTH,
        height=BULLET_HEIGHT,
        bar=None if percent is None else write_place(place_percent(percent)),
        target=write_place(place_percent(100)),
        pace=None if pace is None else write_place(place_percent(pace)),
        is_beyond=percent is not None and percent > BULLET_MOST,
    )


def place_percent(percent: Value) -> float:
    """Place a percentage along a bullet; what is beyond its ends stays at them."""
    # Before any division: an attainment without a bound is the decimal Infinity.
    kept = BULLET_MOST if percent > BULLET_MOST else max(Fraction(percent), Fraction(0))
    return float(kept / BULLET_MOST * BULLET_WIDTH)


def draw_curve(values: Sequence[Value]) -> Curve:
    """Draw a larger line, from zero up, for values that a table names beside it."""
    # A zero before them makes the axis begin there.
    placed = place_values([*values, 0], width=CURVE_WIDTH, height=CURVE_HEIGHT, margin=CURVE_MARGIN)
    points = tuple(each for each in placed[:-1] if each)
    return Curve(CURVE_WIDTH, CURVE_HEIGHT, " ".join(map(str, points)), points)


def write_place(place: float) -> str:
    """Write a coordinate."""
    return f"{place:.1f}"
