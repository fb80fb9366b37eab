"""Findings of the nightly checks and of what is left out: the proof, quarantine, unknown providers, figures."""

from collections import Counter
from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crmsync.findings.causes import count_causes, find_remedy
from crmsync.findings.evidence import CHECKED_WITHIN, Evidence
from crmsync.findings.finding import Finding, Level, count_records, list_streams, write_count, write_moment
from crmsync.models import Difference, Proof
from crmsync.proof_texts import CAUSES

Cause = Difference.Cause
# What the next sync or the next nightly check sets right by itself.
PASSING = {Cause.NEWER, Cause.UNFINISHED, Cause.VANISHED, Cause.RETURNED}


def review_proof(seen: Evidence) -> Iterator[Finding]:
    """Tell how the last proof ended, unless mirror and portal were equal."""
    proof = seen.proof
    if proof is None:
        return
    link = reverse("admin:crmsync_proof_change", args=[proof.pk])
    if proof.outcome == Proof.Outcome.FAILED:
        text = _("The last proof of %(at)s could not be made.") % {"at": write_moment(proof.started_at)}
        yield Finding(Level.WARNING, _("proof"), text, proof.error, link)
    elif proof.outcome == Proof.Outcome.DIFFERENT:
        yield describe_differences(proof, link)


def describe_differences(proof: Proof, link: str) -> Finding:
    """Tell by cause how many records differ and what the gravest cause asks for."""
    causes = count_causes(proof)
    grave = Counter({cause: count for cause, count in causes.items() if cause not in PASSING})
    parts = "; ".join(f"{write_count(count)} — {CAUSES[cause]}" for cause, count in causes.most_common())
    told = {"at": write_moment(proof.started_at), "records": count_records(proof.differing), "parts": parts}
    text = _("The proof of %(at)s found %(records)s that differ (%(parts)s).") % told
    advice = " ".join(dict.fromkeys(find_remedy(cause, proof.portal_id) for cause in grave or causes))
    return Finding(Level.WARNING if grave else Level.NOTE, _("proof"), text, advice, link)


def review_checks(seen: Evidence) -> Iterator[Finding]:
    """Tell of nightly checks that have not been made for too long."""
    portal = seen.portal
    since = seen.proof.started_at if seen.proof else portal.created_at
    swept = [state.swept_at for state in seen.states if state.swept_at]
    oldest = min([since, *swept])
    if not portal.is_enabled or seen.now - oldest <= CHECKED_WITHIN:
        return
    text = _("The mirror has not been checked against the portal since %(at)s.") % {"at": write_moment(oldest)}
    if not seen.proof and not swept:
        text = _("The mirror has never been checked against the portal.")
    advice = _("Press “Check now”; if that does not help, see whether the workers run at night.")
    yield Finding(Level.WARNING, _("check"), text, advice, "#proof")


def review_quarantine(seen: Evidence) -> Iterator[Finding]:
    """Tell of records that could not be read."""
    count = sum(seen.quarantined.values())
    if count:
        text = ngettext(
            "%(count)s record is left out because it cannot be read: %(streams)s.",
            "%(count)s records are left out because they cannot be read: %(streams)s.",
            count,
        )
        advice = _("Open one: its reason names the field. Mend it in the portal and it is read with the next sync.")
        link = reverse("admin:crmsync_quarantine_changelist") + f"?portal={seen.portal.pk}"
        told = {"count": write_count(count), "streams": list_streams(seen.quarantined)}
        yield Finding(Level.WARNING, _("quarantine"), text % told, advice, link)


def review_providers(seen: Evidence) -> Iterator[Finding]:
    """Tell of activities that count as nothing."""
    if seen.unknown:
        text = ngettext(
            "%(count)s activity comes from a provider that no rule knows: it counts as nothing.",
            "%(count)s activities come from providers that no rule knows: they count as nothing.",
            seen.unknown,
        )
        advice = _("See under “Left out” what they call themselves and add a rule to the activity map.")
        yield Finding(Level.WARNING, _("providers"), text % {"count": write_count(seen.unknown)}, advice, "#left-out")


def review_figures(seen: Evidence) -> Iterator[Finding]:
    """Tell of days whose figures wait to be counted anew."""
    if seen.waiting == 0:
        return
    text = _("All figures wait to be counted.")
    if seen.waiting is not None:
        text = ngettext(
            "The figures of %(count)s day wait to be counted.",
            "The figures of %(count)s days wait to be counted.",
            seen.waiting,
        ) % {"count": seen.waiting}
    advice = _("They are counted within a minute after a sync; if not, manage.py refill tells why.")
    yield Finding(Level.NOTE, _("figures"), text, advice, "#left-out")
