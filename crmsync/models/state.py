"""The state of synchronisation: how far each stream is, what each run did, what could not be read."""

from datetime import datetime, timedelta

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crmsync.models.portal import Portal
from crmsync.models.slot import Slot


class StreamState(models.Model):
    """One row per portal and stream: the watermark, and the walk under way if there is one.

    A walk reads everything changed since `walk_since` (None: everything), by id. `watermark_at`
    moves to `walk_until`, the portal's clock when the walk began, only when its last page has landed.
    A sweep begun at `sweep_at` has compared the ids up to `sweep_cursor`.
    """

    portal = models.ForeignKey(Portal, models.CASCADE, verbose_name=_("portal"), related_name="stream_states")
    stream = models.CharField(_("stream"), max_length=40)
    watermark_at = models.DateTimeField(_("complete through"), null=True)
    walk_since = models.DateTimeField(null=True, editable=False)
    walk_until = models.DateTimeField(null=True, editable=False)
    cursor = models.BigIntegerField(_("cursor"), default=0)
    rows = models.BigIntegerField(_("records read"), default=0)
    error_class = models.CharField(_("error"), max_length=40, blank=True)
    error = models.CharField(_("message"), max_length=500, blank=True)
    checked_at = models.DateTimeField(_("last tried at"), null=True)
    sweep_at = models.DateTimeField(null=True, editable=False)
    sweep_cursor = models.BigIntegerField(default=0, editable=False)
    swept_at = models.DateTimeField(_("last searched for deleted records at"), null=True)
    missing = models.BigIntegerField(_("missing on the portal"), default=0)
    is_braked = models.BooleanField(_("too many vanished at once"), default=False)

    class Meta:
        verbose_name = _("stream")
        verbose_name_plural = _("streams")
        constraints = [models.UniqueConstraint(fields=["portal", "stream"], name="stream_state_once")]

    def __str__(self) -> str:
        return self.stream


class SyncRun(models.Model):
    """One row per run of a portal's synchronisation."""

    class Outcome(models.TextChoices):
        RUNNING = "running", _("running")
        COMPLETE = "complete", _("complete")
        INCOMPLETE = "incomplete", _("incomplete")
        UNFINISHED = "unfinished", _("goes on in the next run")
        FAILED = "failed", _("failed")
        ABANDONED = "abandoned", _("abandoned")

    portal = models.ForeignKey(Portal, models.CASCADE, verbose_name=_("portal"), related_name="runs")
    slot = models.ForeignKey(Slot, models.SET_NULL, null=True, verbose_name=_("slot"), related_name="runs")
    started_at = models.DateTimeField(_("started at"))
    seen_at = models.DateTimeField(_("last sign of life"))
    finished_at = models.DateTimeField(_("finished at"), null=True)
    outcome = models.CharField(_("outcome"), max_length=12, choices=Outcome.choices, default=Outcome.RUNNING)
    error_class = models.CharField(_("error"), max_length=40, blank=True)
    error = models.CharField(_("message"), max_length=500, blank=True)
    done = models.BigIntegerField(_("read"), default=0)
    expected = models.BigIntegerField(_("expected"), null=True)
    changed = models.BigIntegerField(_("changed"), default=0)
    quarantined = models.BigIntegerField(_("quarantined"), default=0)
    requests = models.BigIntegerField(_("requests"), default=0)
    streams = models.JSONField(_("streams"), default=dict)

    class Meta:
        verbose_name = _("sync run")
        verbose_name_plural = _("sync runs")
        ordering = ["-started_at"]
        indexes = [models.Index(fields=["portal", "-started_at"], name="sync_run_newest")]

    def __str__(self) -> str:
        return f"{timezone.localtime(self.started_at):%Y-%m-%d %H:%M}"

    @property
    def duration(self) -> timedelta:
        """Time from the start to the end, or to the last sign of life."""
        return (self.finished_at or self.seen_at) - self.started_at

    @property
    def rate(self) -> float | None:
        """Records per second so far; None before the first second."""
        seconds = self.duration.total_seconds()
        return self.done / seconds if seconds >= 1 else None

    @property
    def eta_at(self) -> datetime | None:
        """When the run will end at its present rate; None when it is over or nothing is known."""
        if self.finished_at or not self.rate or not self.expected:
            return None
        return self.seen_at + timedelta(seconds=max(0, self.expected - self.done) / self.rate)


class Quarantine(models.Model):
    """One row per record that could not be read, until it can be."""

    portal = models.ForeignKey(Portal, models.CASCADE, verbose_name=_("portal"), related_name="+")
    stream = models.CharField(_("stream"), max_length=40)
    external_id = models.CharField("ID", max_length=64)
    reason = models.CharField(_("reason"), max_length=500)
    payload = models.JSONField(_("record"), default=dict)
    first_seen_at = models.DateTimeField(_("first seen at"))
    last_seen_at = models.DateTimeField(_("last seen at"))

    class Meta:
        verbose_name = _("quarantined record")
        verbose_name_plural = _("quarantine")
        constraints = [models.UniqueConstraint(fields=["portal", "stream", "external_id"], name="quarantine_once")]

    def __str__(self) -> str:
        return f"{self.stream} {self.external_id}"


class RateLimit(models.Model):
    """One row per limit that all processes share: a host's request bucket, or one method's pause."""

    key = models.CharField(max_length=255, unique=True)
    level = models.FloatField(default=0)
    leaked_at = models.DateTimeField(null=True)
    paused_until = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("rate limit")
        verbose_name_plural = _("rate limits")

    def __str__(self) -> str:
        return self.key
