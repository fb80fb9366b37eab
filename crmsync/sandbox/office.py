"""What people do with a portal's records: the single acts of living mode, each on records chosen by chance."""

import random
from typing import Any

from crmsync.sandbox.changes import FINAL
from crmsync.sandbox.query import make_conditions
from crmsync.sandbox.schema import SCHEMAS, Record
from crmsync.sandbox.store import Store

NEWEST = 300
AMOUNTS = (18_500, 42_000, 67_300, 120_000, 254_900.5)
DEAL = "2"
DISPOSABLE = ("leads", "deals")


class Office:
    """People who work on a store; every act tells whether it changed anything."""

    def __init__(self, store: Store, chance: random.Random) -> None:
        self.store = store
        self.chance = chance

    def receive_lead(self) -> bool:
        """Let a new lead come in."""
        number = self.store.collections["leads"].next_key()
        source = self.chance.choice(["WEB", "CALL", "ADVERTISING", "RECOMMENDATION"])
        fields = {"title": f"Заявка №{number}", "sourceId": source, "currencyId": self.store.base_currency}
        self.store.add("leads", {**fields, "assignedById": self.pick_person()})
        return True

    def convert_lead(self) -> bool:
        """Turn an open lead into a deal."""
        lead = self.pick_open("leads")
        if lead is None:
            return False
        self.store.update("leads", lead["id"], stageId="CONVERTED", by=lead["assignedById"])
        return self.open_deal(leadId=lead["id"], assignedById=lead["assignedById"], sourceId=lead["sourceId"])

    def add_deal(self) -> bool:
        """Let a known customer order again."""
        customers = self.pick_newest("contacts")
        customer = self.chance.choice(customers) if customers else {}
        links = {"contactId": customer.get("id") or 0, "companyId": customer.get("companyId") or 0}
        return self.open_deal(assignedById=self.pick_person(), isReturnCustomer="Y", **links)

    def open_deal(self, **fields: Any) -> bool:
        """Add a deal in the first stage of the default pipeline."""
        number = self.store.collections["deals"].next_key()
        amount = self.chance.choice(AMOUNTS)
        base = {"title": f"Заказ №{number}", "stageId": "NEW", "categoryId": 0, "opportunity": amount}
        self.store.add("deals", {**base, "currencyId": self.store.base_currency, **fields})
        return True

    def move_deal(self) -> bool:
        """Move an open deal one stage on."""
        deal = self.pick_open("deals")
        stages = self.stages_of(deal, final=False) if deal else []
        if deal is None or deal["stageId"] not in stages[:-1]:
            return False
        further = stages[stages.index(deal["stageId"]) + 1]
        return self.store.update("deals", deal["id"], stageId=further, by=deal["assignedById"])

    def close_deal(self) -> bool:
        """Win or lose an open deal."""
        deal = self.pick_open("deals")
        ends = self.stages_of(deal, final=True) if deal else []
        if deal is None or not ends:
            return False
        stage = self.chance.choices(ends, [3] + [1] * (len(ends) - 1))[0]
        return self.store.update("deals", deal["id"], stageId=stage, by=deal["assignedById"])

    def edit_amount(self) -> bool:
        """Change what an open deal is worth."""
        deal = self.pick_open("deals")
        return deal is not None and self.store.update("deals", deal["id"], opportunity=self.chance.choice(AMOUNTS))

    def reassign_deal(self) -> bool:
        """Hand an open deal to somebody else."""
        deal = self.pick_open("deals")
        return deal is not None and self.store.update("deals", deal["id"], assignedById=self.pick_person())

    def work(self) -> bool:
        """Call a client, meet one or finish a task."""
        deal = self.pick_open("deals")
        if deal is None:
            return False
        kinds = (("2", "VOXIMPLANT_CALL", "CALL", "2"), ("1", "CRM_MEETING", "MEETING", "0"))
        kind = self.chance.choice([*kinds, ("6", "CRM_TASKS_TASK", "TASKS_TASK", "0")])
        names = ("TYPE_ID", "PROVIDER_ID", "PROVIDER_TYPE_ID", "DIRECTION")
        self.add_activity(deal, COMPLETED="Y", **dict(zip(names, kind, strict=True)))
        return True

    def delete_record(self) -> bool:
        """Delete one of the newest leads or deals for good."""
        collection, key = self.pick_disposable()
        return key is not None and self.store.delete(collection, key)

    def hide_record(self) -> bool:
        """Put one of the newest leads or deals into the recycle bin."""
        collection, key = self.pick_disposable()
        return key is not None and self.store.hide(collection, key)

    def restore_record(self) -> bool:
        """Bring a lead or a deal back from the recycle bin."""
        binned = [(name, key) for name in DISPOSABLE for key in self.store.collections[name].hidden]
        return bool(binned) and self.store.restore(*self.chance.choice(binned))

    def pick_disposable(self) -> tuple[str, int | None]:
        """Choose one of the newest leads or deals, whatever its stage."""
        collection = self.chance.choice(DISPOSABLE)
        found = self.pick_newest(collection)
        return collection, int(self.chance.choice(found)["id"]) if found else None

    def add_activity(self, deal: Record, **fields: str) -> Any:
        """Add an activity of a deal's responsible."""
        owner = {"OWNER_ID": str(deal["id"]), "OWNER_TYPE_ID": DEAL, "RESPONSIBLE_ID": str(deal["assignedById"])}
        return self.store.add("activities", {**owner, **fields})

    def pick_person(self) -> int:
        """Choose an employee who still works here."""
        users = self.store.collections["users"]
        active = [int(row[0]) for row in users.rows(users, ("ID", "ACTIVE")) if row[1] is not False]
        return self.chance.choice(active or [1])

    def pick_open(self, collection: str) -> Record | None:
        """Choose one of the newest records still in progress."""
        found = self.pick_newest(collection, stageSemanticId="P")
        open_ = [record for record in found if record.get("isRecurring") != "Y"]
        return self.chance.choice(open_) if open_ else None

    def pick_newest(self, collection: str, **entries: Any) -> list[Record]:
        """Choose a few of the newest records that match."""
        records = self.store.collections[collection]
        conditions = make_conditions(entries, schema=SCHEMAS[collection], offset=self.store.offset)
        keys = list(records.find(conditions, limit=NEWEST, descending=True))
        chosen = self.chance.sample(keys, min(3, len(keys)))
        return [record for record in map(records.get, map(int, chosen)) if record is not None]

    def stages_of(self, deal: Record, *, final: bool) -> list[str]:
        """List the stages of a deal's pipeline in order, the running or the final ones, success first."""
        entity = f"DEAL_STAGE_{deal['categoryId']}" if deal["categoryId"] else "DEAL_STAGE"
        statuses = self.store.collections["statuses"]
        rows = [row for row in statuses.rows(statuses, ("ENTITY_ID", "SORT", "STATUS_ID")) if row[0] == entity]
        ordered = [stage for _, _, stage in sorted(rows, key=lambda row: int(row[1]))]
        return [s for s in ordered if (self.store.semantics.get(f"deals:{s}", "P") in FINAL) == final]
