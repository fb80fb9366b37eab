"""Proofs that the mirror equals the portal, and what they found where it does not."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crmsync.models.portal import Portal


class Proof(models.Model):
    """One row per comparison of a portal's mirror with the portal, record by record and field by field.

    `streams` holds per stream how many records were compared and, by cause, how many differ.
    """

    class Outcome(models.TextChoices):
        RUNNING = "running", _("running")
        EQUAL = "equal", _("equal")
        DIFFERENT = "different", _("different")
        FAILED = "failed", _("could not be compared")

    portal = models.ForeignKey(Portal, models.CASCADE, verbose_name=_("portal"), related_name="proofs")
    started_at = models.DateTimeField(_("started at"))
    finished_at = models.DateTimeField(_("finished at"), null=True)
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome.choices, default=Outcome.RUNNING)
    compared = models.BigIntegerField(_("compared"), default=0)
    differing = models.BigIntegerField(_("differing"), default=0)
    error = models.CharField(_("message"), max_length=500, blank=True)
    cursor = models.JSONField(default=dict, editable=False)
    streams = models.JSONField(_("streams"), default=dict)

    class Meta:
        verbose_name = _("proof")
        verbose_name_plural = _("proofs")
        ordering = ["-started_at"]
        indexes = [models.Index(fields=["portal", "-started_at"], name="proof_newest")]

    def __str__(self) -> str:
        return f"{timezone.localtime(self.started_at):%Y-%m-%d %H:%M}"


class Difference(models.Model):
    """One row per field, or whole record, in which mirror and portal differ; the first thousand of a proof."""

    class Cause(models.TextChoices):
        NEWER = "newer", _("changed on the portal after the last sync")
        QUARANTINED = "quarantined", _("cannot be read: in quarantine")
        VANISHED = "vanished", _("not on the portal any more; the nightly check has not confirmed it yet")
        BRAKED = "braked", _("vanished with many others: waits for an operator's yes")
        RETURNED = "returned", _("back on the portal since the last nightly check")
        UNFINISHED = "unfinished", _("the first sync has not come that far")
        SILENT = "silent", _("changed without a new date of change")
        LOST = "lost", _("missing in the mirror without a reason")

    proof = models.ForeignKey(Proof, models.CASCADE, verbose_name=_("proof"), related_name="differences")
    stream = models.CharField(_("stream"), max_length=40)
    external_id = models.CharField("ID", max_length=200)
    field = models.CharField(_("field"), max_length=60, blank=True)
    ours = models.CharField(_("in the mirror"), max_length=300, blank=True)
    theirs = models.CharField(_("on the portal"), max_length=300, blank=True)
    cause = models.CharField(_("cause"), max_length=12, choices=Cause.choices)

    class Meta:
        verbose_name = _("difference")
        verbose_name_plural = _("differences")

    def __str__(self) -> str:
        return f"{self.stream} {self.external_id} {self.field}"
