"""What every page's frame asks about who is looking."""

from functools import partial
from typing import Any

from django.http import HttpRequest

from config.rights import may_enter_admin


def describe_access(request: HttpRequest) -> dict[str, Any]:
    """Tell templates whether to offer the admin; asked of the database only where a page asks."""
    user = getattr(request, "user", None)
    return {"enters_admin": partial(may_enter_admin, user) if user is not None else False}
