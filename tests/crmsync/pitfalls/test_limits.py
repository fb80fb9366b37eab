"""Pitfalls 1 to 4: the portal's bucket, its emergency brake, the operating time of methods and its meters."""

from datetime import timedelta

import pytest

from crmsync.bitrix24.client import Client
from crmsync.bitrix24.credentials import parse_webhook
from crmsync.bitrix24.errors import LimitedError
from crmsync.bitrix24.throttle import Throttle
from crmsync.models import Deal, Portal, SyncRun
from crmsync.sandbox import SandboxServer
from tests.crmsync.bitrix24.doubles import START, OpenThrottle, Time
from tests.crmsync.sync.company import differences, make_store


@pytest.fixture
def time():
    return Time()


@pytest.fixture
def limited(time, canary):
    """A portal whose clock is the client's, so that sleeping makes its limits recover."""
    store = make_store(deals=5, leads=5, activities=5, clock=lambda: time.now().timestamp())
    with SandboxServer(store, code=canary, bucket_capacity=2, bucket_leak=0.5) as server:
        yield server


def connect(server, time, **options):
    options = {"throttle": OpenThrottle(time), **options}
    return Client(parse_webhook(server.url), sleep=time.sleep, clock=time.clock, now=time.now, **options)


@pytest.mark.pitfall(1)
def test_full_bucket_is_waited_for(limited, time):
    with connect(limited, time) as client:
        answers = [client.call("profile").result["ID"] for _ in range(6)]
        assert answers == ["1"] * 6
        assert limited.log.counters["status 503"] == len(time.naps) == client.throttle.floods > 0


@pytest.mark.pitfall(1)
def test_client_without_patience_meets_the_full_bucket(limited, time):
    with connect(limited, time, attempts=1) as client, pytest.raises(LimitedError):
        for _ in range(6):
            client.call("profile")


@pytest.mark.pitfall(1)
def test_client_that_keeps_its_own_bucket_is_never_refused(db, limited, time):
    throttle = Throttle("portal", capacity=2, leak=0.5, clock=time.now, sleep=time.sleep)
    with connect(limited, time, throttle=throttle) as client:
        for _ in range(20):
            client.call("profile")
    assert limited.log.counters["status 503"] == 0


@pytest.mark.pitfall(2)
def test_blocked_portal_is_asked_once_and_needs_attention(connected, server, run):
    server.faults.add("overload")
    ended = run(connected)
    connected.refresh_from_db()
    assert (ended.outcome, ended.error_class, ended.requests) == (SyncRun.Outcome.FAILED, "BlockedError", 1)
    assert connected.connection == Portal.Connection.BROKEN


@pytest.mark.pitfall(3)
def test_method_out_of_time_stops_only_its_stream(connected, server, store, run):
    server.faults.add("operation_time", method="crm.activity.list", seconds=300)
    ended = run(connected)
    assert [key for key, tally in ended.streams.items() if tally["error"]] == ["activities"]
    assert Deal.objects.count() == len(store.collections["deals"])


@pytest.mark.pitfall(3)
def test_method_out_of_time_rests_until_its_reset(limited, time):
    limited.knobs.bucket_capacity, limited.knobs.operating_limit, limited.knobs.seconds_per_call = 0, 60, 40
    with connect(limited, time) as client:
        for _ in range(2):
            client.call("crm.activity.list")
        with pytest.raises(LimitedError) as refusal:
            client.call("crm.activity.list")
        assert client.call("crm.currency.list").result
        time.sleep((refusal.value.until - time.now()).total_seconds())
        assert len(client.call("crm.activity.list").result) == 5


@pytest.mark.pitfall(4)
@pytest.mark.parametrize(("shape", "minutes"), [("iso", 5), ("missing", 10)])
def test_reset_is_read_in_any_shape_or_assumed(limited, time, shape, minutes):
    limited.knobs.bucket_capacity = 0
    limited.faults.add("operating_shape", shape=shape)
    limited.faults.add("operation_time", method="crm.activity.list", seconds=300, times=1)
    with connect(limited, time) as client, pytest.raises(LimitedError) as refusal:
        for _ in range(2):
            client.call("crm.activity.list")
    assert refusal.value.until == START + timedelta(minutes=minutes)


@pytest.mark.pitfall(4)
@pytest.mark.parametrize("shape", ["iso", "missing"])
def test_portal_without_readable_meters_is_mirrored(connected, server, store, run, shape):
    server.faults.add("operating_shape", shape=shape)
    assert run(connected).outcome == SyncRun.Outcome.COMPLETE
    assert differences(store, connected) == []
