"""One writer a portal: a lease claimed by a conditional update, with a fencing number that every page checks."""

import os
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from django.db import Error, connections
from django.db.models import Q
from django.utils.translation import gettext as _

from crmsync.models import Portal

log = structlog.get_logger(__name__)
# What a killed process costs. Shorter than a slow request, so a thread renews it while the process lives.
TERM = timedelta(seconds=30)
RENEWAL_SECONDS = 10.0


class AlreadyRunningError(Exception):
    """Another process is at work on this portal."""

    def __str__(self) -> str:
        return _("This portal is being synchronised already: wait until that run ends.")


class LeaseLostError(Exception):
    """Another process has taken the portal over; nothing more may be written."""


@dataclass(frozen=True)
class Lease:
    """The right to write one portal's mirror."""

    portal_id: int
    fence: int

    def renew(self, now: datetime) -> None:
        """Hold on to the portal. Inside a page's transaction this also proves that the page may be written.

        *Raises* LeaseLostError when someone else holds it.
        """
        mine = Portal.objects.filter(pk=self.portal_id, lease_fence=self.fence)
        if not mine.update(lease_until=now + TERM):
            raise LeaseLostError

    def release(self) -> None:
        """Give the portal back, if it is still ours."""
        Portal.objects.filter(pk=self.portal_id, lease_fence=self.fence).update(lease_until=None, lease_owner="")


@contextmanager
def hold(portal: Portal, clock: Callable[[], datetime]) -> Iterator[Lease]:
    """Be the only one at work on a portal while the block runs. *Raises* AlreadyRunningError."""
    lease = claim(portal, clock())
    if lease is None:
        raise AlreadyRunningError
    try:
        with keep(lease, clock):
            yield lease
    finally:
        lease.release()


@contextmanager
def keep(lease: Lease, clock: Callable[[], datetime], *, every: float = RENEWAL_SECONDS) -> Iterator[None]:
    """Hold on to the portal while the block runs, however long it waits for an answer or its place in line."""
    stopping = threading.Event()
    keeper = threading.Thread(target=renew_until, args=(lease, clock, stopping, every), daemon=True)
    keeper.start()
    try:
        yield
    finally:
        stopping.set()
        keeper.join()


def renew_until(lease: Lease, clock: Callable[[], datetime], stopping: threading.Event, every: float) -> None:
    """Renew until told to stop or until someone else has taken over: then the next page of this process is refused."""
    while not stopping.wait(every):
        try:
            lease.renew(clock())
        except LeaseLostError:
            break
        except Error as error:
            # The database may be restarting; the lease outlives two missed renewals.
            log.warning("lease.not_renewed", portal=lease.portal_id, error_class=type(error).__name__)
        finally:
            connections.close_all()


def name_owner() -> str:
    """Name this process so that a later one on the same machine can tell whether it still lives."""
    return f"{socket.gethostname()[:60]}:{os.getpid()}"


def is_dead(owner: str) -> bool:
    """Tell whether the owner was a process of this machine that is gone: then nobody needs to wait for its lease."""
    host, _, pid = owner.rpartition(":")
    if host != socket.gethostname()[:60] or not pid.isdigit():
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False


def is_free(portal: Portal, now: datetime) -> bool:
    """Tell whether the portal could be claimed: nobody holds it, or whoever did has died or fallen silent."""
    return portal.lease_until is None or portal.lease_until < now or is_dead(portal.lease_owner)


def claim(portal: Portal, now: datetime) -> Lease | None:
    """Claim the portal; None while another process holds it."""
    held = Portal.objects.only("lease_owner", "lease_fence").get(pk=portal.pk)
    free = Q(lease_until=None) | Q(lease_until__lt=now)
    if is_dead(held.lease_owner):
        free |= Q(lease_owner=held.lease_owner)
    fence = held.lease_fence + 1
    # The row count decides: of two claims at once exactly one matches, and it knows its own number.
    claimed = Portal.objects.filter(free, pk=portal.pk, lease_fence=held.lease_fence).update(
        lease_owner=name_owner(), lease_until=now + TERM, lease_fence=fence
    )
    return Lease(portal.pk, fence) if claimed else None
