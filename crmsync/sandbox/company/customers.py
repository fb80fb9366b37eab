"""Companies and contacts: new ones are found with a first deal, and some of them come back."""

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from crmsync.sandbox.choices import Choices, Constant, Serial, by_number
from crmsync.sandbox.columns import Array, Column, Instants, Numbers
from crmsync.sandbox.company import names
from crmsync.sandbox.company.chances import edit_later
from crmsync.sandbox.company.staff import Staff
from crmsync.sandbox.schema import COMPANIES, CONTACTS
from crmsync.sandbox.table import Table

OWN_COMPANY = 1
NO_CUSTOMER_SHARE = 0.04
INDUSTRIES = ("IT", "MANUFACTURING", "RETAIL", None)


@dataclass
class Customers:
    """Contacts and companies in the order they were found; company 1 is the portal's own.

    Units: moments in epoch seconds. Empty: company 0 of a private person.
    """

    contact_at: Array
    contact_edited: Array
    contact_company: Array
    contact_manager: Array
    contact_lead: Array
    company_at: Array
    company_edited: Array
    company_manager: Array


@dataclass
class Links:
    """The customer of every deal; 0 is none."""

    contact: Array
    company: Array
    returning: Array


def find_customers(
    chance: Generator, *, at: Array, manager: Array, lead: Array, start: int, now: int
) -> tuple[Customers, Links]:
    """Let a third of the deals bring a new contact, a fifth a new company; the rest go to known customers.

    Shape: `at`, `manager` and `lead` by deal, in the order of time; `lead` is 0 for deals without one.
    """
    count = len(at)
    founding = choose_founding(chance, lead, wanted=max(1, count // 3))
    with_company = np.zeros(count, dtype=bool)
    founders = np.flatnonzero(founding)
    companies = min(len(founders), max(0, count // 5 - OWN_COMPANY))
    with_company[chance.choice(founders, companies, replace=False)] = True
    company_number = OWN_COMPANY + np.cumsum(with_company[founders])
    contact_company = np.where(with_company[founders], company_number, 0).astype(np.uint32)
    company_at = np.concatenate(([start], at[with_company]))
    customers = Customers(
        contact_at=at[founders].astype(np.uint32),
        contact_edited=edit_later(chance, at[founders].astype(np.int64), now=now).astype(np.uint32),
        contact_company=contact_company,
        contact_manager=manager[founders],
        contact_lead=lead[founders],
        company_at=company_at.astype(np.uint32),
        company_edited=edit_later(chance, company_at.astype(np.int64), now=now).astype(np.uint32),
        company_manager=np.concatenate((manager[:1], manager[with_company])),
    )
    return customers, link_deals(chance, founding, contact_company)


def choose_founding(chance: Generator, lead: Array, *, wanted: int) -> Array:
    """Choose the deals that bring a new customer: those with a lead, the earliest ones surely."""
    candidates = np.flatnonzero(lead)
    if not len(candidates):
        candidates = np.arange(len(lead))
    certain = max(1, len(candidates) // 50)
    rest = candidates[certain:]
    drawn = chance.choice(rest, min(len(rest), max(0, wanted - certain)), replace=False)
    founding = np.zeros(len(lead), dtype=bool)
    founding[candidates[:certain]] = True
    founding[drawn] = True
    return founding


def link_deals(chance: Generator, founding: Array, contact_company: Array) -> Links:
    """Link every deal to its new contact or to one known by then, the older ones more often."""
    known = np.cumsum(founding)
    earlier = np.floor((known - founding) * chance.random(len(known)) ** 1.4).astype(np.int64)
    contact = np.where(founding, known, np.where(known > 0, earlier + 1, 0))
    contact[~founding & (chance.random(len(known)) < NO_CUSTOMER_SHARE)] = 0
    company = np.where(contact > 0, contact_company[np.maximum(contact, 1) - 1], 0)
    returning = ~founding & (contact > 0)
    return Links(contact.astype(np.uint32), company.astype(np.uint32), returning)


def common_columns(created: Array, edited: Array, manager: Array, staff: Staff, *, offset: int) -> dict[str, Column]:
    """Return what contacts and companies have in common."""
    length = len(created)
    people = Choices(manager, staff.ids.tolist())
    return {
        "id": Serial(length=length),
        "createdTime": Instants(created, offset=offset, ascending=True),
        "updatedTime": Instants(edited, offset=offset),
        "lastActivityTime": Instants(edited, offset=offset),
        **dict.fromkeys(("assignedById", "createdBy", "updatedBy", "lastActivityBy"), people),
        **{name: Constant("Y", length=length) for name in ("hasEmail", "hasPhone", "opened")},
        "phone": by_number(names.phone, length=length),
        "phoneWork": by_number(names.phone, length=length),
        "comments": by_number(names.comment, length=length),
    }


def tabulate_contacts(customers: Customers, staff: Staff, *, offset: int) -> Table:
    """Show contacts as crm.item.list prints them."""
    created, length = customers.contact_at, len(customers.contact_at)
    company = Numbers(customers.contact_company, empty=0, shown=0)
    columns: dict[str, Column] = {
        **common_columns(created, customers.contact_edited, customers.contact_manager, staff, offset=offset),
        "name": by_number(names.first_name, length=length),
        "lastName": by_number(names.last_name, length=length),
        "secondName": by_number(names.second_name, length=length),
        "post": by_number(lambda number: names.pick(names.POSTS, number), length=length),
        "email": by_number(names.person_email, length=length),
        "emailWork": by_number(names.person_email, length=length),
        "fm": by_number(names.person_fields, length=length),
        "companyId": company,
        "leadId": Numbers(customers.contact_lead, empty=0),
        "typeId": Constant("CLIENT", length=length),
        "entityTypeId": Constant(CONTACTS.entity_type, length=length),
    }
    return Table(CONTACTS, columns, length=length)


def tabulate_companies(customers: Customers, staff: Staff, *, offset: int) -> Table:
    """Show companies as crm.item.list prints them, the portal's own first."""
    created, length = customers.company_at, len(customers.company_at)
    own = np.zeros(length, dtype=np.uint8)
    own[0] = 1
    columns: dict[str, Column] = {
        **common_columns(created, customers.company_edited, customers.company_manager, staff, offset=offset),
        "title": by_number(names.company_name, length=length),
        "email": by_number(names.company_email, length=length),
        "emailWork": by_number(names.company_email, length=length),
        "fm": by_number(names.company_fields, length=length),
        "industry": by_number(lambda number: names.pick(INDUSTRIES, number), length=length),
        "isMyCompany": Choices(own, ["N", "Y"]),
        "typeId": Constant("CUSTOMER", length=length),
        "currencyId": Constant("RUB", length=length),
        "entityTypeId": Constant(COMPANIES.entity_type, length=length),
    }
    return Table(COMPANIES, columns, length=length)
