"""The real application in a hurry: its workers and beats run with shorter clocks, or without their guard.

Both come as JSON in the environment of the process: HASTY holds settings of Celery, UNGUARDED takes the lease away.
"""

import json
import os

import django
from django.db.models import F

from config.celery import app

django.setup()

from crmsync import lease, tend  # noqa: E402
from crmsync.models import Portal  # noqa: E402

__all__ = ["app"]

app.conf.update(json.loads(os.environ.get("HASTY", "{}")))


def claim_always(portal: Portal, _now: object) -> lease.Lease:
    """Claim a portal whoever holds it, and let nobody lose it: what a worker without a lease would do."""
    Portal.objects.filter(pk=portal.pk).update(lease_owner=lease.name_owner(), lease_fence=F("lease_fence"))
    return lease.Lease(portal.pk, portal.lease_fence)


if os.environ.get("UNGUARDED"):
    lease.claim = claim_always
