"""Whatever a portal sends for a record, the page lands: the record is in the mirror or in quarantine."""

from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crmsync.bitrix24.stream import Stream
from crmsync.bitrix24.streams import STREAMS
from crmsync.landing import land
from crmsync.models import Quarantine
from crmsync.quarantine import settle_quarantine
from crmsync.rows import Surroundings, read_rows
from tests.crmsync.unit.anything import VALUES
from tests.crmsync.unit.raws import LEAST

# Every example is rolled back, so the fixtures may be shared among them.
SHARED = settings(max_examples=25, suppress_health_check=list(HealthCheck))


def draw_record(stream: Stream) -> st.SearchStrategy[Any]:
    """A record with any value in some of its fields, or what is no record as the client passes it on."""
    fields: dict[str, Any] = dict.fromkeys([*stream.select, "custom_fields"], VALUES)
    return st.fixed_dictionaries({}, optional=fields).map(lambda drawn: {**LEAST[stream.key], **drawn}) | st.builds(
        dict, row=VALUES
    )


@pytest.mark.parametrize("stream", STREAMS, ids=lambda stream: stream.key)
@SHARED
@given(data=st.data())
def test_record_is_landed_or_quarantined(data: st.DataObject, stream: Stream, around: Surroundings) -> None:
    raw = data.draw(draw_record(stream))
    if stream.accepts and not stream.accepts(raw):
        return
    with transaction.atomic():
        rows, rejected = read_rows(stream, [raw], around)
        land(stream, rows, around, first=False)
        settle_quarantine(around.portal, stream, [raw], rejected, now=timezone.now())
        mirrored = stream.model._default_manager.filter(portal=around.portal).count()
        assert (mirrored, Quarantine.objects.count()) in {(1, 0), (0, 1)}
        transaction.set_rollback(True)
    around.people.reload()
