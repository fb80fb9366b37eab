"""A run as people and programs read it: a progress bar while it goes on, and what it did when it is over."""

import sys
from types import TracebackType
from typing import Any

from django.utils.translation import gettext as _
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from crmsync.models import SyncRun


class ProgressBar:
    """Shows a run's progress on a terminal, and nothing anywhere else."""

    def __init__(self, title: str) -> None:
        self.bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[rate]}"),
            TimeRemainingColumn(),
            console=Console(file=sys.stderr),
            disable=not sys.stderr.isatty(),
            transient=True,
        )
        self.task = self.bar.add_task(escape(title), total=None, rate="")

    def __enter__(self) -> "ProgressBar":
        self.bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.bar.stop()

    def show(self, run: SyncRun) -> None:
        """Show how far the run is."""
        rate = _("%(rate)d records/s") % {"rate": run.rate} if run.rate else ""
        self.bar.update(self.task, completed=run.done, total=run.expected, rate=rate)

    def count(self, done: int) -> None:
        """Show how many records are done where nobody knows how many there are."""
        self.bar.update(self.task, completed=done)


def describe_run(run: SyncRun) -> list[str]:
    """Tell in sentences what a run did and what is left to do."""
    told = {
        "portal": run.portal.name,
        "outcome": run.get_outcome_display(),
        "done": run.done,
        "changed": run.changed,
        "requests": run.requests,
        "seconds": round(run.duration.total_seconds(), 1),
    }
    lines = [
        _("%(portal)s: %(outcome)s, %(done)d records read, %(changed)d changed, %(requests)d requests, %(seconds)s s.")
        % told
    ]
    lines += [f"{key}: {told['error_text']}" for key, told in run.streams.items() if told.get("error_text")]
    lines += [
        _("%(stream)s: %(count)d records in quarantine; see the admin for the reasons.")
        % {"stream": key, "count": told["rejected"]}
        for key, told in run.streams.items()
        if told["rejected"]
    ]
    lines += [
        describe_sweep(key, told) for key, told in run.streams.items() if told.get("missing") or told.get("buried")
    ]
    return [*lines, run.error] if run.error else lines


def describe_sweep(stream: str, told: dict[str, Any]) -> str:
    """Tell what a sweep found missing of one stream and what becomes of it."""
    counts = {"stream": stream, "missing": told["missing"], "buried": told["buried"]}
    if told["is_braked"]:
        return _("%(stream)s: %(missing)d records vanished at once; nothing was removed.") % counts
    if not told["missing"]:
        return _("%(stream)s: %(buried)d records are deleted.") % counts
    return (
        _("%(stream)s: %(buried)d records are deleted, %(missing)d missing for the first time: the next sweep decides.")
        % counts
    )


def summarize_run(run: SyncRun) -> dict[str, Any]:
    """Give a run as data."""
    return {
        "portal": run.portal_id,
        "outcome": run.outcome,
        "read": run.done,
        "changed": run.changed,
        "quarantined": run.quarantined,
        "requests": run.requests,
        "seconds": run.duration.total_seconds(),
        "error_class": run.error_class,
        "error": run.error,
        "streams": run.streams,
    }
