"""What an operator asks first of a portal: is anything wrong, how far is it, what runs, what was proved."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from crmsync.admin.formats import format_count, format_duration, format_progress, format_rate, measure
from crmsync.admin.headline import choose_mood, describe_finding, write_headline
from crmsync.admin.proof_page import describe_compared
from crmsync.findings import Evidence, gather_evidence, review
from crmsync.findings.streams import is_stale
from crmsync.models import Portal, Proof, Slot, StreamState, SyncRun
from crmsync.selectors import MOST_DAYS, name_stream, read_newest_runs


def describe_portal(portal: Portal, *, now: datetime) -> dict[str, Any]:
    """Build the context of a portal's page. *Time*: the portal's zone is in force."""
    seen = gather_evidence(portal, now)
    findings = review(seen)
    return {
        "zone": portal.time_zone,
        "headline": write_headline(findings, seen),
        "mood": choose_mood(findings),
        "is_braked": any(state.is_braked for state in seen.states),
        "findings": [describe_finding(finding) for finding in findings],
        "streams": [describe_stream(state, seen) for state in seen.states],
        "slots": [describe_slot(slot, seen) for slot in seen.slots],
        "runs": [describe_run(run) for run in read_newest_runs(portal)],
        "proof": seen.proof and describe_proof(seen.proof),
        "quarantine": [
            {"stream": key, "name": name_stream(key), "count": count} for key, count in seen.quarantined.items()
        ],
        "providers": seen.providers,
        "waiting": seen.waiting,
        "waiting_is_cut": seen.waiting == MOST_DAYS,
    }


def describe_stream(state: StreamState, seen: Evidence) -> dict[str, Any]:
    """Write how far a stream is and what hinders it."""
    return {
        "name": name_stream(state.stream),
        "state": state,
        "read": format_count(state.rows),
        "missing": format_count(state.missing) if state.missing else "",
        "is_stale": is_stale(state, seen),
    }


def describe_slot(slot: Slot, seen: Evidence) -> dict[str, Any]:
    """Write what becomes of an open slot."""
    if not seen.is_held:
        return {"slot": slot, "state": _("waits for a worker")}
    return {"slot": slot, "state": _("under way") if slot.attempts else _("is next")}


def describe_proof(proof: Proof) -> dict[str, Any]:
    """Write how a proof ended, with the streams in which something differs or that could not be compared."""
    told = describe_compared(proof)
    return {
        "proof": proof,
        "compared": format_count(proof.compared),
        "differing": format_count(proof.differing),
        "duration": format_duration(measure(proof.started_at, proof.finished_at)),
        "streams": [stream for stream in told if stream["causes"] or stream["error"]],
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
            "missing": format_count(tally.get("missing", 0)),
            "buried": format_count(tally.get("buried", 0)),
            "error": tally.get("error_text", ""),
        }
        for key, tally in run.streams.items()
    ]
