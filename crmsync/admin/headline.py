"""The first thing on a portal's page: its state in one sentence, then the findings with their causes and advice."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crmsync.findings import Evidence, Finding, Level
from crmsync.findings.finding import write_moment
from crmsync.models import Proof
from crmsync.selectors import NIGHTLY

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

SIGNS: "dict[Level, StrPromise]" = {
    Level.URGENT: gettext_lazy("urgent"),
    Level.WARNING: gettext_lazy("attention"),
    Level.NOTE: gettext_lazy("note"),
}


def write_headline(findings: Sequence[Finding], seen: Evidence) -> str:
    """Say in one sentence whether all is well, and if not, what is concerned."""
    subjects = list(dict.fromkeys(finding.name for finding in findings if finding.needs_attention))
    if subjects:
        return _("Needs attention: %(subjects)s.") % {"subjects": ", ".join(subjects)}
    marks = [state.watermark_at for state in seen.states if state.stream not in NIGHTLY]
    known = [mark for mark in marks if mark]
    if not known:
        return _("Everything is in order: the first reading begins with the next sync.")
    if len(known) < len(marks):
        return _("Everything is in order: the first reading goes on.")
    through = write_moment(min(known))
    if seen.proof and seen.proof.outcome == Proof.Outcome.EQUAL:
        told = {"through": through, "at": write_moment(seen.proof.started_at)}
        return _("Everything is in order: complete through %(through)s, proved equal to the portal at %(at)s.") % told
    return _("Everything is in order: complete through %(through)s.") % {"through": through}


def choose_mood(findings: Sequence[Finding]) -> str:
    """Choose the colour of the headline by the most urgent finding; the words say the same."""
    levels = [finding.level for finding in findings]
    return {Level.URGENT: "ill", Level.WARNING: "uneasy"}.get(min(levels, default=Level.NOTE), "well")


def describe_finding(finding: Finding) -> dict[str, Any]:
    """Write a finding for the page; a sign in words stands beside the colour."""
    return {"finding": finding, "kind": finding.level.name.lower(), "sign": SIGNS[finding.level]}
