"""The connected CRM: every mirrored row belongs to a Portal."""

from typing import Self, TypeVar
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from crmsync.fields import EncryptedTextField


def is_zone(name: str) -> bool:
    """Tell whether this is the name of a time zone."""
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return False
    return True


def validate_zone(value: str) -> None:
    """Refuse a name that is no time zone."""
    if not is_zone(value):
        raise ValidationError(_("Use the name of a time zone such as Europe/Moscow."))


class Portal(models.Model):
    """One row per connected CRM account; whoever writes its mirror holds its lease."""

    class Kind(models.TextChoices):
        BITRIX24 = "bitrix24", "Bitrix24"

    class Connection(models.TextChoices):
        WORKING = "working", _("working")
        BROKEN = "broken", _("needs attention")

    name = models.CharField(_("name"), max_length=100)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices, default=Kind.BITRIX24)
    origin = models.CharField(_("address"), max_length=255, help_text=_("Scheme and host, without the webhook's code."))
    webhook_url = EncryptedTextField(_("incoming webhook"), help_text=_("Stored encrypted and never shown."))
    time_zone = models.CharField(
        _("business time zone"), max_length=64, default="Europe/Moscow", validators=[validate_zone]
    )
    base_currency = models.CharField(_("base currency"), max_length=3, default="RUB")
    is_enabled = models.BooleanField(_("synchronised"), default=True)
    bucket_capacity = models.PositiveIntegerField(
        _("requests at once"), default=50, help_text=_("50 on ordinary plans, 250 on Enterprise.")
    )
    bucket_leak = models.FloatField(
        _("requests per second"),
        default=2.0,
        help_text=_("2 on ordinary plans, 5 on Enterprise; 0 means without a limit."),
    )
    overlap_hours = models.PositiveIntegerField(
        _("overlap, hours"),
        default=14,
        help_text=_("How far each run looks back behind the last one; covers clocks and zones that disagree."),
    )
    sync_seconds = models.PositiveIntegerField(
        _("synchronised every, seconds"),
        default=600,
        validators=[MinValueValidator(10)],
        help_text=_("A run with nothing new costs some 10 requests."),
    )
    night_hour = models.PositiveSmallIntegerField(
        _("nightly check at, hour"),
        default=2,
        validators=[MaxValueValidator(23)],
        help_text=_(
            "In the business time zone: looks for deleted records and proves that the mirror equals the portal."
        ),
    )
    custom_fields = models.JSONField(
        _("custom fields"),
        default=dict,
        blank=True,
        help_text=_('UF_* fields to copy by table, for example {"deal": ["UF_CRM_COST"]}.'),
    )
    activity_map = models.JSONField(
        _("activity map"),
        default=list,
        blank=True,
        help_text=_("Own rules before the built-in ones: [[type or null, provider or null, kind], …]."),
    )
    connection = models.CharField(
        _("connection"), max_length=10, choices=Connection.choices, default=Connection.WORKING
    )
    connection_note = models.CharField(_("what to do"), max_length=300, blank=True)
    missing_fields = models.JSONField(_("custom fields that the portal does not have"), default=list, editable=False)
    lease_owner = models.CharField(_("sync held by"), max_length=100, blank=True)
    lease_until = models.DateTimeField(_("sync held until"), null=True, blank=True)
    lease_fence = models.PositiveBigIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(_("connected at"), auto_now_add=True)

    class Meta:
        verbose_name = _("portal")
        verbose_name_plural = _("portals")
        constraints = [models.UniqueConstraint(fields=["kind", "origin"], name="portal_once")]

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> ZoneInfo:
        """The zone in which this portal's days, months and years are cut."""
        return ZoneInfo(self.time_zone)


Row = TypeVar("Row", bound=models.Model, covariant=True)


class MirrorQuerySet(models.QuerySet[Row]):
    """The word in which all stages speak of mirrored rows."""

    def live(self) -> Self:
        """Leave out what the portal does not have any more."""
        return self.filter(deleted_at=None)


class MirroredRow(models.Model):
    """What every mirrored row has: its portal, a fingerprint of what the portal last said, when it vanished there."""

    # Every table has an index that begins with the portal; one for it alone would only cost.
    portal = models.ForeignKey(Portal, models.CASCADE, verbose_name=_("portal"), related_name="+", db_index=False)
    content_hash = models.BigIntegerField(default=0, editable=False)
    deleted_at = models.DateTimeField(_("gone from the portal since"), null=True, editable=False)

    objects = MirrorQuerySet.as_manager()

    class Meta:
        abstract = True
