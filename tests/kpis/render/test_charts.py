"""Charts: where lines run, gaps that are no zeros, bars that pass their target, and a label in words."""

import re
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.template import Context, Template
from hypothesis import given
from hypothesis import strategies as st

from kpis.render.charts import BULLET_WIDTH, SPARK_HEIGHT, SPARK_WIDTH, Point, draw_bullet, draw_curve, draw_spark


def test_values_run_from_left_to_right_the_least_at_the_bottom() -> None:
    assert draw_spark([0, 5, 10]).runs == ("4.0,24.0 52.0,14.0 100.0,4.0",)


def test_equal_values_run_along_the_middle() -> None:
    assert draw_spark([7, 7]).runs == ("4.0,14.0 100.0,14.0",)


def test_missing_month_is_a_gap_and_a_lone_one_a_dot() -> None:
    spark = draw_spark([1, 2, None, 3, None])
    assert (len(spark.runs), spark.singles, spark.last) == (1, (Point("76.0", "4.0"),), None)


@pytest.mark.parametrize("values", [[], [None] * 13])
def test_nothing_known_draws_nothing(values: list[None]) -> None:
    spark = draw_spark(values)
    assert (spark.runs, spark.singles, spark.last) == ((), (), None)


@given(st.lists(st.one_of(st.none(), st.decimals(-(10**12), 10**12, places=6)), max_size=13))
def test_every_place_is_inside(values: list[Decimal | None]) -> None:
    spark = draw_spark(values)
    places = [each.split(",") for run in spark.runs for each in run.split()]
    assert all(0 <= float(x) <= SPARK_WIDTH and 0 <= float(y) <= SPARK_HEIGHT for x, y in places)


@pytest.mark.parametrize(
    ("percent", "bar", "is_beyond"),
    [
        (Decimal(0), "0.0", False),
        (Decimal(50), "69.0", False),
        (Decimal(100), "138.0", False),
        (Fraction(400, 3), "184.0", False),
        (Decimal(134), "184.0", True),
        (Decimal("Infinity"), "184.0", True),
        (Decimal(-5), "0.0", False),
        (None, None, False),
    ],
)
def test_bar_may_pass_the_target_and_stays_in_the_chart(percent: Any, bar: str | None, is_beyond: bool) -> None:
    bullet = draw_bullet(percent)
    assert (bullet.bar, bullet.is_beyond, bullet.target, bullet.pace) == (bar, is_beyond, "138.0", None)
    assert bullet.width == BULLET_WIDTH


def test_pace_stands_on_the_scale_of_the_target() -> None:
    assert draw_bullet(Decimal(10), pace=Fraction(50)).pace == "69.0"


def test_curve_begins_at_zero() -> None:
    assert draw_curve([0, 50, 100]).line == "6.0,114.0 108.7,60.0 211.3,6.0"


def draw(source: str, **values: Any) -> str:
    return Template("{% load charts %}" + source).render(Context(values))


def test_tags_write_svg_that_says_in_words_what_it_shows() -> None:
    page = draw("{% sparkline values label %}{% bullet 64 60 'behind' label %}", values=[1, 2], label="64 %")
    assert page.count("<svg") == page.count('role="img"') == 2
    assert 'aria-label="64 %"' in page
    assert 'class="chart bullet behind"' in page
    assert "style=" not in page


def test_label_of_the_caller_is_escaped() -> None:
    assert 'aria-label="&lt;b&gt;"' in draw("{% sparkline values label %}", values=[1], label="<b>")


def test_charts_share_no_class_with_the_frame() -> None:
    """The site's bar is not printed: a chart's part of this name would vanish with it."""
    page = draw("{% sparkline values '' %}{% bullet 64 60 'good' '' %}{% curve values '' %}", values=[1, 2])
    frame = set(re.findall(r"\.([a-z-]+)", Path(settings.BASE_DIR, "static", "itogi.css").read_text()))
    used = {name for names in re.findall('class="([^"]*)"', page) for name in names.split()}
    assert used & frame == set()


def test_coordinates_keep_their_point_in_every_language() -> None:
    assert 'points="4.0,24.0 100.0,4.0"' in draw("{% sparkline values '' %}", values=[1, 2])
