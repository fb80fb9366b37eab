"""Who buys: accounts and sellers as companies, some customers as contacts, one account in forty as our own (R9)."""

from typing import Any

from tests.realdata.people import ADMINISTRATOR
from tests.realdata.stamps import write_nothing
from tests.realdata.tables import Row

Record = dict[str, Any]
FIRST_CONTACT = 5_000


def list_accounts(accounts: list[Row]) -> list[Record]:
    """List the accounts as companies, numbered by line."""
    return [
        {"id": i, "title": row["account"], "revenue": float(row["revenue"]), "assignedById": ADMINISTRATOR}
        | {"createdTime": "2016-10-01T10:00:00+03:00", "isMyCompany": "Y" if i % 40 == 7 else "N"}
        for i, row in enumerate(accounts, start=1)
    ]


def link_customer(number: int, company: int | None) -> Record:
    """Link an opportunity: to its account, in one of nineteen to a contact alone, in another one to both."""
    has_contact = number % 19 in (3, 4) and company
    if number % 19 == 3:
        company = None
    contact = FIRST_CONTACT + number // 100 if has_contact else write_nothing(number + 1)
    return {"companyId": company or write_nothing(number), "contactId": contact}


def link_lead(number: int, row: Row, leads: int) -> Record:
    """Link an opportunity that was not won to some lead now and then: that wins the lead nothing."""
    linked = number % 29 == 11 and row["deal_stage"] != "Won"
    return {"leadId": number % leads + 1 if linked else write_nothing(number + 2)}


def list_contacts(pipeline: list[Row]) -> list[Record]:
    """List the contacts, one a hundred opportunities."""
    return [
        {"id": key, "name": "Contact", "lastName": str(key), "assignedById": ADMINISTRATOR}
        | {"createdTime": "2016-10-01T10:00:00+03:00"}
        for key in range(FIRST_CONTACT, FIRST_CONTACT + len(pipeline) // 100 + 1)
    ]
