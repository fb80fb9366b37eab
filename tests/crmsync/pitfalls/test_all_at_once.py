"""Many pitfalls together, while people work: what is left when the portal recovers is the truth."""

from crmsync.bitrix24.streams import BY_KEY
from crmsync.models import SyncRun
from crmsync.sandbox.living import Living
from tests.crmsync.sync.company import differences

SEVERAL = ("html502", "truncated", "cut", "query_limit", "internal_error", "batch_partial")
LIES = ("empty_map", "empty_values", "dialect", "operating_shape", "total_lies", "date_shape", "ignore_filter")


def test_mirror_of_a_troubled_portal_converges(connected, server, store, run):
    office = Living(store, seed=3)
    faults = [server.faults.add(kind, probability=0.1) for kind in (*SEVERAL, *LIES)]
    for _ in range(5):
        for _ in range(30):
            office.step()
        run(connected)
    server.faults.clear()
    for _ in range(2):
        assert run(connected).outcome == SyncRun.Outcome.COMPLETE
    run(connected, streams=[BY_KEY["products"]])  # otherwise read at night
    assert differences(store, connected) == []
    assert sum(fault.hits > 0 for fault in faults) > 10
