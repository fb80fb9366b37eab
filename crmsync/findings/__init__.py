"""What an operator should know about a portal, the most urgent first: each finding says why and what to do."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from django.utils import timezone

from crmsync.findings.checks import (
    review_checks,
    review_figures,
    review_proof,
    review_providers,
    review_quarantine,
)
from crmsync.findings.evidence import Evidence, gather_evidence
from crmsync.findings.finding import Finding, Level
from crmsync.findings.streams import (
    review_brake,
    review_errors,
    review_fields,
    review_first_reading,
    review_freshness,
    review_missing,
    review_spared,
)
from crmsync.findings.work import (
    review_attempts,
    review_connection,
    review_last_run,
    review_switch,
    review_workers,
)
from crmsync.models import Portal

__all__ = ["Evidence", "Finding", "Level", "gather_evidence", "review", "review_portal"]
# Within a level the order in which one causes the next: what stands above explains what stands below.
REVIEWS: Sequence[Callable[[Evidence], Iterable[Finding]]] = (
    review_connection,
    review_workers,
    review_switch,
    review_brake,
    review_errors,
    review_freshness,
    review_last_run,
    review_attempts,
    review_proof,
    review_checks,
    review_quarantine,
    review_fields,
    review_providers,
    review_spared,
    review_first_reading,
    review_missing,
    review_figures,
)


def review_portal(portal: Portal, now: datetime) -> list[Finding]:
    """Review a portal as it stands in the database."""
    return review(gather_evidence(portal, now))


def review(seen: Evidence) -> list[Finding]:
    """List the findings, the most urgent first. *Time*: moments are written in the portal's zone."""
    with timezone.override(seen.portal.zone):
        found = [finding for find in REVIEWS for finding in find(seen)]
    return sorted(found, key=lambda finding: finding.level)
