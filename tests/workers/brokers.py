"""The two brokers as a test sees them: a queue of its own, how to lose its messages, and how to leave no trace."""

from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from amqp.exceptions import NotFound
from kombu import Connection
from redis import Redis

from tests.workers.proxy import LOOPBACK

PORTS = {"redis": 6379, "amqp": 5672}
DATABASE = 14


@dataclass(frozen=True)
class Broker:
    """A broker that runs on this machine and the name under which one test uses it."""

    kind: str
    queue: str = field(default_factory=lambda: f"itogi-test-{uuid4().hex[:12]}")

    @property
    def port(self) -> int:
        """The port of the service itself."""
        return PORTS[self.kind]

    def locate(self, port: int | None = None) -> str:
        """Write the broker's address, on a proxy's port where one is given."""
        port = port or self.port
        if self.kind == "redis":
            return f"redis://{LOOPBACK}:{port}/{DATABASE}"
        return f"amqp://guest:guest@{LOOPBACK}:{port}//"

    def knobs(self, port: int | None = None) -> dict[str, str]:
        """Give the environment that leads the product to this broker."""
        return {"CELERY_BROKER_URL": self.locate(port), "CELERY_QUEUE": self.queue}

    def lose_messages(self) -> None:
        """Drop whatever waits, as a broker does that starts again without its disk."""
        if self.kind == "redis":
            self.delete_keys()
        else:
            self.delete_queue(keep=True)

    def forget(self) -> None:
        """Remove everything that bears the queue's name."""
        if self.kind == "redis":
            self.delete_keys()
        else:
            self.delete_queue(keep=False)

    def delete_keys(self) -> None:
        """Delete the queue's keys, those of unconfirmed tasks among them."""
        with Redis(LOOPBACK, self.port, db=DATABASE) as redis:
            if keys := list(redis.scan_iter(f"{self.queue}:*")):
                redis.delete(*keys)

    def delete_queue(self, *, keep: bool) -> None:
        """Empty the queue, or delete it with its exchanges."""
        with Connection(self.locate()) as link:
            channel: Any = link.default_channel
            try:
                channel.queue_purge(self.queue)
            except NotFound:
                return
            if not keep:
                channel.queue_delete(self.queue)
                control = f"{self.queue}-control"
                for name in (self.queue, control, f"{control}.pidbox", f"reply.{control}.pidbox"):
                    channel.exchange_delete(name)
