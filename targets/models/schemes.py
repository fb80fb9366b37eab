"""Pay rules: a scheme is named once and has versions, each in force from a day on."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from crmsync.models import Portal


class Scheme(models.Model):
    """One row per named pay rule of a portal."""

    portal = models.ForeignKey(Portal, models.CASCADE, verbose_name=_("portal"), related_name="+", db_index=False)
    name = models.CharField(_("name"), max_length=100)

    class Meta:
        verbose_name = _("bonus scheme")
        verbose_name_plural = _("bonus schemes")
        constraints = [
            models.UniqueConstraint(
                fields=["portal", "name"],
                name="scheme_once",
                violation_error_message=_("This portal has a scheme of this name already."),
            )
        ]

    def __str__(self) -> str:
        return self.name


class SchemeVersion(models.Model):
    """One row per version of a scheme; it is never changed, a change of the rules is a new version."""

    class Counts(models.TextChoices):
        WON = "won", _("won deals")
        PAID = "paid", _("paid deals")

    scheme = models.ForeignKey(
        Scheme, models.CASCADE, verbose_name=_("bonus scheme"), related_name="versions", db_index=False
    )
    number = models.PositiveIntegerField(_("version"))
    effective_on = models.DateField(_("in force from"))
    rules = models.JSONField(_("rules"), help_text=_("Decimals are strings; the form of docs/algorithms/scoring.md."))
    line_tables = models.JSONField(_("tables of single KPIs"), default=dict, blank=True)
    counts = models.CharField(_("what counts"), max_length=5, choices=Counts.choices, default=Counts.WON)
    note = models.CharField(_("what changed"), max_length=255, blank=True)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, verbose_name=_("created by"), related_name="+"
    )

    class Meta:
        verbose_name = _("version of a scheme")
        verbose_name_plural = _("versions of schemes")
        constraints = [models.UniqueConstraint(fields=["scheme", "number"], name="scheme_version_once")]

    def __str__(self) -> str:
        return f"{self.scheme} v{self.number}"
