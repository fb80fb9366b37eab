"""A run as people and programs read it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from crmsync.models import Portal, SyncRun
from crmsync.progress import ProgressBar, describe_run, summarize_run

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
GOOD = {"read": 3, "changed": 1, "rejected": 0, "expected": 3, "error": "", "error_text": ""}
BAD = {**GOOD, "rejected": 2, "error": "ScopeError", "error_text": "Отметьте право."}


def make_run(portal: Portal, **columns: Any) -> SyncRun:
    known = {"started_at": NOON, "seen_at": NOON + timedelta(seconds=2), "outcome": SyncRun.Outcome.COMPLETE}
    return SyncRun(
        portal=portal, **{**known, "done": 3, "changed": 1, "requests": 4, "streams": {"deals": GOOD}, **columns}
    )


def test_good_run_is_one_line(portal: Portal) -> None:
    (line,) = describe_run(make_run(portal))
    assert line.startswith("Ромашка: ")
    assert all(number in line for number in ("3", "1", "4", "2.0"))


def test_trouble_of_streams_has_lines_of_its_own(portal: Portal) -> None:
    lines = describe_run(make_run(portal, streams={"deals": GOOD, "leads": BAD}, error="Позже."))
    assert lines[1] == "leads: Отметьте право."
    assert lines[2].startswith("leads: ") and "2" in lines[2]
    assert (lines[3], len(lines)) == ("Позже.", 4)


def test_stream_as_older_runs_told_of_it_is_read(portal: Portal) -> None:
    assert len(describe_run(make_run(portal, streams={"deals": {"read": 1, "rejected": 0}}))) == 1


def test_run_is_summarized_with_plain_values(portal: Portal) -> None:
    told = summarize_run(make_run(portal, quarantined=2))
    assert (told["portal"], told["outcome"], told["seconds"], told["quarantined"]) == (portal.pk, "complete", 2.0, 2)
    assert told["streams"] == {"deals": GOOD}


@pytest.mark.parametrize(
    ("seconds", "rate", "eta"),
    [(2, 50.0, 4), (0.5, None, None), (1, 100.0, 2)],
)
def test_rate_and_end_are_estimated(portal: Portal, seconds: float, rate: float | None, eta: float | None) -> None:
    run = make_run(portal, done=100, expected=300 if seconds >= 1 else None, seen_at=NOON + timedelta(seconds=seconds))
    assert run.rate == rate
    assert run.eta_at == (run.seen_at + timedelta(seconds=eta) if eta else None)


def test_finished_run_has_no_end_to_wait_for(portal: Portal) -> None:
    run = make_run(portal, expected=300, finished_at=NOON + timedelta(seconds=10))
    assert (run.eta_at, run.duration) == (None, timedelta(seconds=10))


def test_more_than_expected_ends_now(portal: Portal) -> None:
    run = make_run(portal, done=500, expected=300)
    assert run.eta_at == run.seen_at


def test_bar_says_nothing_where_nobody_looks(portal: Portal, capsys: pytest.CaptureFixture) -> None:
    with ProgressBar(portal.name) as bar:
        bar.show(make_run(portal, expected=None))
        bar.show(make_run(portal, expected=5))
    assert capsys.readouterr() == ("", "")
    assert (bar.bar.tasks[0].completed, bar.bar.tasks[0].total) == (3, 5)
