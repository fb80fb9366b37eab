"""Each slot is done once by two workers that get every task twice; without the lease the same run shows doubles."""

from pathlib import Path

import pytest

from tests.workers.brokers import Broker
from tests.workers.redelivery import run

pytestmark = [pytest.mark.broker, pytest.mark.django_db(transaction=True)]
SLOTS, SLOTS_OF_CONTROL = 40, 15


def test_slot_is_done_once_however_often_its_task_is_delivered(broker: Broker, tmp_path: Path, canary: str) -> None:
    tally = run(broker, slots=SLOTS, portals=6, processes=3, logs=tmp_path, code=canary)
    assert tally.is_once, tally
    assert tally.delivered_again > 0, tally
    assert tally.slots >= SLOTS


# The same for RabbitMQ is part of `python -m tests.workers.slots`.
@pytest.mark.parametrize("broker", ["redis"], indirect=True)
def test_slot_is_done_twice_without_the_lease(broker: Broker, tmp_path: Path, canary: str) -> None:
    tally = run(broker, slots=SLOTS_OF_CONTROL, portals=6, processes=3, logs=tmp_path, code=canary, unguarded="lease")
    assert tally.doubled > 0, tally
