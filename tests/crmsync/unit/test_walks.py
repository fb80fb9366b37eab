"""Which streams a run reads: most of them always, what is read whole only until it is, and then at night."""

from datetime import UTC, datetime, timedelta

import pytest

from crmsync.bitrix24.streams import BY_KEY
from crmsync.models import StreamState
from crmsync.walks import is_due

NIGHT = datetime(2026, 3, 2, 23, tzinfo=UTC)
PRODUCTS = BY_KEY["products"]
HOUR = timedelta(hours=1)


def make_state(**fields: datetime | None) -> StreamState:
    return StreamState(stream="products", **fields)


@pytest.mark.parametrize("key", [key for key in BY_KEY if key != "products"])
def test_other_streams_are_always_due(key: str) -> None:
    assert is_due(BY_KEY[key], make_state(watermark_at=NIGHT), since=None, full=False)


@pytest.mark.parametrize(
    ("state", "since", "full", "due"),
    [
        (make_state(), None, False, True),
        (make_state(watermark_at=NIGHT, walk_until=NIGHT), None, False, True),
        (make_state(watermark_at=NIGHT), None, False, False),
        (make_state(watermark_at=NIGHT), None, True, True),
        (make_state(watermark_at=NIGHT - HOUR), NIGHT, False, True),
        (make_state(watermark_at=NIGHT), NIGHT, False, False),
        (make_state(watermark_at=NIGHT + HOUR), NIGHT, False, False),
    ],
)
def test_nightly_stream_is_due_once_for_each_sweep(state: StreamState, since: datetime, full: bool, due: bool) -> None:
    assert is_due(PRODUCTS, state, since=since, full=full) == due
