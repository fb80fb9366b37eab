"""What an operator asks first of a portal: does it work, how far is it, what is left out, what does it wait for."""

from typing import Any

from crmsync.admin.formats import format_count, format_duration, format_progress, format_rate
from crmsync.models import Portal, SyncRun
from crmsync.selectors import (
    MOST_DAYS,
    count_quarantine,
    count_unknown_providers,
    count_waiting_days,
    name_stream,
    read_freshness,
    read_newest_runs,
)


def describe_portal(portal: Portal) -> dict[str, Any]:
    """Build the context of a portal's page."""
    waiting = count_waiting_days(portal)
    return {
        "zone": portal.time_zone,
        "streams": [
            {"name": name_stream(state.stream), "state": state, "read": format_count(state.rows)}
            for state in read_freshness(portal)
        ],
        "runs": [describe_run(run) for run in read_newest_runs(portal)],
        "quarantine": [{**row, "name": name_stream(row["stream"])} for row in count_quarantine(portal)],
        "providers": count_unknown_providers(portal),
        "waiting": waiting,
        "waiting_is_cut": waiting == MOST_DAYS,
        "is_broken": portal.connection == Portal.Connection.BROKEN,
    }


def describe_run(run: SyncRun) -> dict[str, Any]:
    """Write one run's figures."""
    return {
        "run": run,
        "duration": format_duration(run.duration),
        "progress": draw_progress(run),
        "rate": format_rate(run.rate),
        "changed": format_count(run.changed),
    }


def draw_progress(run: SyncRun) -> str:
    """Draw how far a run is; what a complete run expected was an estimate that does not matter any more."""
    is_complete = run.outcome == SyncRun.Outcome.COMPLETE
    return format_progress(run.done, run.done if is_complete else run.expected)


def describe_streams(run: SyncRun) -> list[dict[str, Any]]:
    """Write what a run did to each stream. Shape: one row per stream, in the order of reading."""
    return [
        {
            "name": name_stream(key),
            "read": format_count(tally.get("read", 0)),
            "changed": format_count(tally.get("changed", 0)),
            "rejected": format_count(tally.get("rejected", 0)),
            "error": tally.get("error_text", ""),
        }
        for key, tally in run.streams.items()
    ]
