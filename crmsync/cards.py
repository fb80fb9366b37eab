"""Addresses of records' own pages in Bitrix24."""

from typing import Any

from crmsync.models import Company, Contact, Deal, Lead, Portal

SECTIONS = {1: "lead", 2: "deal", 3: "contact", 4: "company"}
MODEL_TYPES = {Lead: 1, Deal: 2, Contact: 3, Company: 4}


def build_card_url(portal: Portal, *, entity_type: int, external_id: int) -> str:
    """Build the address of a CRM record's card; types beyond the four classic ones are smart processes."""
    section = SECTIONS.get(entity_type, f"type/{entity_type}")
    return f"{portal.origin}/crm/{section}/details/{external_id}/"


def find_card_url(row: Any) -> str | None:
    """Find the address of a mirrored row's card; None for tables without cards."""
    entity_type = MODEL_TYPES.get(type(row))
    if entity_type is None:
        return None
    return build_card_url(row.portal, entity_type=entity_type, external_id=row.external_id)
