"""Readers of whole records, for columns that more than one Bitrix24 field decides; pure."""

import re
from decimal import Decimal

from crmsync.bitrix24.normalize import (
    MAX_AMOUNT,
    MalformedError,
    read_contact_point,
    read_decimal,
    read_id,
    read_ids,
    read_semantics,
    shorten,
)
from crmsync.windows import Raw

EMAIL_ALIASES = ("emailWork", "email", "emailHome", "emailMailing")
PHONE_ALIASES = ("phoneWork", "phone", "phoneMobile", "phoneMailing", "phoneHome")
# What Currency.rate holds: smaller would be stored as free of charge.
RATE_STEP = Decimal("1e-10")
DEAL_STAGE = re.compile(r"DEAL_STAGE(?:_([0-9]{1,9}))?")


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
    found = DEAL_STAGE.fullmatch(str(raw.get("ENTITY_ID")))
    return int(found[1] or 0) if found else 0


def read_stage_semantics(raw: Raw) -> str:
    """Read a stage's meaning from SEMANTICS, else from EXTRA; running stages have neither."""
    extra = raw.get("EXTRA")
    found = read_semantics(raw.get("SEMANTICS"))
    return found or read_semantics(extra.get("SEMANTICS") if isinstance(extra, dict) else None) or "P"


def is_deal_stage(raw: Raw) -> bool:
    """Tell whether a dictionary entry is a deal stage."""
    return bool(DEAL_STAGE.fullmatch(str(raw.get("ENTITY_ID"))))


def is_stage(raw: Raw) -> bool:
    """Tell whether a dictionary entry is a stage of deals or a status of leads."""
    return raw.get("ENTITY_ID") == "STATUS" or is_deal_stage(raw)


def is_source(raw: Raw) -> bool:
    """Tell whether a dictionary entry is a source."""
    return raw.get("ENTITY_ID") == "SOURCE"


def read_rate(raw: Raw) -> Decimal | None:
    """Read the price of one unit in base currency: AMOUNT for AMOUNT_CNT units. *Empty* None, also for 0."""
    amount, units = read_decimal(raw.get("AMOUNT"), places=10), read_decimal(raw.get("AMOUNT_CNT"), places=10)
    if not amount:
        return None
    rate = amount / (units or 1)
    if not RATE_STEP <= rate <= MAX_AMOUNT:
        raise MalformedError(f"{shorten(raw.get('AMOUNT'))} for {shorten(raw.get('AMOUNT_CNT'))} is no rate")
    return rate.quantize(RATE_STEP)
