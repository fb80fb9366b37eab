"""Findings about the work itself: the connection, the workers, the switch, the jobs that are due."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from crmsync.findings.evidence import Evidence
from crmsync.findings.finding import Finding, Level, write_moment
from crmsync.models import SyncRun

# Workers that die under a job try it again; a third time is no accident.
MANY_ATTEMPTS = 3


def review_connection(seen: Evidence) -> Iterator[Finding]:
    """Tell of a connection that somebody has to mend."""
    if seen.is_broken:
        yield Finding(
            Level.URGENT,
            _("connection"),
            _("The connection to the portal is broken: nothing can be read."),
            seen.portal.connection_note or _("Create a new webhook in the portal and enter it here."),
            reverse("admin:crmsync_portal_webhook", args=[seen.portal.pk]),
            act=_("Replace the webhook"),
        )


def review_switch(seen: Evidence) -> Iterator[Finding]:
    """Tell of a portal that is switched off on purpose, lest it be forgotten."""
    if not seen.portal.is_enabled:
        yield Finding(
            Level.WARNING,
            _("switched off"),
            _("This portal is switched off: nothing is read and nothing is checked."),
            _("Tick “synchronised” in the settings below to go on."),
        )


def review_workers(seen: Evidence) -> Iterator[Finding]:
    """Tell of workers that take no tasks."""
    if not seen.is_silent or not seen.portal.is_enabled:
        return
    text = _("The workers have never been heard: nobody does what is due.")
    if seen.last_beat:
        text = _("The workers are silent since %(at)s: nobody does what is due.")
        text %= {"at": write_moment(seen.last_beat)}
    advice = _("Start the worker and beat (manage.py serve runs both); if they run, restart the broker and them.")
    yield Finding(Level.URGENT, _("workers"), text, advice, reverse("admin:crmsync_heartbeat_changelist"))


def review_attempts(seen: Evidence) -> Iterator[Finding]:
    """Tell of jobs that begin again and again without an end."""
    for slot in seen.slots:
        if slot.attempts >= MANY_ATTEMPTS:
            told = {"job": slot.get_job_display(), "count": slot.attempts}
            yield Finding(
                Level.WARNING,
                _("jobs"),
                _("The job “%(job)s” was begun %(count)s times and never ended.") % told,
                _("Workers die under it or the portal does not answer: look at the last runs and the worker's log."),
                reverse("admin:crmsync_slot_changelist") + f"?portal={seen.portal.pk}",
            )


def review_last_run(seen: Evidence) -> Iterator[Finding]:
    """Tell of a last run that failed as a whole; a broken connection is told of already."""
    run = seen.run
    if run is None or run.outcome != SyncRun.Outcome.FAILED or seen.is_broken:
        return
    yield Finding(
        Level.WARNING,
        _("last run"),
        _("The last run failed at %(at)s; the next one tries again.") % {"at": write_moment(run.started_at)},
        run.error,
        reverse("admin:crmsync_syncrun_change", args=[run.pk]),
    )
