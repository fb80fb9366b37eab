"""Proves the mirror of the real data equal to its portal after a thousand scripted changes and deletions.

Usage: python -m tests.realdata.mutations SOURCE_DIR [--changes 1000] [--seed 1]; DATABASE_URL chooses the database.
"""

import argparse
import json
import os
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import django
from django.apps import apps

from crmsync.sandbox import SandboxServer
from crmsync.sandbox.folder import read_folder
from crmsync.sandbox.store import Store
from tests.realdata.convert import convert_tables
from tests.realdata.product import NAME, run

Act = Callable[[Store, random.Random], bool]


def main() -> int:
    """Run the proof from a shell; exit 0 only when the mirror was equal every time."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("source", type=Path)
    parser.add_argument("--changes", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        os.environ.setdefault("DATABASE_URL", f"sqlite:///{scratch}/mirror.sqlite3")
        os.environ.update(DATA_DIR=scratch, LOG_LEVEL="ERROR")
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
        django.setup()
        folder = Path(scratch) / "folder"
        run("migrate", "--verbosity", "0")
        convert_tables(options.source, folder)
        return 0 if prove(read_folder(folder), changes=options.changes, seed=options.seed) else 1


def prove(store: Store, *, changes: int, seed: int) -> bool:
    """Copy, change, copy and sweep again, and compare after each round; tells what was found."""
    equal = []
    with SandboxServer(store, code="real-data", bucket_capacity=0) as server:
        connect(server.url)
        chance = random.Random(seed)
        for number, acts in enumerate([0, *[changes // 2] * 2]):
            done = mutate(store, chance, acts)
            equal.append(follow(number, done))
    return all(equal)


def connect(url: str) -> None:
    """Connect the portal without a limit that is not there."""
    run("connect_portal", url, "--name", NAME, "--timezone", "Europe/Moscow")
    apps.get_model("crmsync.Portal").objects.filter(name=NAME).update(bucket_leak=0)


def follow(number: int, done: Counter[str]) -> bool:
    """Sync, sweep twice, accept what vanished, compare; print one line about it."""
    begun = time.perf_counter()
    run("sync", "--portal", NAME)
    for _ in range(2):
        run("sync", "--portal", NAME, "--sweep", "--accept-deletions")
    middle = time.perf_counter()
    (told,) = json.loads(run("check_mirror", "--portal", NAME, "--json"))
    ended = time.perf_counter()
    what = ", ".join(f"{name} {count}" for name, count in sorted(done.items())) or "first copy"
    sys.stdout.write(
        f"round {number} ({what}): {told['outcome']}, {told['compared']:,} compared, {told['differing']} differ; "
        f"sync and two sweeps {middle - begun:.1f} s, proof {ended - middle:.1f} s\n"
    )
    return bool(told["equal"])


def mutate(store: Store, chance: random.Random, acts: int) -> Counter[str]:
    """Change and delete so many records as people do."""
    done: Counter[str] = Counter()
    while done.total() < acts:
        act = chance.choice(ACTS)
        if act(store, chance):
            done[act.__name__] += 1
    return done


def pick(store: Store, chance: random.Random, collection: str) -> Any:
    """Pick the key of any record."""
    return chance.choice(list(store.collections[collection]))


def edit_amount(store: Store, chance: random.Random) -> bool:
    return store.update("deals", pick(store, chance, "deals"), opportunity=chance.randrange(1, 90_000))


def reassign(store: Store, chance: random.Random) -> bool:
    who = int(pick(store, chance, "users"))
    return store.update("deals", pick(store, chance, "deals"), assignedById=who)


def move(store: Store, chance: random.Random) -> bool:
    return store.update("deals", pick(store, chance, "deals"), stageId=chance.choice(["NEW", "WON", "LOSE"]))


def edit_lead(store: Store, chance: random.Random) -> bool:
    return store.update("leads", pick(store, chance, "leads"), title=f"Lead {chance.random()}")


def edit_line(store: Store, chance: random.Random) -> bool:
    return store.update("productrows", pick(store, chance, "productrows"), price=chance.randrange(1, 9_000))


def add_deal(store: Store, chance: random.Random) -> bool:
    return bool(store.add("deals", {"title": "New", "assignedById": int(pick(store, chance, "users"))}))


def delete_deal(store: Store, chance: random.Random) -> bool:
    return store.delete("deals", pick(store, chance, "deals"))


def delete_lead(store: Store, chance: random.Random) -> bool:
    return store.delete("leads", pick(store, chance, "leads"))


def delete_company(store: Store, chance: random.Random) -> bool:
    return store.delete("companies", pick(store, chance, "companies"))


def hide_deal(store: Store, chance: random.Random) -> bool:
    return store.hide("deals", pick(store, chance, "deals"))


def restore_deal(store: Store, chance: random.Random) -> bool:
    hidden = list(store.collections["deals"].hidden)
    return bool(hidden) and store.restore("deals", chance.choice(hidden))


ACTS: tuple[Act, ...] = (
    *(edit_amount, reassign, move, edit_lead, edit_line, add_deal),
    *(delete_deal, delete_lead, delete_company, hide_deal, restore_deal),
)


if __name__ == "__main__":
    sys.exit(main())
