"""A campaign against the mirror: processes killed at random moments, faults of every kind, a portal that moves on."""

import multiprocessing
import random
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from signal import SIGKILL
from typing import Any

from django.db import connection, connections

from crmsync.lease import AlreadyRunningError
from crmsync.models import Portal, Proof, RateLimit, SyncRun
from crmsync.sandbox.faults import KINDS, Fault
from crmsync.sandbox.living import Living
from crmsync.sandbox.server import SandboxServer
from tests.faults.children import run_child, run_job
from tests.faults.verdict import compare_facts, count_rows, find_doubles, find_losses

# What ends a connection for good would only make all that follows idle; these strike a few times and pass.
OPTIONS: dict[str, dict[str, Any]] = {
    "delay": {"seconds": 0.2},
    "hang": {"seconds": 3, "times": 1},
    "drip": {"seconds": 0.05, "times": 2},
    "huge_body": {"times": 1},
    "operation_time": {"seconds": 0.1},
    "odd_error": {"times": 3},
    "revoked": {"times": 1},
    "redirect302": {"times": 1},
    "overload": {"times": 1},
    "insufficient_scope": {"times": 2},
}
WEIGHTS = {"sync": 6, "sweep": 3, "full": 1, "proof": 1, "refill": 2}
NIGHTS = 4
PATIENCE_SECONDS = 60
Report = Callable[[str], None]


@dataclass
class Campaign:
    """One campaign; the seed fixes what happens, though not the moment at which a process meets its end."""

    server: SandboxServer
    portal: Portal
    seed: int
    guard_off: str = ""
    weights: dict[str, int] = field(default_factory=WEIGHTS.copy)
    kills: int = 0
    ended: int = 0
    zombies: int = 0
    jobs: Counter[str] = field(default_factory=Counter)
    hits: Counter[str] = field(default_factory=Counter)
    recovery: float = 0.0

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)
        self.office = Living(self.server.store, seed=self.seed, deletions=True)
        self.children = multiprocessing.get_context("forkserver")
        self.children.set_forkserver_preload(["tests.faults.children"])
        self.waiting: list[str] = []
        self.restored: set[str] = set()
        self.mended: list[int] = []

    def strike(self, *, kills: int, longest: float, report: Report) -> None:
        """Kill so many processes, each within some seconds of its start, while the portal moves on and fails."""
        while self.kills < kills:
            self.live(steps=self.chance.randrange(6))
            faults = self.add_faults()
            killed = self.run_one(longest=longest)
            self.note_hits(faults)
            self.pass_time()
            if killed and self.kills % 50 == 0:
                report(
                    f"{self.kills} killed, {self.ended} ended by themselves, {sum(self.hits.values())} faults struck"
                )

    def live(self, *, steps: int) -> None:
        """Let the portal move on, and note what comes back from the recycle bin: it carries no new date of change."""
        for _ in range(steps):
            hidden = self.list_hidden()
            self.office.step()
            self.restored |= hidden - self.list_hidden()

    def list_hidden(self) -> set[str]:
        """List what lies in the portal's recycle bin."""
        collections = self.server.store.collections.items()
        return {f"{name} {key}" for name, records in collections for key in records.hidden}

    def add_faults(self) -> list[Fault]:
        """Order the next faults in turn, so that every kind comes; sometimes none."""
        if self.chance.random() < 0.2:
            return []
        self.waiting = self.waiting or self.chance.sample(sorted(KINDS), len(KINDS))
        chosen = [self.waiting.pop() for _ in range(min(len(self.waiting), self.chance.randrange(1, 4)))]
        return [self.server.faults.add(kind, **{"probability": 0.3, **OPTIONS.get(kind, {})}) for kind in chosen]

    def pass_time(self) -> None:
        """Let the faults pass, and with them the ten minutes for which a method may rest."""
        self.server.faults.clear()
        RateLimit.objects.update(paused_until=None)

    def note_hits(self, faults: list[Fault]) -> None:
        """Count how often the faults struck."""
        for fault in faults:
            self.hits[fault.kind] += fault.hits

    def run_one(self, *, longest: float) -> bool:
        """Start one process, and end it at a random moment unless it is quicker; sometimes take its lease first."""
        job = self.chance.choices(list(self.weights), list(self.weights.values()))[0]
        self.jobs[job] += 1
        child = self.start(job)
        child.join(self.chance.uniform(0.02, longest))
        if not child.is_alive() and child.exitcode != -SIGKILL:
            self.ended += 1
            return False
        if self.chance.random() < 0.1:
            self.usurp()
        child.kill()
        child.join()
        self.kills += 1
        return True

    def start(self, job: str) -> Any:
        """Start a process of its own for one job."""
        name = str(connection.settings_dict["NAME"])
        child = self.children.Process(target=run_child, args=(name, self.portal.pk, job, self.guard_off), daemon=True)
        child.start()
        return child

    def usurp(self) -> None:
        """Let the lease run out under a process at work, and another take over: the first may write nothing more."""
        self.zombies += 1
        Portal.objects.filter(pk=self.portal.pk).update(lease_until=None)
        successor = self.start("sync")
        successor.join(0.5)
        successor.kill()
        successor.join()

    def recover(self) -> None:
        """Run the product undisturbed until a sync is complete; the lease of the last killed process may still hold."""
        begun = time.monotonic()
        while time.monotonic() - begun < PATIENCE_SECONDS:
            self.pass_time()
            try:
                if run_job(self.portal, "sync").outcome == SyncRun.Outcome.COMPLETE:
                    break
            except AlreadyRunningError:
                time.sleep(0.2)
        self.recovery = time.monotonic() - begun

    def judge(self) -> dict[str, list[str]]:
        """Give the verdict. *Shape*: findings by question; all empty when the mirror stood."""
        store = self.server.store
        self.recover()
        found = {"lost after a sync": [line for line in find_losses(store, self.portal) if not self.is_excused(line)]}
        proof = self.spend_nights()
        found["different after sweeps"] = find_losses(store, self.portal)
        found["twice"] = find_doubles(self.portal)
        if proof.outcome != Proof.Outcome.EQUAL:
            found["proof"] = [f"{proof.outcome} {proof.error}", *map(str, proof.differences.all()[:20])]
        found["facts"] = compare_facts(self.portal)
        connections.close_all()
        return found

    def spend_nights(self) -> Proof:
        """Sweep and prove as the nights do, and return the last proof; a sweep reads again what a proof has found."""
        for _ in range(NIGHTS):
            self.pass_time()
            run_job(self.portal, "sweep")
            proof: Proof = run_job(self.portal, "proof")
            self.mended.append(proof.differing)
        return proof

    def is_excused(self, line: str) -> bool:
        """Tell whether only a sweep can know of a difference.

        An empty page in place of a deal's product lines is a lie that leaves no trace, what comes back from the
        recycle bin is not new to anybody who asks for what changed, and purchase prices are read at night.
        """
        return line.startswith("product") or line.split(":")[0] in self.restored

    def describe(self) -> list[str]:
        """Tell what happened, in figures."""
        missing = sorted(KINDS - {kind for kind, hits in self.hits.items() if hits})
        return [
            f"seed {self.seed}: {self.kills} processes killed, {self.zombies} of them robbed of the lease before, "
            f"{self.ended} ended by themselves ({', '.join(f'{job} {n}' for job, n in self.jobs.most_common())})",
            f"faults: {sum(self.hits.values())} struck, {len(KINDS) - len(missing)} of {len(KINDS)} kinds"
            + (f"; not met: {', '.join(missing)}" if missing else ""),
            f"rows on the portal at the end: {count_rows(self.server.store)}",
            f"complete again after the last kill: {self.recovery:.1f} s",
            f"records that the proofs of the following nights found to differ: {', '.join(map(str, self.mended))}",
        ]
