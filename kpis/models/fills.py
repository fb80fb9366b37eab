"""How far the facts are, and what a planned fill has still to derive and to compute."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from crmsync.models import Portal


class Filling(models.Model):
    """One row per portal: how far the facts are; who fills touched days or plans a fill holds it locked."""

    portal = models.OneToOneField(Portal, models.CASCADE, primary_key=True, related_name="+")
    # The mirror's watermarks by stream, in ISO, when the facts last caught up with it.
    watermarks = models.JSONField(default=dict)
    # What the watermarks become when the last planned range is filled; None when nothing is planned.
    planned = models.JSONField(null=True)

    class Meta:
        verbose_name = _("filling of the facts")
        verbose_name_plural = _("fillings of the facts")

    def __str__(self) -> str:
        return f"{self.portal_id}"


class FillRange(models.Model):
    """One row per range of days of a portal that a planned fill has still to compute; who fills it holds it locked.

    Ranges begin where months do and leave no gap: the first is open to the past, the last, without an end, to the
    future.
    """

    portal = models.ForeignKey(Portal, models.CASCADE, related_name="+", db_index=False)
    start_on = models.DateField()
    end_on = models.DateField(null=True)

    class Meta:
        verbose_name = _("range of days to fill")
        verbose_name_plural = _("ranges of days to fill")
        constraints = [models.UniqueConstraint(fields=["portal", "start_on"], name="fill_range_once")]

    def __str__(self) -> str:
        return f"{self.start_on} – {self.end_on or '…'}"


class DeriveRange(models.Model):
    """One row per range of records around which a planned fill has still to derive; who does it holds it locked.

    Ranges lie in the order of types and ids, type 0 standing for all but leads, deals, contacts and companies, and
    leave no gap; the last has no end. Ranges of days are filled when none of these is left.
    """

    portal = models.ForeignKey(Portal, models.CASCADE, related_name="+", db_index=False)
    start_type = models.SmallIntegerField()
    start_id = models.BigIntegerField()
    end_type = models.SmallIntegerField(null=True)
    end_id = models.BigIntegerField(null=True)

    class Meta:
        verbose_name = _("range of records to derive from")
        verbose_name_plural = _("ranges of records to derive from")
        constraints = [models.UniqueConstraint(fields=["portal", "start_type", "start_id"], name="derive_range_once")]

    def __str__(self) -> str:
        return f"{self.start_type}:{self.start_id} – {self.end_type or '…'}:{self.end_id or '…'}"
