"""A proof as people and programs read it."""

from typing import Any

from django.utils.translation import gettext as _

from crmsync.models import Difference, Proof

SHOWN = 20
CAUSES = dict(Difference.Cause.choices)


def describe_proof(proof: Proof) -> list[str]:
    """Tell in sentences what was compared, what differs and why."""
    told = {"portal": proof.portal.name, "outcome": proof.get_outcome_display(), "compared": proof.compared}
    lines = [_("%(portal)s: %(outcome)s, %(compared)d records compared.") % told]
    for key, stream in proof.streams.items():
        lines += [f"  {key}: {CAUSES[cause]}: {count}" for cause, count in stream["causes"].items()]
        lines += [f"  {key}: {stream['error']}"] if stream["error"] else []
    shown = proof.differences.order_by("pk")[:SHOWN]
    lines += [f"  {row.stream} {row.external_id}{describe_sides(row)}: {row.get_cause_display()}" for row in shown]
    rest = proof.differing - len({(row.stream, row.external_id) for row in shown})
    return [*lines, _("  … and %(count)d more; --json lists up to 1,000.") % {"count": rest}] if rest > 0 else lines


def describe_sides(row: Difference) -> str:
    """Write what the mirror and the portal say of a field."""
    if not row.field:
        return f" ({row.ours or row.theirs})" if row.ours or row.theirs else ""
    return f" {row.field}: {row.ours or '—'} / {row.theirs or '—'}"


def summarize_proof(proof: Proof) -> dict[str, Any]:
    """Give a proof as data."""
    ended = proof.finished_at or proof.started_at
    return {
        "portal": proof.portal_id,
        "outcome": proof.outcome,
        "equal": proof.outcome == Proof.Outcome.EQUAL,
        "compared": proof.compared,
        "differing": proof.differing,
        "error": proof.error,
        "seconds": (ended - proof.started_at).total_seconds(),
        "streams": {
            key: {name: told[name] for name in ("compared", "kept", "causes", "error")}
            for key, told in proof.streams.items()
        },
        "differences": [
            {name: getattr(row, name) for name in ("stream", "external_id", "field", "ours", "theirs", "cause")}
            for row in proof.differences.order_by("pk")
        ],
    }
