"""The admin of the mirror: read-only tables, and the portal's page from which an operator runs the synchronisation."""

from crmsync.admin import (
    activities,
    credit,
    crm,
    deals,
    invites,
    money,
    people,
    pipeline,
    portal,
    proofs,
    state,
    users,
    work,
)

__all__ = [
    "activities",
    "credit",
    "crm",
    "deals",
    "invites",
    "money",
    "people",
    "pipeline",
    "portal",
    "proofs",
    "state",
    "users",
    "work",
]
