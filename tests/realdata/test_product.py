"""The product against the oracle: the tables become a portal, the portal a mirror, the mirror KPIs; each must agree."""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command

from crmsync import outcomes
from crmsync.rates import Rates
from tests.canary import CANARY
from tests.realdata.comparison import list_differences, list_forgotten
from tests.realdata.convert import build_collections
from tests.realdata.oracle import read_book
from tests.realdata.product import SPLITS, YEARS, ask_kpis, mirror_source
from tests.realdata.scenario import CHOSEN, PLAIN, WESTERN, Scenario

# Without the mark no test database is made, and the fixture below would find an empty one.
pytestmark = pytest.mark.django_db
STREAMS = {
    "people": "users",
    "departments": "departments",
    "companies": "companies",
    "leads": "leads",
    "deals": "deals",
    "product_rows": "productrows",
    "lead_history": "stagehistory_leads",
    "deal_history": "stagehistory_deals",
    "contacts": "contacts",
    "activities": "activities",
}


class Product:
    """What the product said of one data set in one scenario: how the run went, and its answers."""

    def __init__(self, source: Path, folder: Path, scenario: Scenario) -> None:
        self.source, self.folder, self.scenario = source, folder, scenario
        self.told = mirror_source(source, folder, code=CANARY, scenario=scenario)
        self.answers = {(year, every): ask_kpis(year=year, every=every) for year in YEARS for every in SPLITS}

    def list_differences(self, year: str, every: str, *, scenario: Scenario | None = None) -> list[str]:
        book = read_book(self.source, self.folder, scenario or self.scenario)
        return list_differences(self.answers[year, every], book, year=year, every=every)


Ask = Callable[[Path, Scenario], Product]


@pytest.fixture(scope="module")
def ask(tmp_path_factory: pytest.TempPathFactory, django_db_setup: None, django_db_blocker: Any) -> Ask:
    """Ask once for each pair; what is kept of it are the answers, not the mirror."""
    asked: dict[tuple[Path, Scenario], Product] = {}

    def ask_product(source: Path, scenario: Scenario) -> Product:
        with django_db_blocker.unblock():
            try:
                return Product(source, tmp_path_factory.mktemp("folder"), scenario)
            finally:
                call_command("flush", interactive=False, verbosity=0)

    def ask_once(source: Path, scenario: Scenario) -> Product:
        if (source, scenario) not in asked:
            asked[source, scenario] = ask_product(source, scenario)
        return asked[source, scenario]

    return ask_once


@pytest.fixture(scope="module", params=["sample", "sliced"])
def product(request: pytest.FixtureRequest, ask: Ask) -> Product:
    return ask(request.getfixturevalue(request.param), PLAIN)


@pytest.fixture(scope="module", params=["sample", "sliced"])
def chosen(request: pytest.FixtureRequest, ask: Ask) -> Product:
    """The same tables with costs, in hours of work, and with other choices of an administrator."""
    return ask(request.getfixturevalue(request.param), CHOSEN)


@pytest.fixture(scope="module")
def western(sample: Path, ask: Ask) -> Product:
    """The sample where days end six hours later, and whose summer time begins at midnight."""
    return ask(sample, WESTERN)


def test_every_record_is_read(product: Product) -> None:
    collections = build_collections(product.source)
    assert (product.told["outcome"], product.told["quarantined"]) == ("complete", 0)
    for stream, collection in STREAMS.items():
        assert product.told["streams"][stream]["read"] == len(collections[collection]) > 0


@pytest.mark.parametrize("every", SPLITS)
@pytest.mark.parametrize("year", YEARS)
def test_every_number_is_that_of_the_oracle(product: Product, year: str, every: str) -> None:
    assert product.list_differences(year, every) == []


@pytest.mark.parametrize("every", SPLITS)
@pytest.mark.parametrize("year", YEARS)
def test_every_number_is_that_of_the_oracle_with_costs_and_choices(chosen: Product, year: str, every: str) -> None:
    assert chosen.list_differences(year, every) == []
    assert chosen.list_differences(year, every, scenario=PLAIN) != []


@pytest.mark.parametrize("every", SPLITS)
def test_every_number_is_that_of_the_oracle_in_another_zone(western: Product, every: str) -> None:
    assert western.list_differences("2017", every) == []
    assert western.list_differences("2017", every, scenario=Scenario(costs=True)) != []


def test_everybody_with_customers_has_a_row(western: Product) -> None:
    book = read_book(western.source, western.folder, western.scenario)
    assert list_forgotten(western.answers["2018", "quarter"], book, year="2018", every="quarter") == set()


def trust_planned_date(deal: dict[str, Any], *, moved_at: Any, zone: ZoneInfo) -> Any:
    if deal["planned_close_on"]:
        return find_moment(deal | {"moved_at": None}, moved_at=None, zone=zone)
    return find_moment(deal, moved_at=moved_at, zone=zone)


def trust_last_move(deal: dict[str, Any], *, moved_at: Any, zone: ZoneInfo) -> Any:
    return find_moment(deal, moved_at=None if deal["moved_at"] else moved_at, zone=zone)


def take_money_as_it_is(_rates: Rates, amount: Decimal | None, *_: Any) -> Decimal | None:
    return amount


find_moment = outcomes.find_moment
MISTAKES: list[tuple[Any, str, Callable]] = [
    (outcomes, "find_moment", trust_planned_date),
    (outcomes, "find_moment", trust_last_move),
    (Rates, "convert", take_money_as_it_is),
]


@pytest.mark.parametrize(("owner", "name", "mistake"), MISTAKES)
def test_product_that_makes_a_mistake_is_found_out(
    sample: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, owner: Any, name: str, mistake: Callable
) -> None:
    monkeypatch.setattr(owner, name, mistake)
    mistaken = Product(sample, tmp_path, PLAIN)
    assert mistaken.list_differences("2017", "month") != []
