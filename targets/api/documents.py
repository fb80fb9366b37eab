"""Targets and scorecards as JSON: money and exact figures are texts with all their digits, instants in UTC."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from targets.models import Adjustment, Scorecard, ScorecardEvent, ScorecardLine, Target
from targets.scoring.canonical import simplify, write_decimal


def write_exact(value: Decimal | None) -> str | None:
    """Write a number with all its digits; Infinity, an attainment without a bound, as a word."""
    if value is None:
        return None
    return write_decimal(value) if value.is_finite() else "unbounded"


def describe_target(target: Target) -> dict[str, Any]:
    """Describe a target with its plan."""
    plan, person = target.member.plan, target.member.employee
    return {
        "portal": plan.portal_id,
        "plan": plan.name,
        "status": plan.status,
        "period": plan.period_key,
        "employee": person.external_id,
        "kpi": target.kpi,
        "value": write_exact(target.value),
        "weight": write_exact(target.weight),
        "threshold": write_exact(target.threshold),
        "stretch": write_exact(target.stretch),
        "min_sample": target.min_sample,
        "published_value": write_exact(target.published_value),
        "version": target.version,
        "acknowledged_at": target.member.acknowledged_at,
    }


def describe_card(card: Scorecard) -> dict[str, Any]:
    """Describe a scorecard as a list shows it."""
    return {
        "id": card.pk,
        "portal": card.portal_id,
        "employee": card.employee.external_id,
        "name": str(card.employee),
        "period": card.period_key,
        "state": card.state,
        "total_score": write_exact(card.total_score),
        "payout": card.result.get("payout"),
        "carried_over": card.result.get("carried_over"),
        "currency": card.currency,
        "is_held": card.is_held,
        "complete_through": card.through,
        "computed_at": card.computed_at,
        "hash": card.content_hash or None,
    }


def describe_whole(card: Scorecard) -> dict[str, Any]:
    """Describe a scorecard with all that it was made from."""
    version = card.scheme_version
    return {
        **describe_card(card),
        "scheme": {"name": version.scheme.name, "version": version.number} if version else None,
        "working_days": card.proration,
        "base": card.result.get("base"),
        "commission": card.result.get("commission"),
        "gates_multiplier": card.result.get("gates_multiplier"),
        "lines": [describe_line(line) for line in card.lines.all()],
        "adjustments": [describe_adjustment(each) for each in card.adjustments.all()],
        "events": describe_events(card.events.all()),
    }


def describe_line(line: ScorecardLine) -> dict[str, Any]:
    """Describe a line."""
    exact = (
        *("actual", "numerator", "denominator", "sample", "target", "full_target", "published_target"),
        *("weight", "attainment", "published_attainment", "score", "contribution"),
    )
    return {
        "kpi": line.kpi,
        "kpi_version": line.kpi_version,
        "state": line.state,
        **{name: write_exact(getattr(line, name)) for name in exact},
        "target_version": line.target_version,
        "complete_through": line.through,
        "credits": line.credits,
    }


def describe_adjustment(adjustment: Adjustment) -> dict[str, Any]:
    """Describe an adjustment and the period that it corrects."""
    return {
        "amount": write_exact(adjustment.amount),
        "reason": adjustment.reason,
        "date": adjustment.dated_on,
        "corrects": adjustment.origin.period_key if adjustment.origin else None,
        "deals": simplify(adjustment.records),
    }


def describe_events(events: Iterable[ScorecardEvent]) -> list[dict[str, Any]]:
    """Describe the steps of a scorecard."""
    return [
        {
            "at": each.at,
            "by": each.by.get_username() if each.by else None,
            "before": each.before,
            "after": each.after,
            "reason": each.reason,
        }
        for each in events
    ]
