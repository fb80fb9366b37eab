"""How often may be asked: each user, and each address whose log-ins are refused.

Counted in the memory of each process: a shared count would write to the database whenever something is read.
"""

from django.core.cache.backends.base import BaseCache
from django.core.cache.backends.locmem import LocMemCache
from rest_framework.throttling import AnonRateThrottle, UserRateThrottle

COUNTS: BaseCache = LocMemCache("api", {})


class UserLimit(UserRateThrottle):
    """Requests of a user, by whatever token or session."""

    cache = COUNTS


class RefusalLimit(AnonRateThrottle):
    """Requests from an address that nobody known has made."""

    cache = COUNTS
