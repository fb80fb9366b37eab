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
from tests.realdata.book import read_book
from tests.realdata.comparison import list_differences
from tests.realdata.convert import build_collections, convert_tables
from tests.realdata.product import SPLITS, YEARS, ask_kpis, mirror_folder

# Without the mark no test database is made, and the fixture below would find an empty one.
pytestmark = pytest.mark.django_db
MOSCOW, SAO_PAULO = "Europe/Moscow", "America/Sao_Paulo"
STREAMS = {
    "people": "users",
    "departments": "departments",
    "companies": "companies",
    "leads": "leads",
    "deals": "deals",
    "product_rows": "productrows",
    "lead_history": "stagehistory_leads",
    "deal_history": "stagehistory_deals",
}


class Product:
    """What the product said of one data set in one zone: how the run went, and its answers."""

    def __init__(self, source: Path, folder: Path, *, zone: str) -> None:
        convert_tables(source, folder)
        self.source, self.zone = source, zone
        self.told = mirror_folder(folder, zone=zone, code=CANARY)
        self.answers = {(year, every): ask_kpis(year=year, every=every) for year in YEARS for every in SPLITS}

    def list_differences(self, year: str, every: str, *, zone: str = "") -> list[str]:
        book = read_book(self.source, zone=ZoneInfo(zone or self.zone))
        return list_differences(self.answers[year, every], book, year=year, every=every)


Ask = Callable[[Path, str], Product]


@pytest.fixture(scope="module")
def ask(tmp_path_factory: pytest.TempPathFactory, django_db_setup: None, django_db_blocker: Any) -> Ask:
    def ask_product(source: Path, zone: str) -> Product:
        with django_db_blocker.unblock():
            try:
                return Product(source, tmp_path_factory.mktemp("folder"), zone=zone)
            finally:
                call_command("flush", interactive=False, verbosity=0)

    return ask_product


@pytest.fixture(scope="module")
def product(source: Path, ask: Ask) -> Product:
    return ask(source, MOSCOW)


@pytest.fixture(scope="module")
def western(sample: Path, ask: Ask) -> Product:
    """The sample where days end six hours later, and whose summer time begins at midnight."""
    return ask(sample, SAO_PAULO)


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
def test_every_number_is_that_of_the_oracle_in_another_zone(western: Product, every: str) -> None:
    assert western.list_differences("2017", every) == []
    assert western.list_differences("2017", every, zone=MOSCOW) != []


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
    mistaken = Product(sample, tmp_path, zone=MOSCOW)
    assert mistaken.list_differences("2017", "month") != []
