"""Who is looking at a page, and what of it he may open: rows whose page he may not open are named without a link."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.contrib.auth import get_permission_codename
from django.db.models import Model
from django.http import HttpRequest

from crmsync.access import Sight, find_sight

# Names are written deep inside of columns that know no request: who is looking is told here, as the zone is.
VIEWER: ContextVar[HttpRequest | None] = ContextVar("viewer", default=None)


def read_sight(request: HttpRequest) -> Sight:
    """Find whose rows the user of a request sees, once a request."""
    kept: Any = request
    if not hasattr(kept, "_sight"):
        kept._sight = find_sight(request.user)
    return kept._sight


@contextmanager
def looked_at_by(request: HttpRequest) -> Iterator[None]:
    """Write names as links only where the user of this request may follow them."""
    token = VIEWER.set(request)
    try:
        yield
    finally:
        VIEWER.reset(token)


def may_list(model: type[Model]) -> bool:
    """Say whether who is looking may view a table; where nobody is told, nothing is held back."""
    request = VIEWER.get()
    user: Any = request.user if request else None
    opts = model._meta
    return user is None or user.has_perm(f"{opts.app_label}.{get_permission_codename('view', opts)}")


def may_open(row: Model) -> bool:
    """Say whether who is looking may open a row's page."""
    request = VIEWER.get()
    if not may_list(type(row)) or request is None:
        return request is None
    sight, columns = read_sight(request), getattr(row, "seen_by", ())
    return sight.everything or any(sight.sees(read_employee(row, column)) for column in columns)


def read_employee(row: Model, column: str) -> int | None:
    """Read the key of the employee that a column names, without loading him."""
    return row.pk if column == "pk" else getattr(row, f"{column}_id")
