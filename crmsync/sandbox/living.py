"""Living mode: as time passes, people work on the portal's records, so that a mirror has something to follow."""

import random
import threading
from collections.abc import Callable
from dataclasses import dataclass

from crmsync.sandbox.office import Office
from crmsync.sandbox.store import Store

EVENT_SECONDS = 4.0
REPLY_SECONDS = 90.0
KEPT_BY_REPLIES = ("OWNER_ID", "OWNER_TYPE_ID", "RESPONSIBLE_ID", "TYPE_ID", "PROVIDER_ID", "PROVIDER_TYPE_ID")


@dataclass(order=True)
class Reply:
    """An answer that is still to come: when, and to which activity.

    Units: epoch seconds.
    """

    due: float
    activity: int


class Living:
    """One office at work; speed 1 is an event every four seconds, and nothing is ever deleted without `deletions`.

    Units: speed multiplies how often things happen, stamps are the portal's own time.
    """

    def __init__(self, store: Store, *, speed: float = 1.0, seed: int = 1, deletions: bool = False) -> None:
        self.store = store
        self.speed = speed
        self.deletions = deletions
        self.chance = random.Random(seed)
        self.office = Office(store, self.chance)
        self.replies: list[Reply] = []
        self.events: dict[str, int] = {}

    def live(self, stopping: threading.Event) -> None:
        """Work until told to stop."""
        while not stopping.wait(EVENT_SECONDS / self.speed):
            self.step()

    def step(self) -> None:
        """Send the answers that are due, then let one thing happen."""
        with self.store.lock:
            self.answer_due()
            acts = [act for act, _ in self.routine()]
            act = self.chance.choices(acts, [weight for _, weight in self.routine()])[0]
            if act():
                self.events[act.__name__] = self.events.get(act.__name__, 0) + 1

    def routine(self) -> list[tuple[Callable[[], bool], float]]:
        """List what may happen and how often."""
        cleaning = [(self.office.delete_record, 0.2), (self.office.hide_record, 0.2), (self.office.restore_record, 0.2)]
        return [
            (self.office.receive_lead, 3),
            (self.office.convert_lead, 2),
            (self.office.add_deal, 1),
            (self.office.move_deal, 4),
            (self.office.close_deal, 3),
            (self.office.edit_amount, 1),
            (self.office.reassign_deal, 0.5),
            (self.receive_mail, 3),
            (self.office.work, 3),
            (self.reprice_product, 0.2),
            *(cleaning if self.deletions else ()),
        ]

    def receive_mail(self) -> bool:
        """Let a client write; the answer comes later, sometimes much later."""
        deal = self.office.pick_open("deals")
        if deal is None:
            return False
        key = self.office.add_activity(
            deal, TYPE_ID="4", PROVIDER_ID="CRM_EMAIL", PROVIDER_TYPE_ID="EMAIL", DIRECTION="1"
        )
        delay = self.chance.lognormvariate(0, 1) * REPLY_SECONDS / self.speed
        self.replies.append(Reply(self.store.clock() + delay, key))
        return True

    def reprice_product(self) -> bool:
        """Let a supplier ask for more, or for a little less."""
        key = self.chance.choice(list(self.store.collections["products"]) or [None])
        price = (self.store.get("products", key) or {}).get("purchasingPrice")
        if price is None:
            return False
        return self.store.update("products", key, purchasingPrice=round(price * self.chance.uniform(0.97, 1.06), 2))

    def answer_due(self) -> None:
        """Write the answers whose time has come."""
        now = self.store.clock()
        due = [reply for reply in self.replies if reply.due <= now]
        self.replies = [reply for reply in self.replies if reply.due > now]
        for reply in sorted(due):
            request = self.store.get("activities", reply.activity)
            if request is None:
                continue
            self.store.update("activities", reply.activity, COMPLETED="Y")
            answer = {name: request[name] for name in KEPT_BY_REPLIES}
            self.store.add("activities", {**answer, "DIRECTION": "2", "COMPLETED": "Y", "SUBJECT": "Re:"})
