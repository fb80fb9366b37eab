"""What the killed processes do: one sync, sweep, proof or fill each, as the product does it, in a hurry.

A control takes one guard away, so that the campaign can show that it would notice.
"""

import os
import random
import signal
import time
from collections.abc import Callable
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ.setdefault("LOG_LEVEL", "ERROR")

import django

django.setup()

from django.db import connection, transaction  # noqa: E402
from django.utils import timezone  # noqa: E402

from crmsync import lease, walks  # noqa: E402
from crmsync.bitrix24.client import Client  # noqa: E402
from crmsync.bitrix24.credentials import parse_webhook  # noqa: E402
from crmsync.bitrix24.source import Bitrix24Source, find_id  # noqa: E402
from crmsync.bitrix24.throttle import Throttle  # noqa: E402
from crmsync.bitrix24.transport import Transport  # noqa: E402
from crmsync.models import Portal  # noqa: E402
from crmsync.proof import prove_portal  # noqa: E402
from crmsync.sweep import Sweep  # noqa: E402
from crmsync.sync import sync_portal  # noqa: E402
from kpis.facts import refill  # noqa: E402

HURRY = 0.02
JOBS = ("sync", "sweep", "full", "proof", "refill")


def run_child(database: str, portal_id: int, job: str, guard_off: str) -> None:
    """Do one job against the campaign's database. The exit code tells nothing: most children are killed."""
    connection.settings_dict["NAME"] = database
    GUARDS[guard_off]()
    portal = Portal.objects.get(pk=portal_id)
    try:
        run_job(portal, job)
    except lease.AlreadyRunningError:
        time.sleep(HURRY)
    finally:
        connection.close()


def run_job(portal: Portal, job: str, **options: Any) -> Any:
    """Do one job with the product's own services."""
    hasty = {"open_source": open_hasty} | options
    if job == "refill":
        return refill(portal)
    if job == "proof":
        return prove_portal(portal, **hasty)
    sweep = Sweep(timezone.now()) if job == "sweep" else None
    return sync_portal(portal, sweep=sweep, full=job == "full", sleep=sleep_little, **hasty)


def sleep_little(seconds: float) -> None:
    """Wait a fiftieth of the time: pauses are the product's, hours are not the campaign's."""
    time.sleep(seconds * HURRY)


def open_hasty(portal: Portal, *, on_request: Callable[[], None]) -> Bitrix24Source:
    """Open a portal with a client of little patience."""
    webhook = parse_webhook(portal.webhook_url)
    client = Client(
        webhook,
        transport=Transport(webhook, read_seconds=1.0),
        throttle=Throttle(portal.origin, capacity=50, leak=0),
        sleep=sleep_little,
        on_request=on_request,
        deadline=5.0,
    )
    return Bitrix24Source(client, custom_fields=portal.custom_fields)


def leave_guards_on() -> None:
    """Change nothing."""


def move_cursor_first() -> None:
    """Commit the cursor before the page it stands behind; now and then the process dies in between."""
    land = walks.land_page

    def land_late(session: Any, stream: Any, state: Any, raws: list[Any]) -> None:
        with transaction.atomic():
            ids = [found for raw in raws if (found := find_id(raw.get(stream.id_field)))]
            state.cursor = max(ids, default=state.cursor) if stream.by_keyset else 0
            state.save()
        # A list that is read whole every time would only be read again.
        if stream.changed_field and random.random() < 0.25:
            os.kill(os.getpid(), signal.SIGKILL)
        land(session, stream, state, raws)

    walks.land_page = land_late


GUARDS: dict[str, Callable[[], None]] = {"": leave_guards_on, "cursor": move_cursor_first}
