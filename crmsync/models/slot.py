"""What must be done and when: rows that workers close, so that a lost message or a second one changes nothing."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crmsync.models.portal import Portal


class Slot(models.Model):
    """One row per portal, job and moment at which it was due; of a portal's job at most one is open.

    The run or proof that fulfils it closes it in its own last transaction.
    """

    class Job(models.TextChoices):
        SYNC = "sync", _("sync")
        SWEEP = "sweep", _("search for deleted records")
        PROOF = "proof", _("proof")

    portal = models.ForeignKey(Portal, models.CASCADE, verbose_name=_("portal"), related_name="slots")
    job = models.CharField(_("job"), max_length=10, choices=Job.choices)
    due_at = models.DateTimeField(_("due at"))
    accepts_deletions = models.BooleanField(_("deletions accepted"), default=False)
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    done_at = models.DateTimeField(_("done at"), null=True)

    class Meta:
        verbose_name = _("slot")
        verbose_name_plural = _("slots")
        constraints = [
            models.UniqueConstraint(fields=["portal", "job", "due_at"], name="slot_once"),
            models.UniqueConstraint(fields=["portal", "job"], condition=models.Q(done_at=None), name="slot_open_once"),
        ]

    def __str__(self) -> str:
        return f"{self.job} {timezone.localtime(self.due_at):%Y-%m-%d %H:%M:%S}"


class Heartbeat(models.Model):
    """One row per machine whose worker takes tasks from the queue, and when it last did."""

    worker = models.CharField(_("worker"), max_length=100, unique=True)
    seen_at = models.DateTimeField(_("last sign of life"))

    class Meta:
        verbose_name = _("heartbeat")
        verbose_name_plural = _("heartbeats")

    def __str__(self) -> str:
        return self.worker
