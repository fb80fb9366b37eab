"""Readers of whole records, for columns that more than one Bitrix24 field decides; pure."""

from typing import Any

from crmsync.bitrix24.normalize import read_contact_point, read_decimal, read_id, read_ids, read_semantics
from crmsync.windows import Raw

EMAIL_ALIASES = ("emailWork", "email", "emailHome", "emailMailing")
PHONE_ALIASES = ("phoneWork", "phone", "phoneMobile", "phoneMailing", "phoneHome")


def read_email(raw: Raw) -> str:
    """Read the primary e-mail address of a contact or company."""
    return read_contact_point(raw, "EMAIL", EMAIL_ALIASES)


def read_phone(raw: Raw) -> str:
    """Read the primary phone of a contact or company."""
    return read_contact_point(raw, "PHONE", PHONE_ALIASES)[:100]


def read_contact_of(raw: Raw) -> int | None:
    """Read the primary contact of a lead or deal, or the first of its contacts."""
    return read_id(raw.get("contactId")) or next(iter(read_ids(raw.get("contactIds"))), None)


def read_stage_pipeline(raw: Raw) -> int:
    """Read the pipeline from DEAL_STAGE_7; the default one and lead statuses are 0."""
    return int(str(raw["ENTITY_ID"]).removeprefix("DEAL_STAGE").lstrip("_") or 0) if is_deal_stage(raw) else 0


def read_stage_semantics(raw: Raw) -> str:
    """Read a stage's meaning from SEMANTICS, else from EXTRA; running stages have neither."""
    extra = raw.get("EXTRA")
    found = read_semantics(raw.get("SEMANTICS"))
    return found or read_semantics(extra.get("SEMANTICS") if isinstance(extra, dict) else None) or "P"


def is_deal_stage(raw: Raw) -> bool:
    """Tell whether a dictionary entry is a deal stage."""
    rest = str(raw.get("ENTITY_ID", "")).removeprefix("DEAL_STAGE")
    return rest == "" or (rest != raw.get("ENTITY_ID") and rest.lstrip("_").isdigit())


def is_stage(raw: Raw) -> bool:
    """Tell whether a dictionary entry is a stage of deals or a status of leads."""
    return raw.get("ENTITY_ID") == "STATUS" or is_deal_stage(raw)


def is_source(raw: Raw) -> bool:
    """Tell whether a dictionary entry is a source."""
    return raw.get("ENTITY_ID") == "SOURCE"


def read_rate(raw: Raw) -> Any:
    """Read the price of one unit in base currency: AMOUNT for AMOUNT_CNT units."""
    amount, units = read_decimal(raw.get("AMOUNT")), read_decimal(raw.get("AMOUNT_CNT"))
    return amount / (units or 1) if amount else None
