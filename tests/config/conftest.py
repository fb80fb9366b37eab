"""Facts of a month for the pages' tests."""

from datetime import date
from decimal import Decimal

import pytest

from crmsync.models import Portal
from kpis.models import MonthlyFact
from tests.conftest import Cast


@pytest.fixture
def march(portal: Portal, cast: Cast) -> Portal:
    """Alice wins 2 deals of 20 leads, Bob none of 10; nobody answers for 5 leads more."""
    shared = {"portal": portal, "month": date(2026, 3, 1)}
    alice = {"deals_won": 2, "revenue": Decimal("1284000.50"), "cycle_seconds": 3 * 86_400, "cycle_deals": 2}
    MonthlyFact.objects.create(employee=cast.alice, leads_received=20, emails_sent=1500, **alice, **shared)
    MonthlyFact.objects.create(employee=cast.bob, leads_received=10, **shared)
    MonthlyFact.objects.create(employee=None, leads_received=5, **shared)
    return portal
