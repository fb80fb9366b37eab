"""Closed deals are settled again when rates or stages tell more, and the days that change are touched."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from crmsync import deals
from crmsync.deals import resettle_by_history, restage, revalue
from crmsync.models import CurrencyRate, Deal, Lead, Portal, Stage
from crmsync.rates import load_rates
from crmsync.rows import Surroundings
from crmsync.stages import Stages
from tests.crmsync.unit.raws import land_raws, make_raw

Touched = Callable[[], set[tuple[int | None, str | None]]]
Rate = Callable[..., CurrencyRate]
CLOSED = {"stageSemanticId": "S", "movedTime": "2026-03-09T12:00:00+03:00", "assignedById": 2}
CELLS = {(2, "2026-03-01"), (2, "2026-03-09")}


def land_deals(around: Surroundings, *fields: dict[str, Any]) -> None:
    raws = [make_raw("deals", id=number, **one) for number, one in enumerate(fields, start=1)]
    land_raws(around, "deals", raws)


def read_values() -> list[Any]:
    return list(Deal.objects.order_by("external_id").values_list("amount_base", flat=True))


def learn_stage(around: Surroundings, code: str, semantics: str, *, entity: int = 2, pipeline: int = 0) -> None:
    Stage.objects.create(
        portal=around.portal, entity=entity, pipeline_external_id=pipeline, external_id=code, semantics=semantics
    )
    around.stages = Stages(around.portal)


def test_first_rate_values_what_was_unknown(around: Surroundings, rate: Rate, touched: Touched) -> None:
    land_deals(around, {"opportunity": 100, "currencyId": "USD", **CLOSED})
    touched()
    rate("2026-03-01", "90")
    around.rates = load_rates(around.portal)
    assert (read_values(), revalue(around, {"USD"}), read_values()) == ([None], 1, [Decimal(9000)])
    assert touched() == CELLS


def test_rate_values_only_its_currency_and_only_closed_deals(
    around: Surroundings, rate: Rate, touched: Touched
) -> None:
    usd = {"opportunity": 100, "currencyId": "USD"}
    land_deals(around, {**usd, **CLOSED}, {**usd, **CLOSED, "currencyId": "EUR"}, {**usd, "stageSemanticId": "P"})
    touched()
    rate("2026-03-01", "90")
    rate("2026-03-01", "100", "EUR")
    around.rates = load_rates(around.portal)
    assert revalue(around, {"USD"}) == 1
    assert read_values() == [Decimal(9000), None, None]


def test_rate_of_a_later_day_changes_nothing(around: Surroundings, rate: Rate, touched: Touched) -> None:
    rate("2026-03-01", "90")
    around.rates = load_rates(around.portal)
    land_deals(around, {"opportunity": 100, "currencyId": "USD", **CLOSED})
    touched()
    rate("2026-03-10", "95")
    around.rates = load_rates(around.portal)
    assert (revalue(around, {"USD"}), touched()) == (0, set())


def test_changed_base_currency_values_everything_anew(portal: Portal, around: Surroundings, rate: Rate) -> None:
    land_deals(around, {"opportunity": 100, "currencyId": "RUB", **CLOSED}, {"opportunity": 5, **CLOSED})
    rate("2026-03-01", "5", "RUB")
    portal.base_currency = "KZT"
    around.rates = load_rates(portal)
    assert revalue(around, None) == 1
    assert read_values() == [Decimal(500), Decimal(5)]


def test_revaluing_moves_no_credit(around: Surroundings, rate: Rate) -> None:
    land_deals(around, {"opportunity": 100, "currencyId": "USD", **CLOSED})
    land_deals(around, {"opportunity": 100, "currencyId": "USD", **CLOSED, "assignedById": 3})
    rate("2026-03-01", "90")
    around.rates = load_rates(around.portal)
    revalue(around, None)
    assert Deal.objects.values_list("credited_to__external_id", "amount_base").get() == (2, 9000)


def test_dictionary_that_learns_a_meaning_closes_deals(around: Surroundings, touched: Touched) -> None:
    land_deals(around, {"stageId": "C7:WON", "categoryId": 7, **CLOSED, "stageSemanticId": None})
    assert Deal.objects.values_list("semantics", "semantics_source", "closed_on").get() == ("P", "unknown", None)
    touched()
    learn_stage(around, "C7:WON", "S", pipeline=7)
    assert restage(around) == 1
    deal = Deal.objects.get()
    assert (deal.semantics, deal.semantics_source, str(deal.closed_on)) == ("S", "dictionary", "2026-03-09")
    assert touched() == CELLS
    assert (restage(around), touched()) == (0, set())


def test_dictionary_that_changes_its_mind_reopens_deals(around: Surroundings, touched: Touched) -> None:
    learn_stage(around, "FINAL", "S")
    land_deals(around, {"stageId": "FINAL", **CLOSED, "stageSemanticId": ""})
    touched()
    Stage.objects.update(semantics="P")
    around.stages = Stages(around.portal)
    assert restage(around) == 1
    assert Deal.objects.values_list("semantics", "closed_at", "credited_to").get() == ("P", None, None)
    assert touched() == CELLS


def test_what_the_record_tells_is_left_alone(around: Surroundings) -> None:
    land_deals(around, {"stageId": "WON", **CLOSED})
    learn_stage(around, "WON", "F")
    assert restage(around) == 0


def test_leads_learn_their_meaning_too(around: Surroundings, touched: Touched) -> None:
    land_raws(around, "leads", [make_raw("leads", stageId="CONVERTED", assignedById=2)])
    touched()
    learn_stage(around, "CONVERTED", "S", entity=1)
    assert restage(around) == 1
    assert Lead.objects.values_list("semantics", "semantics_source").get() == ("S", "dictionary")
    assert touched() == {(2, "2026-03-01")}


@pytest.mark.parametrize("count", [2, 3, 4])
def test_many_deals_are_settled_in_chunks(around: Surroundings, monkeypatch: pytest.MonkeyPatch, count: int) -> None:
    land_deals(around, *[{"stageId": "WON", **CLOSED, "stageSemanticId": None}] * count)
    monkeypatch.setattr(deals, "CHUNK", 2)
    learn_stage(around, "WON", "S")
    assert restage(around) == count
    assert Deal.objects.won().count() == count


def test_other_portals_deals_are_left_alone(around: Surroundings) -> None:
    land_deals(around, {"stageId": "WON", **CLOSED})
    other = Portal.objects.create(name="Другой", origin="https://other.example")
    Deal.objects.update(portal=other)
    assert (revalue(around, None), restage(around), resettle_by_history(around, {1})) == (0, 0, 0)
