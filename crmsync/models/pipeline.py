"""The portal's dictionaries and the history of stages."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from crmsync.models.portal import MirroredRow


class Semantics(models.TextChoices):
    """What a stage means for its record."""

    PROCESS = "P", _("in progress")
    SUCCESS = "S", _("success")
    FAILURE = "F", _("failure")


class Entity(models.IntegerChoices):
    """Bitrix24's entity type ids of the records that move through stages."""

    LEAD = 1, _("lead")
    DEAL = 2, _("deal")


class Pipeline(MirroredRow):
    """One row per deal pipeline."""

    external_id = models.BigIntegerField("ID", help_text="id")
    name = models.CharField(_("name"), max_length=255, help_text="name")
    position = models.IntegerField(_("position"), default=0, help_text="sort")

    class Meta:
        verbose_name = _("pipeline")
        verbose_name_plural = _("pipelines")
        constraints = [models.UniqueConstraint(fields=["portal", "external_id"], name="pipeline_once")]

    def __str__(self) -> str:
        return self.name


class Stage(MirroredRow):
    """One row per stage of a pipeline, lead statuses included."""

    entity = models.SmallIntegerField(_("of"), choices=Entity.choices)
    external_id = models.CharField("ID", max_length=64, help_text="STATUS_ID")
    pipeline_external_id = models.BigIntegerField(
        _("pipeline"), default=0, help_text=_("ENTITY_ID; lead statuses have one pipeline, 0.")
    )
    name = models.CharField(_("name"), max_length=255, help_text="NAME")
    position = models.IntegerField(_("position"), default=0, help_text="SORT")
    semantics = models.CharField(
        _("meaning"), max_length=1, choices=Semantics.choices, default=Semantics.PROCESS, help_text="SEMANTICS"
    )

    class Meta:
        verbose_name = _("stage")
        verbose_name_plural = _("stages")
        constraints = [
            models.UniqueConstraint(
                fields=["portal", "entity", "pipeline_external_id", "external_id"], name="stage_once"
            )
        ]

    def __str__(self) -> str:
        return self.name


class Source(MirroredRow):
    """One row per source of leads and deals."""

    external_id = models.CharField("ID", max_length=64, help_text="STATUS_ID")
    name = models.CharField(_("name"), max_length=255, help_text="NAME")

    class Meta:
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        constraints = [models.UniqueConstraint(fields=["portal", "external_id"], name="source_once")]

    def __str__(self) -> str:
        return self.name


class StageChange(MirroredRow):
    """One row per move of a lead or deal to a stage; append-only, because the portal forgets."""

    entity = models.SmallIntegerField(_("of"), choices=Entity.choices)
    external_id = models.BigIntegerField("ID", help_text="ID")
    owner_external_id = models.BigIntegerField(_("record"), help_text="OWNER_ID")
    change_type = models.SmallIntegerField(_("type of change"), null=True, help_text="TYPE_ID")
    pipeline_external_id = models.BigIntegerField(_("pipeline"), null=True, help_text="CATEGORY_ID")
    stage_external_id = models.CharField(_("stage"), max_length=64, help_text="STAGE_ID, STATUS_ID")
    semantics = models.CharField(
        _("meaning"), max_length=1, blank=True, help_text="STAGE_SEMANTIC_ID, STATUS_SEMANTIC_ID"
    )
    changed_at = models.DateTimeField(_("changed at"), help_text="CREATED_TIME")

    class Meta:
        verbose_name = _("stage change")
        verbose_name_plural = _("stage changes")
        constraints = [models.UniqueConstraint(fields=["portal", "entity", "external_id"], name="stage_change_once")]
        indexes = [models.Index(fields=["portal", "entity", "owner_external_id"], name="stage_change_owner")]

    def __str__(self) -> str:
        return f"{self.owner_external_id} → {self.stage_external_id}"
