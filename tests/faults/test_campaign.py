"""The short form of `make faults`: a few kills among all kinds of faults; and the guard whose absence is noticed."""

from typing import Any

import pytest

from crmsync.connect import connect_portal
from crmsync.models import Portal
from crmsync.sandbox.company import make_company
from crmsync.sandbox.server import SandboxServer
from tests.faults.campaign import Campaign

pytestmark = pytest.mark.django_db(transaction=True)


def run_campaign(server: SandboxServer, *, kills: int, longest: float, **options: Any) -> Campaign:
    """Kill some processes against a small portal."""
    portal = connect_portal(server.url, name="Ромашка").portal
    Portal.objects.update(bucket_leak=0)
    campaign = Campaign(server, Portal.objects.get(pk=portal.pk), seed=5, **options)
    campaign.strike(kills=kills, longest=longest, report=lambda _line: None)
    return campaign


@pytest.fixture
def server(canary: str):
    store = make_company(deals=150, seed=5)
    with SandboxServer(store, code=canary, bucket_capacity=0, operating_limit=0) as server:
        yield server


def test_kills_and_faults_cost_nothing(server):
    campaign = run_campaign(server, kills=12, longest=0.4)
    assert {question: found for question, found in campaign.judge().items() if found} == {}
    assert campaign.kills == 12


def test_campaign_notices_a_cursor_that_runs_ahead(server):
    # Sweeps would find what was lost, so this campaign has none.
    campaign = run_campaign(server, kills=2, longest=30, guard_off="cursor", weights={"sync": 1})
    assert campaign.judge()["lost after a sync"]
