"""Tables of the mirror."""

from crmsync.models.access import Account, Invite, Oversight, Role
from crmsync.models.crm import Activity, Company, Contact, Deal, DealProduct, Lead, OwnedRow, SemanticsSource
from crmsync.models.money import Currency, CurrencyRate
from crmsync.models.people import Department, Employee
from crmsync.models.pipeline import Entity, Pipeline, Semantics, Source, Stage, StageChange
from crmsync.models.portal import MirroredRow, MirrorQuerySet, Portal
from crmsync.models.products import Product
from crmsync.models.proof import Difference, Proof
from crmsync.models.slot import Heartbeat, Slot
from crmsync.models.state import Quarantine, RateLimit, StreamState, SyncRun
from crmsync.models.tokens import ApiToken
from crmsync.models.touches import TouchedDay, TouchedRecord
from crmsync.models.trail import CreditChange, Tombstone

__all__ = [
    "Account",
    "Activity",
    "ApiToken",
    "Company",
    "Contact",
    "CreditChange",
    "Currency",
    "CurrencyRate",
    "Deal",
    "DealProduct",
    "Department",
    "Difference",
    "Employee",
    "Entity",
    "Heartbeat",
    "Invite",
    "Lead",
    "MirrorQuerySet",
    "MirroredRow",
    "Oversight",
    "OwnedRow",
    "Pipeline",
    "Portal",
    "Product",
    "Proof",
    "Quarantine",
    "RateLimit",
    "Role",
    "Semantics",
    "SemanticsSource",
    "Slot",
    "Source",
    "Stage",
    "StageChange",
    "StreamState",
    "SyncRun",
    "Tombstone",
    "TouchedDay",
    "TouchedRecord",
]
