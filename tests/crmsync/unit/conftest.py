"""Fixtures of the mirror's unit tests: what records are read against, and what they have touched."""

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, settings

from crmsync.models import CurrencyRate, Portal, TouchedDay
from crmsync.people import People
from crmsync.rates import load_rates
from crmsync.rows import Surroundings, survey_portal
from tests.conftest import Cast

# How long an example takes on a busy machine says nothing about the code.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")


@pytest.fixture
def around(portal: Portal) -> Surroundings:
    """The portal's surroundings as they are now: no employee, no stage, no rate."""
    return survey_portal(portal, people=People(portal), rates=load_rates(portal))


@pytest.fixture
def staffed(cast: Cast, around: Surroundings) -> Surroundings:
    """Surroundings that know the cast: Alice 1, Bob 2, Carol 3, Dave 4."""
    around.people.reload()
    return around


@pytest.fixture
def rate(portal: Portal) -> Callable[..., CurrencyRate]:
    """Keep a dated rate."""

    def keep(on: str, value: str, currency: str = "USD") -> CurrencyRate:
        return CurrencyRate.objects.create(portal=portal, currency=currency, rated_on=on, rate=value)

    return keep


@pytest.fixture
def touched(portal: Portal) -> Callable[[], set[tuple[int | None, str | None]]]:
    """Take the touched cells as (CRM id of the employee, day); what is taken is gone."""

    def take() -> set[tuple[int | None, str | None]]:
        rows = TouchedDay.objects.filter(portal=portal)
        cells: set[tuple[int | None, str | None]] = {
            (who, str(day) if day else None) for who, day in rows.values_list("employee__external_id", "day")
        }
        rows.delete()
        return cells

    return take
