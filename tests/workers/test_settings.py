"""The settings for each broker hold together: who waits for whom, and whose names are whose."""

import json
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from config import environment
from tests.workers.brokers import Broker
from tests.workers.script import run_script

KNOB = "ITOGI_TEST_KNOB"
TELL = """
import json
from config.celery import app
print(json.dumps({name: app.conf.get(name) for name in sys.argv[1:]}))
"""


def read_settings(broker: Broker, *names: str) -> dict[str, Any]:
    """Read Celery's settings as a worker on this broker gets them."""
    with run_script(TELL, *names, knobs=broker.knobs()) as process:
        return json.loads(process.communicate()[0])


def test_redis_waits_longer_than_two_tasks_take() -> None:
    places = ("visibility_timeout", "broker_transport_options", "result_backend_transport_options")
    told = read_settings(Broker("redis"), "task_time_limit", *places)
    timeouts = {told[places[0]], *(told[place]["visibility_timeout"] for place in places[1:])}
    assert len(timeouts) == 1
    assert timeouts.pop() > 2 * told["task_time_limit"]


def test_installations_that_share_a_broker_stay_apart() -> None:
    broker = Broker("redis")
    told = read_settings(broker, "task_default_queue", "control_exchange", "broker_transport_options")
    assert told.pop("broker_transport_options")["global_keyprefix"].startswith(broker.queue)
    assert all(name.startswith(broker.queue) for name in told.values())


def test_rabbitmq_confirms_what_it_takes() -> None:
    told = read_settings(Broker("amqp"), "broker_transport_options", "broker_heartbeat")
    assert told["broker_transport_options"]["confirm_publish"]
    assert told["broker_heartbeat"] <= 30


@pytest.mark.parametrize("name", ["Itogi", "a b", "-a", "a:b", "a" * 64])
def test_name_that_could_break_other_names_is_refused(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(KNOB, name)
    with pytest.raises(ImproperlyConfigured, match=f"^{KNOB} is wrong: [^\n]+\\.$"):
        environment.read_name(KNOB, "itogi")
