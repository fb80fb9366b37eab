"""The admin of the mirror: read-only tables, and the portal's page from which an operator runs the synchronisation."""

from crmsync.admin import activities, crm, deals, money, people, pipeline, portal, state

__all__ = ["activities", "crm", "deals", "money", "people", "pipeline", "portal", "state"]
