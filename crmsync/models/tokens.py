"""Personal tokens: with one of them a program reads in its owner's name."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class ApiToken(models.Model):
    """One row per token that a user has made; the token itself is not kept, only what proves it."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, verbose_name=_("user"), related_name="api_tokens"
    )
    name = models.CharField(_("name"), max_length=100)
    key = models.CharField(
        _("begins with"), max_length=12, unique=True, editable=False, help_text=_("The part that may be shown.")
    )
    digest = models.CharField(max_length=64, editable=False, help_text=_("SHA-256 of the whole token."))
    created_at = models.DateTimeField(_("made at"), editable=False)
    expires_at = models.DateTimeField(_("expires at"))
    last_used_at = models.DateTimeField(_("last used at"), null=True, editable=False)
    revoked_at = models.DateTimeField(_("revoked at"), null=True, editable=False)

    class Meta:
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")

    def __str__(self) -> str:
        return self.name
