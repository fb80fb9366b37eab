"""Every address that the resolver knows, so that none is forgotten in the table of rights."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from django.urls import get_resolver

# Addresses that are looked up in a map of their own, by where they hang in the site's.
MAPS = {"config.api": "^api/v1/(?:.*/)?$"}


def list_routes() -> list[str]:
    """List the routes of all maps, as they are written in them."""
    found = [route for urlconf in (None, *MAPS) for route in walk(get_resolver(urlconf))]
    return [route for route in found if route not in MAPS.values()]


def walk(resolver: Any, prefix: str = "") -> Iterator[str]:
    for pattern in resolver.url_patterns:
        route = prefix + str(pattern.pattern)
        if hasattr(pattern, "url_patterns"):
            yield from walk(pattern, route)
        else:
            yield route


def build(route: str, values: Mapping[str, object]) -> str:
    """Build an address out of a route without regular expressions."""
    return "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda found: str(values[found[1]]), route)
