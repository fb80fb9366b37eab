"""The portal's data with the changes that people and tests make to it; every change goes through here."""

from collections.abc import Iterable, Mapping
from typing import Any

from crmsync.sandbox.belongings import list_history, list_links, list_owned, relink
from crmsync.sandbox.changes import (
    CREATED,
    HISTORY_OF,
    REROUTED,
    change_record,
    is_move,
    make_history,
    type_of_move,
)
from crmsync.sandbox.contents import Contents
from crmsync.sandbox.instants import epoch_of, format_instant
from crmsync.sandbox.naming import stored_name
from crmsync.sandbox.schema import SCHEMAS, Record
from crmsync.sandbox.userfields import ENTITY_IDS


class Store(Contents):
    """Adds, changes, deletes, hides: with the stamps, flags and history rows that follow from a change."""

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
            if collection in ENTITY_IDS:
                self.declare_custom(collection, changes)
            after = change_record(collection, before, changes, stamp=stamp, by=by, semantics=self.semantics)
            self._put(collection, after)
            if is_move(collection, before, changes):
                change = type_of_move(before, after)
                if change == REROUTED and self.forgets_history:
                    self._remove(list_history(self, collection, key))
                self._write_history(collection, after, change=change, stamp=stamp)
            return True

    def delete(self, collection: str, key: Any) -> bool:
        """Delete a record for good; a lead or a deal takes its history, activities and rows along."""
        with self.lock:
            gone = self.collections[collection].remove(key) is not None
            self._semantics = None if collection == "statuses" else self._semantics
            if gone and collection in HISTORY_OF:
                self._remove((*list_history(self, collection, key), *list_owned(self, collection, key)))
            return gone

    def merge(self, collection: str, key: Any, *, into: Any) -> bool:
        """Merge a duplicate into another record: it is gone, and what named it names the other one."""
        with self.lock:
            if key not in self.collections[collection]:
                return False
            for name, owned in [*list_owned(self, collection, key)]:
                self.update(name, owned, **{"ownerId" if name == "productrows" else "OWNER_ID": into})
            for name, linked, field in [*list_links(self, collection, key)]:
                self.update(name, linked, **relink(self.record(name, linked), field, key=key, into=into))
            survivor = self.record(collection, into)
            self._put(collection, {**survivor, SCHEMAS[collection].updated: self._stamp(None)})
            return self.delete(collection, key)

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

    def _remove(self, found: Iterable[tuple[str, int]]) -> None:
        for name, key in [*found]:
            self.collections[name].remove(key)

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
