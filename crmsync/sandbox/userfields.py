"""The custom fields of a portal, which its administrator adds, changes and drops while it serves."""

from collections.abc import Iterable, Mapping
from typing import Any

from crmsync.sandbox.dictionaries import COST_FIELD
from crmsync.sandbox.naming import item_names
from crmsync.sandbox.schema import Record

ENTITY_IDS = {
    "leads": "CRM_LEAD",
    "deals": "CRM_DEAL",
    "contacts": "CRM_CONTACT",
    "companies": "CRM_COMPANY",
}


class CustomFields:
    """The rows of crm.deal.userfield.list and its siblings; a dropped field only stops being shown.

    `raw_names` are the fields whose camelCase name is taken, so that crm.item.* calls them by the raw one.
    """

    userfields: list[Record]
    raw_names: set[str]

    def custom_rows(self, collection: str) -> list[Record]:
        """Return the declarations of an entity's custom fields."""
        entity = ENTITY_IDS.get(collection)
        return [row for row in self.userfields if row["ENTITY_ID"] == entity]

    def custom_names(self, collection: str) -> list[str]:
        """Return the raw names of an entity's custom fields."""
        return [row["FIELD_NAME"] for row in self.custom_rows(collection)]

    def name_custom(self, collection: str) -> dict[str, str]:
        """Map an entity's custom fields to what crm.item.* calls them."""
        names = item_names(self.custom_names(collection))
        return {raw: raw if raw in self.raw_names else name for raw, name in names.items()}

    def declare_custom(self, collection: str, record: Mapping[str, Any]) -> None:
        """Declare the custom fields of a record that nobody has declared yet, as strings."""
        known = self.custom_names(collection)
        for name in record:
            if name.startswith("UF_CRM_") and name not in known:
                self.add_field(collection, name)

    def add_field(self, collection: str, name: str, *, kind: str = "string", options: Iterable[str] = ()) -> None:
        """Add a custom field, or declare a known one anew; the options of an enumeration get ids from 44 on."""
        self.drop_field(collection, name)
        listed = [{"ID": str(44 + n), "SORT": str(10 * n), "VALUE": value} for n, value in enumerate(options)]
        row = {"ID": str(100 + len(self.userfields)), "FIELD_NAME": name, "USER_TYPE_ID": kind}
        made = {**COST_FIELD, **row, "ENTITY_ID": ENTITY_IDS[collection]}
        self.userfields.append({**made, "LIST": listed} if listed else made)

    def drop_field(self, collection: str, name: str) -> None:
        """Drop a custom field: lists stop showing it, and filters by it are refused."""
        entity = ENTITY_IDS[collection]
        self.userfields[:] = [row for row in self.userfields if (row["ENTITY_ID"], row["FIELD_NAME"]) != (entity, name)]
