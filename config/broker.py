"""Redis as a broker, for kombu 5.7: a channel whose connection is gone says so in a way that a worker can outlive."""

from typing import Any

from kombu.transport import redis
from redis.exceptions import ConnectionError as LostConnectionError


class Channel(redis.Channel):
    """A channel that may be asked to confirm a task after its connection has been replaced.

    The worker expects such an error and goes on; the AttributeError that kombu would raise ends it.
    """

    def _connparams(self, asynchronous: bool = False) -> dict[str, Any]:
        if self.connection is None or self.connection.client is None:
            raise LostConnectionError("The connection to the broker has been replaced.")
        return super()._connparams(asynchronous)  # type: ignore[misc]


class Transport(redis.Transport):
    """Kombu's transport with the channel above."""

    Channel = Channel
