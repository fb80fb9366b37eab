"""A portal with facts in three months."""

from datetime import date, timedelta

import pytest

from crmsync.models import Portal
from tests.conftest import Cast
from tests.kpis.mirror import add_lead, send_email, win_deal

MONTHS = [date(2026, month, 1) for month in (1, 2, 3)]


@pytest.fixture
def quarter(portal: Portal, cast: Cast) -> Portal:
    """Three months with facts, an edge day in each."""
    for month in MONTHS:
        send_email(portal, month, cast.bob)
        win_deal(portal, month + timedelta(days=27), cast.carol, "0.1", created_on=MONTHS[0])
        add_lead(portal, month, None)
    return portal
