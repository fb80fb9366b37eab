"""What people of a small company do on the portal, moment by moment in its own zone."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from crmsync.sandbox.store import Store

BOB, CAROL = 2, 3
PEOPLE = [(1, "Алиса"), (BOB, "Борис"), (CAROL, "Карина")]
CURRENCIES = [
    {"CURRENCY": "RUB", "BASE": "Y", "AMOUNT": "1.0", "AMOUNT_CNT": "1", "DATE_UPDATE": "2025-01-01T00:00:00+03:00"},
    {"CURRENCY": "USD", "BASE": "N", "AMOUNT": "90.0", "AMOUNT_CNT": "1", "DATE_UPDATE": "2025-01-01T00:00:00+03:00"},
]
KINDS = {
    "email": {"TYPE_ID": "4", "PROVIDER_ID": "CRM_EMAIL"},
    "call": {"TYPE_ID": "2", "PROVIDER_ID": "VOXIMPLANT_CALL"},
    "meeting": {"TYPE_ID": "1", "PROVIDER_ID": "CRM_MEETING"},
    "task": {"TYPE_ID": "3", "PROVIDER_ID": "CRM_TASKS_TASK"},
}
INCOMING, OUTGOING = "1", "2"
LEAD, DEAL = 1, 2


def make_office_store() -> Store:
    """Make a portal with people, currencies and nothing else."""
    records: dict[str, list[dict[str, Any]]] = {
        "departments": [{"ID": "1", "NAME": "Продажи", "UF_HEAD": "1"}],
        "users": [{"ID": str(key), "NAME": name, "ACTIVE": True, "UF_DEPARTMENT": [1]} for key, name in PEOPLE],
        "currencies": CURRENCIES,
        "companies": [{"id": key, "title": f"Клиент {key}"} for key in range(1, 6)],
    }
    return Store.from_records(records)


class Office:
    """Works on a store; moments are naive and belong to the company's zone."""

    def __init__(self, store: Store, zone: str = "Europe/Moscow") -> None:
        self.store, self.zone = store, ZoneInfo(zone)

    def at(self, moment: datetime) -> str:
        return moment.replace(tzinfo=self.zone).isoformat()

    def add_lead(self, moment: datetime, *, by: int = BOB, **fields: Any) -> int:
        return int(self.store.add("leads", {"title": "Лид", "assignedById": by, **fields}, at=self.at(moment)))

    def add_deal(self, moment: datetime, *, by: int = BOB, amount: float = 1000, **fields: Any) -> int:
        told = {"title": "Сделка", "assignedById": by, "opportunity": amount, "currencyId": "RUB", **fields}
        return int(self.store.add("deals", told, at=self.at(moment)))

    def move_deal(self, deal: int, moment: datetime, stage: str) -> None:
        self.store.update("deals", deal, at=self.at(moment), stageId=stage)

    def win(self, moment: datetime, *, days: int = 0, **fields: Any) -> int:
        """Win a deal that was begun some days before."""
        deal = self.add_deal(moment - timedelta(days=days), **fields)
        self.move_deal(deal, moment, "WON")
        return deal

    def act(
        self,
        kind: str,
        moment: datetime,
        *,
        on: tuple[int, int],
        by: int = BOB,
        entered_now: bool = False,
        **fields: Any,
    ) -> int:
        """Add an activity on a lead or deal."""
        owner = {"OWNER_TYPE_ID": str(on[0]), "OWNER_ID": str(on[1]), "RESPONSIBLE_ID": str(by)}
        told = {**KINDS[kind], **owner, "START_TIME": self.at(moment), **fields}
        return int(self.store.add("activities", told, at=None if entered_now else self.at(moment)))
