"""Scorecards: one final document per employee and period, with everything that it was computed from."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from crmsync.fields import ExactField, MoneyField
from crmsync.models import Employee, Portal
from kpis.periods import Period
from targets.models.plans import PlanMember
from targets.models.schemes import SchemeVersion


class State(models.TextChoices):
    """How far a scorecard is; from `closed` on it is frozen."""

    OPEN = "open", _("open")
    REVIEW = "review", _("under review")
    APPROVED = "approved", _("approved")
    CLOSED = "closed", _("closed")
    PAID = "paid", _("paid")


# Computed anew with whatever changes; approved ones stand still, frozen ones for good.
FOLLOWING = (State.OPEN, State.REVIEW)
FROZEN = (State.CLOSED, State.PAID)


class Scorecard(models.Model):
    """One row per employee and period.

    `inputs` is the case that was scored and `result` what came out, both exact; `content_hash` is fixed at closing.
    Units: money in `currency`.
    """

    seen_by = ("employee",)

    portal = models.ForeignKey(Portal, models.PROTECT, verbose_name=_("portal"), related_name="+", db_index=False)
    member = models.OneToOneField(PlanMember, models.PROTECT, verbose_name=_("member"), related_name="scorecard")
    employee = models.ForeignKey(Employee, models.PROTECT, verbose_name=_("employee"), related_name="+", db_index=False)
    period_key = models.CharField(_("period"), max_length=7)
    start_on = models.DateField(_("from"))
    end_on = models.DateField(_("until"))
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.OPEN)
    scheme_version = models.ForeignKey(
        SchemeVersion, models.PROTECT, null=True, verbose_name=_("version of the scheme"), related_name="+"
    )
    currency = models.CharField(_("currency"), max_length=3)
    inputs = models.JSONField(_("inputs"), default=dict)
    result = models.JSONField(_("result"), default=dict)
    proration = models.JSONField(_("working days"), default=dict)
    total_score = MoneyField(_("total score"), null=True)
    payout = MoneyField(_("payout"), null=True)
    is_held = models.BooleanField(_("waits for a decision"), default=False)
    carried_over = MoneyField(_("carried over"), default=0)
    through = models.DateTimeField(_("data complete through"), null=True)
    computed_at = models.DateTimeField(_("computed at"), null=True)
    content_hash = models.CharField(_("hash"), max_length=64, blank=True)
    revision = models.PositiveIntegerField(_("revision"), default=0)

    class Meta:
        verbose_name = _("scorecard")
        verbose_name_plural = _("scorecards")
        constraints = [models.UniqueConstraint(fields=["employee", "period_key"], name="scorecard_once")]
        indexes = [models.Index(fields=["portal", "period_key", "state"], name="scorecard_period")]

    def __str__(self) -> str:
        return f"{self.employee}, {self.period_key}"

    @property
    def period(self) -> Period:
        """The days that are scored."""
        return Period(self.start_on, self.end_on, self.period_key)

    @property
    def is_frozen(self) -> bool:
        """Whether nothing may be computed anew."""
        return self.state in FROZEN


class ScorecardLine(models.Model):
    """One row per KPI of a scorecard; a copy of all that its score was made from.

    Units: the KPI's; attainment in percent, Infinity where it has no bound.
    """

    class LineState(models.TextChoices):
        SCORED = "scored", _("scored")
        NO_TARGET = "no_target", _("no target")
        NO_DATA = "no_data", _("no data")

    seen_by = ("scorecard__employee",)

    scorecard = models.ForeignKey(
        Scorecard, models.CASCADE, verbose_name=_("scorecard"), related_name="lines", db_index=False
    )
    place = models.PositiveSmallIntegerField(_("place"))
    kpi = models.CharField("KPI", max_length=40)
    kpi_version = models.PositiveIntegerField(_("version of the definition"))
    state = models.CharField(_("state"), max_length=10, choices=LineState.choices)
    actual = ExactField(_("actual"), null=True)
    numerator = ExactField(_("numerator"))
    denominator = ExactField(_("denominator"), null=True)
    sample = ExactField(_("sample"))
    target = ExactField(_("target"), null=True)
    full_target = ExactField(_("target of the whole period"), null=True)
    published_target = ExactField(_("target as published first"), null=True)
    target_version = models.PositiveIntegerField(_("version of the target"))
    weight = ExactField(_("weight"))
    attainment = ExactField(_("attainment, %"), null=True)
    published_attainment = ExactField(_("attainment of the first target, %"), null=True)
    score = ExactField(_("score"), null=True)
    contribution = ExactField(_("contribution"), null=True)
    through = models.DateTimeField(_("data complete through"), null=True)
    credits = models.JSONField(
        _("deals that count otherwise than in the CRM"), default=list, help_text=_("Deal, why, and what it adds.")
    )

    class Meta:
        verbose_name = _("line of a scorecard")
        verbose_name_plural = _("lines of scorecards")
        ordering = ("place",)
        constraints = [models.UniqueConstraint(fields=["scorecard", "kpi"], name="scorecard_line_once")]

    def __str__(self) -> str:
        return f"{self.scorecard} {self.kpi}"


class ScorecardEvent(models.Model):
    """One row per step of a scorecard: who moved it from which state to which, when and why."""

    seen_by = ("scorecard__employee",)

    scorecard = models.ForeignKey(Scorecard, models.CASCADE, verbose_name=_("scorecard"), related_name="events")
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, verbose_name=_("by"), related_name="+")
    before = models.CharField(_("from"), max_length=10, choices=State.choices)
    after = models.CharField(_("to"), max_length=10, choices=State.choices)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    payout = MoneyField(_("payout"), null=True)

    class Meta:
        verbose_name = _("step of a scorecard")
        verbose_name_plural = _("steps of scorecards")

    def __str__(self) -> str:
        return f"{self.before} ▸ {self.after}"


class Adjustment(models.Model):
    """One row per correction that is settled in an open period, once per cause.

    `origin` is the closed scorecard whose records the CRM has changed, None for one that a person has entered.
    """

    seen_by = ("scorecard__employee",)

    scorecard = models.ForeignKey(Scorecard, models.PROTECT, verbose_name=_("settled in"), related_name="adjustments")
    origin = models.ForeignKey(
        Scorecard, models.PROTECT, null=True, verbose_name=_("corrects"), related_name="corrections"
    )
    cause = models.CharField(_("cause"), max_length=64, help_text=_("The hash of the corrected result."))
    amount = MoneyField(_("amount"))
    reason = models.CharField(_("reason"), max_length=500)
    records = models.JSONField(_("records"), default=list)
    dated_on = models.DateField(_("date"))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, verbose_name=_("by"), related_name="+"
    )

    class Meta:
        verbose_name = _("adjustment")
        verbose_name_plural = _("adjustments")
        constraints = [models.UniqueConstraint(fields=["origin", "cause"], name="adjustment_once")]

    def __str__(self) -> str:
        return f"{self.scorecard} {self.amount}"
