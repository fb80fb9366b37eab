"""What a portal holds: one collection per kind of record, its dictionaries, custom fields, settings and clock."""

import threading
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Self

from crmsync.sandbox.changes import HISTORY_OF
from crmsync.sandbox.completion import complete_record
from crmsync.sandbox.dictionaries import COST_FIELD, make_catalogs, make_category, make_currencies, make_statuses
from crmsync.sandbox.instants import format_instant, parse_offset
from crmsync.sandbox.records import Records
from crmsync.sandbox.schema import SCHEMAS, Record
from crmsync.sandbox.userfields import ENTITY_IDS, CustomFields

DEFAULT_SCOPES = ("crm", "user", "department", "catalog")


class Contents(CustomFields):
    """All records of one portal, its settings and its clock.

    `rights` narrows what a user may read of a collection, as filter entries; `forgets_history` makes a deal
    lose its older stage history when it changes its pipeline.
    """

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
        self.raw_names: set[str] = set()
        self.rights: dict[tuple[int, str], Mapping[str, Any]] = {}
        self.forgets_history = False
        self.clock = clock
        self.lock = threading.RLock()
        self._semantics: dict[str, str] | None = None
        self.collections: dict[str, Records] = dict(collections or {})
        for name, schema in SCHEMAS.items():
            self.collections.setdefault(name, Records(schema))

    @classmethod
    def from_records(cls, records: Mapping[str, Iterable[Mapping[str, Any]]], **settings: Any) -> Self:
        """Make it from records in the shapes the REST methods return.

        Empty: a missing field gets its empty value, a missing dictionary the factory one.
        Raises: KeyError for an unknown collection or a record without its key.
        """
        contents = cls(**settings)
        given = {name: list(rows) for name, rows in records.items()}
        contents.fill_dictionaries(given)
        for name, rows in given.items():
            completed = [contents.complete(name, row) for row in rows]
            contents.collections[name] = Records(SCHEMAS[name], completed)
        return contents

    def fill_dictionaries(self, given: dict[str, list[Any]]) -> None:
        """Load categories, statuses, currencies and catalogues first, the factory ones where none are given."""
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
            "catalogs": given.pop("catalogs", []) or make_catalogs(),
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
            self.declare_custom(name, whole)
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
