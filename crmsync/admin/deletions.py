"""What an operator must know before accepting deletions: how much of which stream vanished, and some of the names."""

from collections.abc import Iterable
from typing import Any

from crmsync.admin.formats import format_count
from crmsync.findings.evidence import count_mirrored
from crmsync.models import Portal, StreamState, Tombstone
from crmsync.selectors import title_stream

MOST_EXAMPLES = 5


def describe_braked(portal: Portal, states: Iterable[StreamState]) -> list[dict[str, Any]]:
    """Describe what vanished from each braked stream."""
    return [
        {
            "key": state.stream,
            "name": title_stream(state.stream),
            "missing": format_count(state.missing),
            "all": format_count(count_mirrored(portal, state.stream)),
            "examples": list_examples(portal, state),
        }
        for state in states
    ]


def list_examples(portal: Portal, state: StreamState) -> list[str]:
    """List the first records that vanished, by ID and name."""
    stones = Tombstone.objects.filter(portal=portal, stream=state.stream, deleted_at=None, restored_at=None)
    found = stones.order_by("pk").values_list("external_id", "name")[:MOST_EXAMPLES]
    return [f"{external_id} {name}".strip() for external_id, name in found]
