"""Tables of the mirror."""

from crmsync.models.crm import Activity, Company, Contact, Deal, DealProduct, Lead, OwnedRow, SemanticsSource
from crmsync.models.money import Currency, CurrencyRate
from crmsync.models.people import Department, Employee
from crmsync.models.pipeline import Entity, Pipeline, Semantics, Source, Stage, StageChange
from crmsync.models.portal import MirroredRow, Portal
from crmsync.models.state import Quarantine, RateLimit, StreamState, SyncRun, TouchedDay

__all__ = [
    "Activity",
    "Company",
    "Contact",
    "Currency",
    "CurrencyRate",
    "Deal",
    "DealProduct",
    "Department",
    "Employee",
    "Entity",
    "Lead",
    "MirroredRow",
    "OwnedRow",
    "Pipeline",
    "Portal",
    "Quarantine",
    "RateLimit",
    "Semantics",
    "SemanticsSource",
    "Source",
    "Stage",
    "StageChange",
    "StreamState",
    "SyncRun",
    "TouchedDay",
]
