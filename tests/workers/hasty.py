"""The real application in a hurry: its workers and beats run with shorter clocks, or without a guard.

Both come from the environment of the process: HASTY holds settings of Celery as JSON, UNGUARDED names the guard.
"""

import json
import os
from datetime import datetime

import django
from kombu import transport

from config.celery import app

django.setup()

from crmsync import lease  # noqa: E402
from crmsync.models import Portal  # noqa: E402

__all__ = ["app"]

changed = json.loads(os.environ.get("HASTY", "{}"))
options = app.conf.broker_transport_options | changed.pop("broker_transport_options", {})
app.conf.update(changed, broker_transport_options=options)


def claim_always(portal: Portal, now: datetime) -> lease.Lease | None:
    """Claim a portal whoever holds it and let nobody lose it, as a worker without a lease would."""
    return lease.Lease(portal.pk, portal.lease_fence)


match os.environ.get("UNGUARDED"):
    case "lease":
        lease.claim = claim_always
    case "connection":
        transport.TRANSPORT_ALIASES["redis"] = "kombu.transport.redis:Transport"
