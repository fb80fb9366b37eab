"""A product that makes a mistake is found out: each is planted once, and a KPI must differ from the oracle."""

from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from django.core.management import call_command

from tests.canary import CANARY
from tests.realdata.book import Book
from tests.realdata.comparison import list_differences
from tests.realdata.mistakes import MISTAKES, Mistake
from tests.realdata.oracle import KPIS, read_book
from tests.realdata.product import NAME, ask_kpis, mirror_source, run
from tests.realdata.scenario import CHOSEN

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def book(
    sample: Path, tmp_path_factory: pytest.TempPathFactory, django_db_setup: None, django_db_blocker: Any
) -> Iterator[Book]:
    """The oracle's book; the mirror of the same tables stands in the database, and each test undoes what it did."""
    folder = tmp_path_factory.mktemp("folder")
    with django_db_blocker.unblock():
        mirror_source(sample, folder, code=CANARY, scenario=CHOSEN)
    yield read_book(sample, folder, CHOSEN)
    with django_db_blocker.unblock():
        call_command("flush", interactive=False, verbosity=0)


MISSING = object()


@pytest.fixture
def plant() -> Iterator[Callable[[Mistake], None]]:
    """Plant by force, as declarations are frozen."""
    planted = []

    def plant_mistake(mistake: Mistake) -> None:
        planted.append((mistake, getattr(mistake.owner, mistake.name, MISSING)))
        put(mistake.owner, mistake.name, mistake.wrong)

    yield plant_mistake
    for mistake, right in planted:
        put(mistake.owner, mistake.name, right)


def put(owner: Any, name: str, value: Any) -> None:
    if value is MISSING:
        delattr(owner, name)
    elif isinstance(owner, type | ModuleType):
        setattr(owner, name, value)
    else:
        object.__setattr__(owner, name, value)


def list_betrayed(book: Book) -> set[str]:
    run("refill", "--rebuild", "--portal", NAME)
    found = list_differences(ask_kpis(year="2017", every="quarter"), book, year="2017", every="quarter")
    return {kpi for kpi in KPIS if any(f"'{kpi}'" in text for text in found)}


@pytest.mark.parametrize("name", MISTAKES)
def test_mistake_is_found_out(book: Book, plant: Callable[[Mistake], None], name: str) -> None:
    plant(MISTAKES[name])
    assert list_betrayed(book) >= set(MISTAKES[name].kpis)


def test_nothing_is_found_without_a_mistake(book: Book) -> None:
    assert list_betrayed(book) == set()


def test_every_kpi_has_its_mistake() -> None:
    assert {kpi for mistake in MISTAKES.values() for kpi in mistake.kpis} == set(KPIS)
