"""What stands below a deal's fields on its page: product lines, moves between stages, activities."""

from collections.abc import Sequence
from typing import Any

from crmsync.admin.formats import format_decimal, format_money
from crmsync.admin.references import attach_references, attach_stages
from crmsync.models import Activity, Deal, DealProduct, Entity, Pipeline, StageChange

MOST_LINES = 200


def read_history(deal: Deal) -> dict[str, Any]:
    """Read what stands below a deal's fields: its lines, its moves and the number of its activities."""
    moves = StageChange.objects.filter(
        portal=deal.portal_id, entity=Entity.DEAL, owner_external_id=deal.external_id
    ).order_by("-changed_at", "-external_id")[:MOST_LINES]
    # A deleted deal took its lines along; its page still shows them.
    lines = DealProduct.objects.filter(portal=deal.portal_id, deal_external_id=deal.external_id).order_by("external_id")
    lines = lines if deal.deleted_at else lines.live()
    activities = Activity.objects.live().filter(
        portal=deal.portal_id, owner_type=Entity.DEAL, owner_external_id=deal.external_id
    )
    return {
        "moves": describe_moves(list(moves)),
        "lines": [describe_line(line, currency=deal.currency) for line in lines[:MOST_LINES]],
        "activities": activities.count(),
    }


def describe_moves(moves: Sequence[Any]) -> list[dict[str, Any]]:
    """Name the stages of one deal's moves."""
    attach_references(moves, {"pipeline": (Pipeline, "pipeline_external_id")})
    attach_stages(moves)
    return [
        {
            "at": move.changed_at,
            "pipeline": move.found["pipeline"],
            "stage": move.found["stage"] or move.stage_external_id,
        }
        for move in moves
    ]


def describe_line(line: DealProduct, *, currency: str) -> dict[str, str]:
    """Write one product line."""
    total = None if line.price is None or line.quantity is None else line.price * line.quantity
    return {
        "name": str(line),
        "price": format_money(line.price, currency),
        "quantity": format_decimal(line.quantity),
        "total": format_money(total, currency),
    }
