"""What the portal forgets and we keep: who changed what carries credit, and which records vanished."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from crmsync.models.pipeline import Entity
from crmsync.models.portal import Portal


class CreditChange(models.Model):
    """One row per change of a field that carries credit, as the mirror saw it; append-only.

    The portal's own history names nobody and forgets other pipelines.
    """

    class Field(models.TextChoices):
        STAGE = "stage", _("stage")
        RESPONSIBLE = "responsible", _("responsible")
        AMOUNT = "amount", _("amount")
        CLOSED = "closed", _("won or lost at")
        CREDIT = "credit", _("credited to")
        PRESENCE = "presence", _("gone from the portal since")

    portal = models.ForeignKey(Portal, models.CASCADE, verbose_name=_("portal"), related_name="+", db_index=False)
    entity = models.SmallIntegerField(_("of"), choices=Entity.choices)
    external_id = models.BigIntegerField("ID")
    field = models.CharField(_("what"), max_length=12, choices=Field.choices)
    before = models.CharField(_("before"), max_length=100, blank=True)
    after = models.CharField(_("after"), max_length=100, blank=True)
    changed_at = models.DateTimeField(_("changed at"), null=True, help_text="updatedTime, movedTime")
    changed_by_external_id = models.BigIntegerField(_("changed by"), null=True, help_text="updatedBy, movedBy")
    seen_at = models.DateTimeField(_("seen at"), auto_now_add=True)

    class Meta:
        verbose_name = _("change of credit")
        verbose_name_plural = _("changes of credit")
        indexes = [
            models.Index(fields=["portal", "entity", "external_id"], name="credit_change_record"),
            models.Index(fields=["portal", "-seen_at"], name="credit_change_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.external_id} {self.field}: {self.before} → {self.after}"


class Tombstone(models.Model):
    """One row per disappearance of a mirrored record: missed by one sweep, confirmed by the next, perhaps come back.

    A candidate that turns up before it is confirmed loses its row.
    """

    portal = models.ForeignKey(Portal, models.CASCADE, verbose_name=_("portal"), related_name="+", db_index=False)
    stream = models.CharField(_("stream"), max_length=40)
    row_id = models.BigIntegerField(editable=False)
    external_id = models.CharField("ID", max_length=200)
    name = models.CharField(_("name"), max_length=255, blank=True)
    missed_at = models.DateTimeField(_("first missed at"))
    last_missed_at = models.DateTimeField(_("last missed at"))
    deleted_at = models.DateTimeField(_("taken for deleted at"), null=True)
    restored_at = models.DateTimeField(_("came back at"), null=True)

    class Meta:
        verbose_name = _("deleted record")
        verbose_name_plural = _("deleted records")
        constraints = [
            models.UniqueConstraint(
                fields=["portal", "stream", "row_id"],
                condition=models.Q(restored_at=None),
                name="tombstone_open_once",
            )
        ]
        indexes = [models.Index(fields=["portal", "stream", "deleted_at"], name="tombstone_stream")]

    def __str__(self) -> str:
        return f"{self.stream} {self.external_id}"
