"""Clients asked about their satisfaction, and what they answered; the source of the CSAT measures."""

from typing import Any, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from crmsync.models import Deal, Employee, Portal


class SurveyQuerySet(models.QuerySet[Any]):
    """Speaks of invitations and answers with the mirror's word."""

    def live(self) -> Self:
        """Keep all: what clients said stays."""
        return self.all()


class SurveyRow(models.Model):
    """What invitations and answers have in common: the deal asked about, and who is credited, frozen at sending."""

    portal = models.ForeignKey(Portal, models.CASCADE, verbose_name=_("portal"), related_name="+", db_index=False)
    deal = models.ForeignKey(Deal, models.PROTECT, null=True, verbose_name=_("deal"), related_name="+")
    employee = models.ForeignKey(
        Employee, models.PROTECT, null=True, verbose_name=_("credited to"), related_name="+", db_index=False
    )

    objects = SurveyQuerySet.as_manager()

    class Meta:
        abstract = True


class Invitation(SurveyRow):
    """One row per client asked about one deal."""

    sent_at = models.DateTimeField(_("sent at"), null=True)
    sent_on = models.DateField(_("sent on"), null=True, help_text=_("Business day of the sending."))

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        indexes = [models.Index(fields=["portal", "sent_on", "employee"], name="invitation_cell")]

    def __str__(self) -> str:
        return f"{self.pk}"


class Answer(SurveyRow):
    """One row per answer; only confirmed ones count. Without an invitation it was imported from elsewhere."""

    invitation = models.OneToOneField(
        Invitation, models.PROTECT, null=True, verbose_name=_("invitation"), related_name="answer"
    )
    score = models.PositiveSmallIntegerField(_("score"), help_text=_("1 to 5."))
    answered_at = models.DateTimeField(_("answered at"))
    answered_on = models.DateField(_("answered on"), help_text=_("Business day of the answer."))
    is_confirmed = models.BooleanField(_("confirmed"), default=False)

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        indexes = [models.Index(fields=["portal", "answered_on", "employee"], name="answer_cell")]

    def __str__(self) -> str:
        return f"{self.pk}"
