"""Measures the mirror against a sandbox in a process of its own: upserts, a full sync, an empty one, the bucket.

Run from the project's folder: python tests/performance/bench_sync.py [--deals N] [--runs N]; DATABASE_URL
chooses the kind of database. Leads are twice, activities five times as many as deals.
"""

import argparse
import os
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ.setdefault("LOG_LEVEL", "ERROR")

import django  # noqa: E402

django.setup()

from django.db import connection, transaction  # noqa: E402

from crmsync.bitrix24.client import Client  # noqa: E402
from crmsync.bitrix24.credentials import parse_webhook  # noqa: E402
from crmsync.bitrix24.source import Bitrix24Source  # noqa: E402
from crmsync.bitrix24.throttle import Throttle  # noqa: E402
from crmsync.connect import connect_portal  # noqa: E402
from crmsync.models import Deal, Portal, SyncRun  # noqa: E402
from crmsync.sandbox.company import make_company  # noqa: E402
from crmsync.sandbox.server import SandboxServer  # noqa: E402
from crmsync.sync import sync_portal  # noqa: E402
from crmsync.upserts import upsert  # noqa: E402
from tests.performance.scratch import scratch_database  # noqa: E402
from tests.performance.stopwatch import describe, measure, say, take_median  # noqa: E402

PAGE = 1000
UPSERTS_A_SECOND = {"postgresql": 15_000, "sqlite": 4_000}
MOST_MEMORY_MB = 200
EMPTY_REQUESTS = 15


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--deals", type=int, default=20_000)
    parser.add_argument("--upserts", type=int, default=100_000)
    parser.add_argument("--runs", type=int, default=3)
    options, _ = parser.parse_known_args()
    with scratch_database("itogi_bench_sync"):
        # The sync first: its memory shall be its own.
        good = [bench_sync(options.deals), bench_upserts(options.upserts, options.runs), bench_bucket()]
    return 0 if all(good) else 1


def bench_upserts(count: int, runs: int) -> bool:
    """Write deals in pages, new ones and changed ones, and compare with Django's own bulk upsert."""
    portal = Portal.objects.create(name="upserts", origin="https://upserts.example", webhook_url="")
    rows = [make_row(portal, key) for key in range(1, count + 1)]
    inserts, updates = [], []
    for _ in range(runs):
        Deal.objects.filter(portal=portal).delete()
        inserts.append(measure(lambda: write_pages(rows)))
        updates.append(measure(lambda: write_pages([{**row, "title": "changed"} for row in rows])))
    plain = measure(lambda: write_plainly(rows[: count // 5]))
    Deal.objects.filter(portal=portal).delete()
    portal.delete()
    speed = count / take_median(inserts)
    ratio = speed * plain.seconds / (count // 5)
    limit = UPSERTS_A_SECOND[connection.vendor]
    say(f"{connection.vendor}: {count:,} deals inserted: {describe(inserts)}, {speed:,.0f} rows/s, limit {limit:,}")
    say(f"that is {ratio:.1f} times bulk_create(update_conflicts=True)")
    say(f"{count:,} deals changed: {describe(updates)}, {count / take_median(updates):,.0f} rows/s")
    return speed >= limit


def make_row(portal: Portal, key: int) -> dict[str, Any]:
    """Make a row of Deal as the landing makes it."""
    at = datetime.fromtimestamp(1_700_000_000 + key * 60, UTC)
    return {
        "portal_id": portal.pk,
        "external_id": key,
        "content_hash": key,
        "title": f"Сделка {key}",
        "stage_external_id": "WON",
        "semantics": "S",
        "source_external_id": "WEB",
        "created_at": at,
        "created_on": at.date(),
        "modified_at": at,
        "moved_at": at,
        "closed_at": at,
        "closed_on": at.date(),
        "closed_source": "history",
        "amount": 1000 + key,
        "currency": "RUB",
        "amount_base": 1000 + key,
        "cycle_seconds": 60,
    }


def write_pages(rows: list[dict[str, Any]]) -> None:
    """Write rows as the sync does, a page a transaction."""
    for start in range(0, len(rows), PAGE):
        with transaction.atomic():
            upsert(Deal, rows[start : start + PAGE], unique=("portal", "external_id"))


def write_plainly(rows: list[dict[str, Any]]) -> None:
    """Write rows by the ORM's own bulk upsert."""
    names = [name for name in rows[0] if name not in ("portal_id", "external_id")]
    for start in range(0, len(rows), PAGE):
        deals = [Deal(**row) for row in rows[start : start + PAGE]]
        Deal.objects.bulk_create(
            deals, update_conflicts=True, update_fields=names, unique_fields=["portal", "external_id"]
        )


@dataclass
class Shares:
    """Where the time of a run went."""

    portal: float = 0.0
    database: float = 0.0

    def watch(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        """Time a statement."""
        start = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            self.database += time.perf_counter() - start


def bench_sync(deals: int) -> bool:
    """Copy a whole portal, then look again when there is nothing new."""
    with sandbox(deals) as url:
        portal = connect_portal(url, name="sync").portal
        portal.bucket_leak = 0
        portal.save()
        shares = Shares()
        timing = measure(lambda: run_watched(portal, shares))
        run: SyncRun = timing.result
        again = sync_portal(portal)
    rate, ours = run.done / timing.seconds, timing.seconds - shares.portal - shares.database
    bound = run.done / 800 + 60
    say(f"{connection.vendor}: full sync of {run.done:,} records: {timing.seconds:.1f} s, {rate:,.0f} rows/s")
    say(
        f"of that, the portal {shares.portal / timing.seconds:.0%}, the database "
        f"{shares.database / timing.seconds:.0%}, our own code {ours / timing.seconds:.0%}"
    )
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    say(f"requests: {run.requests}, limit {bound:.0f}; with nothing new: {again.requests}, limit {EMPTY_REQUESTS}")
    say(f"memory: {timing.memory / 1e6:.0f} MB anonymous, {peak:.0f} MB resident, limit {MOST_MEMORY_MB} MB")
    complete = run.outcome == again.outcome == SyncRun.Outcome.COMPLETE
    lean = timing.memory / 1e6 <= MOST_MEMORY_MB and again.requests <= EMPTY_REQUESTS
    return complete and lean and run.requests <= bound


def run_watched(portal: Portal, shares: Shares) -> SyncRun:
    """Synchronise with a stopwatch on the portal and the database."""

    def open_watched(portal: Portal, *, on_request: Any) -> Bitrix24Source:
        client = Client(
            parse_webhook(portal.webhook_url), throttle=Throttle("bench", capacity=50, leak=0), on_request=on_request
        )
        send = client.line.transport.send

        def send_watched(*args: Any, **kwargs: Any) -> Any:
            start = time.perf_counter()
            try:
                return send(*args, **kwargs)
            finally:
                shares.portal += time.perf_counter() - start

        client.line.transport.send = send_watched  # type: ignore[method-assign]
        return Bitrix24Source(client, custom_fields={})

    with connection.execute_wrapper(shares.watch):
        return sync_portal(portal, open_source=open_watched)


def bench_bucket() -> bool:
    """Sync twice against the real limit, 50 at once and 2 a second: the second time the bucket is full all along."""
    with SandboxServer(make_company(deals=3000), bucket_capacity=50, bucket_leak=2) as server:
        portal = connect_portal(server.url, name="bucket").portal
        timing = measure(lambda: [sync_portal(portal, full=True) for _ in range(2)])
        refused = server.log.counters["status 503"]
    requests = sum(run.requests for run in timing.result)
    say(f"bucket of 50, 2/s: {requests} requests in {timing.seconds:.0f} s, {refused} refused with 503")
    return refused == 0


@contextmanager
def sandbox(deals: int) -> Iterator[str]:
    """Serve a made-up company without limits from a process of its own; yields the webhook's address."""
    command = [sys.executable, "manage.py", "sandbox", "--port", "0", "--deals", str(deals)]
    command += ["--bucket", "off", "--operating-limit", "off"]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout
        line = process.stdout.readline()
        yield next(word for word in line.split() if word.startswith("http"))
    finally:
        process.terminate()
        process.wait()


if __name__ == "__main__":
    sys.exit(main())
