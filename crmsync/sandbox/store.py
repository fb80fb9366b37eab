"""The portal's data: one collection per kind of record, and the changes a person or a test makes to them."""

import threading
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from crmsync.sandbox.changes import (
    CREATED,
    HISTORY_OF,
    OWNER_TYPES,
    ROW_OWNERS,
    change_record,
    is_move,
    make_history,
    type_of_move,
)
from crmsync.sandbox.completion import complete_record
from crmsync.sandbox.dictionaries import COST_FIELD, make_category, make_currencies, make_statuses
from crmsync.sandbox.instants import epoch_of, format_instant, parse_offset
from crmsync.sandbox.naming import stored_name
from crmsync.sandbox.query import make_conditions
from crmsync.sandbox.records import Records
from crmsync.sandbox.schema import SCHEMAS, Record

DEFAULT_SCOPES = ("crm", "user", "department")
ENTITY_IDS = {
    "leads": "CRM_LEAD",
    "deals": "CRM_DEAL",
    "contacts": "CRM_CONTACT",
    "companies": "CRM_COMPANY",
}


class Store:
    """All records of one portal, its settings and its clock; every change goes through it."""

    def __init__(
        self,
        collections: Mapping[str, Records] | None = None,
        *,
        utc_offset: str = "+03:00",
        base_currency: str = "RUB",
        scopes: Iterable[str] = DEFAULT_SCOPES,
        userfields: Iterable[Record] = (COST_FIELD,),
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.offset = parse_offset(utc_offset)
        self.base_currency = base_currency
        self.scopes = list(scopes)
        self.userfields = list(userfields)
        self.clock = clock
        self.lock = threading.RLock()
        self._semantics: dict[str, str] | None = None
        self.collections: dict[str, Records] = dict(collections or {})
        for name, schema in SCHEMAS.items():
            self.collections.setdefault(name, Records(schema))

    @classmethod
    def from_records(cls, records: Mapping[str, Iterable[Mapping[str, Any]]], **settings: Any) -> "Store":
        """Make a store from records in the shapes the REST methods return.

        Empty: a missing field gets its empty value, a missing dictionary the factory one.
        Raises: KeyError for an unknown collection or a record without its key.
        """
        store = cls(**settings)
        given = {name: list(rows) for name, rows in records.items()}
        store.fill_dictionaries(given)
        for name, rows in given.items():
            completed = [store.complete(name, row) for row in rows]
            store.collections[name] = Records(SCHEMAS[name], completed)
        return store

    def fill_dictionaries(self, given: dict[str, list[Any]]) -> None:
        """Load categories, statuses and currencies first, the factory ones where none are given."""
        updated = format_instant(self.clock(), offset=self.offset)
        categories = given.pop("categories", []) or [make_category(0, "Общая")]
        numbers = [int(row["id"]) for row in categories]
        names = {"RUB": ("Российский рубль", "1.0000")}
        names = names if self.base_currency == "RUB" else {self.base_currency: (self.base_currency, "1.0000")}
        rows = {
            "categories": categories,
            "statuses": given.pop("statuses", []) or make_statuses(numbers),
            "currencies": given.pop("currencies", [])
            or make_currencies(names, base=self.base_currency, updated=updated),
        }
        for name, records in rows.items():
            self.collections[name] = Records(SCHEMAS[name], [self.complete(name, row) for row in records])

    def complete(self, name: str, record: Mapping[str, Any]) -> Record:
        """Fill a given record up to a whole one of its collection."""
        whole = complete_record(
            record,
            schema=SCHEMAS[name],
            offset=self.offset,
            now=self.clock(),
            semantics=self.semantics if name in HISTORY_OF else {},
        )
        if name in ENTITY_IDS:
            self._declare_custom(name, whole)
        return whole

    @property
    def semantics(self) -> dict[str, str]:
        """Map "deals:WON" and "leads:CONVERTED" to the meaning of the stage: P, S or F."""
        if self._semantics is None:
            statuses = self.collections["statuses"]
            rows = statuses.rows(statuses, ("ENTITY_ID", "STATUS_ID", "SEMANTICS"))
            self._semantics = {
                f"{'leads' if entity == 'STATUS' else 'deals'}:{stage}": meaning or "P"
                for entity, stage, meaning in rows
                if entity == "STATUS" or entity.startswith("DEAL_STAGE")
            }
        return self._semantics

    def custom_names(self, collection: str) -> list[str]:
        """Return the raw names of an entity's custom fields."""
        entity = ENTITY_IDS.get(collection)
        return [row["FIELD_NAME"] for row in self.userfields if row["ENTITY_ID"] == entity]

    def _declare_custom(self, collection: str, record: Record) -> None:
        known = self.custom_names(collection)
        for name in record:
            if name.startswith("UF_CRM_") and name not in known:
                row = {"ID": str(100 + len(self.userfields)), "FIELD_NAME": name, "USER_TYPE_ID": "string"}
                self.userfields.append({**COST_FIELD, **row, "ENTITY_ID": ENTITY_IDS[collection]})

    def get(self, collection: str, key: Any) -> Record | None:
        """Return one record, None when there is none."""
        return self.collections[collection].get(key)

    def record(self, collection: str, key: Any) -> Record:
        """Return one record.

        Raises: KeyError for a record that is not there.
        """
        found = self.get(collection, key)
        if found is None:
            raise KeyError(f"{collection} {key}")
        return found

    def add(self, collection: str, record: Mapping[str, Any], *, at: Any = None) -> Any:
        """Add a record, created at the moment given or now, with its first history row; return its key."""
        with self.lock:
            records, schema = self.collections[collection], SCHEMAS[collection]
            stamp = self._stamp(at)
            given = dict(record)
            if schema.key not in given:
                given[schema.key] = records.next_key()
            if schema.created:
                given.setdefault(schema.created, stamp)
            whole = self.complete(collection, given)
            self._put(collection, whole)
            if collection in HISTORY_OF:
                self._write_history(collection, whole, change=CREATED, stamp=whole["createdTime"])
            return schema.key_of(whole)

    def update(self, collection: str, key: Any, *, at: Any = None, by: int | None = None, **fields: Any) -> bool:
        """Change fields of a record and everything that follows; return False when nothing differs.

        Raises: KeyError for a record that is not there.
        """
        with self.lock:
            before = self.record(collection, key)
            changes = {stored_name(name): value for name, value in fields.items()}
            if all(before.get(name) == value for name, value in changes.items()):
                return False
            stamp = self._stamp(at)
            after = change_record(collection, before, changes, stamp=stamp, by=by, semantics=self.semantics)
            self._put(collection, after)
            if is_move(collection, before, changes):
                self._write_history(collection, after, change=type_of_move(before, after), stamp=stamp)
            return True

    def delete(self, collection: str, key: Any) -> bool:
        """Delete a record for good; a lead or a deal takes its history, activities and rows along."""
        with self.lock:
            gone = self.collections[collection].remove(key) is not None
            if gone and collection in HISTORY_OF:
                self._delete_belongings(collection, key)
            return gone

    def hide(self, collection: str, key: Any) -> bool:
        """Make a record unreadable, as lost rights do; nothing else is touched."""
        with self.lock:
            records = self.collections[collection]
            record = records.remove(key)
            if record is not None:
                records.hidden[key] = record
            return record is not None

    def restore(self, collection: str, key: Any) -> bool:
        """Make a hidden record readable again, exactly as it was."""
        with self.lock:
            records = self.collections[collection]
            record = records.hidden.pop(key, None)
            if record is not None:
                records.put(record)
            return record is not None

    def _stamp(self, at: Any) -> str:
        epoch = self.clock() if at is None else epoch_of(at, offset=self.offset)
        return format_instant(epoch, offset=self.offset)

    def _put(self, collection: str, record: Record) -> None:
        self.collections[collection].put(record)
        if collection == "statuses":
            self._semantics = None

    def _write_history(self, collection: str, record: Record, *, change: int, stamp: str) -> None:
        history = self.collections[HISTORY_OF[collection]]
        history.put(make_history(collection, record, change=change, key=history.next_key(), stamp=stamp))

    def _delete_belongings(self, collection: str, key: Any) -> None:
        belongings: dict[str, dict[str, Any]] = {
            HISTORY_OF[collection]: {"OWNER_ID": key},
            "activities": {"OWNER_TYPE_ID": OWNER_TYPES[collection], "OWNER_ID": key},
            "productrows": {"ownerType": ROW_OWNERS[collection], "ownerId": key},
        }
        for name, entries in belongings.items():
            conditions = make_conditions(entries, schema=SCHEMAS[name], offset=self.offset)
            for owned in self.collections[name].find(conditions):
                self.collections[name].remove(int(owned))
