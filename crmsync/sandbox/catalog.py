"""The trade catalogue: its lists, and products with their purchase prices, asked for one list at a time."""

from crmsync.sandbox.calls import Answer, Call
from crmsync.sandbox.errors import RestError
from crmsync.sandbox.listing import list_classic
from crmsync.sandbox.params import read_mapping, read_names
from crmsync.sandbox.query import split_operator

INSISTS_ON = ("id", "iblockId")
INCOMPLETE = 200040300010


def list_catalogs(call: Call) -> Answer:
    """Answer catalog.catalog.list."""
    return list_classic(call, "catalogs", wrap=lambda rows: {"catalogs": rows})


def list_products(call: Call) -> Answer:
    """Answer catalog.product.list, which knows no operator for one of several: such an entry narrows nothing."""
    entries = {
        key: value for key, value in read_mapping(call.params, "filter").items() if not key.startswith(("@", "!@"))
    }
    if not any(split_operator(key) == ("=", "iblockId") for key in entries):
        raise RestError(400, INCOMPLETE, "Required filter fields: iblockId")
    if not set(INSISTS_ON) <= set(read_names(call.params, "select")):
        raise RestError(400, INCOMPLETE, f"Required select fields: {', '.join(INSISTS_ON)}")
    return list_classic(call, "products", entries=entries, wrap=lambda rows: {"products": rows})
