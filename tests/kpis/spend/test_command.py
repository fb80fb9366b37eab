"""`manage.py import_spend`: the differences, what is written, and bad input that ends with one sentence and code 2."""

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from crmsync.models import Portal, Source, TouchedDay
from kpis.models import MarketingSpend

FILE = "Дата;Кампания;Сумма\n2026-10-05;[осень];1500,50\n2026-10-06;зима;1\n"


@pytest.fixture
def shop(portal: Portal) -> Portal:
    Source.objects.create(portal=portal, external_id="WEB", name="Веб-сайт")
    return portal


@pytest.fixture
def costs(tmp_path: Path) -> Path:
    path = tmp_path / "costs.csv"
    path.write_text(FILE, encoding="utf-8")
    return path


def run(*arguments: Any) -> str:
    out = StringIO()
    with translation.override("en"):
        call_command("import_spend", *map(str, arguments), stdout=out, stderr=StringIO())
    return out.getvalue()


def test_dry_run_shows_the_differences_and_writes_nothing(shop: Portal, costs: Path) -> None:
    text = run(costs, "--dry-run", "--source", "веб-сайт")
    lines = [[cell.strip() for cell in line.split("│")[1:-1]] for line in text.splitlines() if "│" in line]
    assert ["2", "0", "0", "0", "1,501.50 RUB"] in lines
    assert ["2", "10/05/2026", "Веб-сайт", "[осень]", "marketing", "", "1,500.50 RUB", ""] in lines
    assert "Amounts without a currency are taken as RUB." in text
    assert (MarketingSpend.objects.count(), TouchedDay.objects.count()) == (0, 0)


def test_import_writes_once(shop: Portal, costs: Path) -> None:
    options = (costs, "--source", "WEB", "--kind", "sales", "--currency", "usd")
    assert "Costs imported: new 2, changed 0, equal 0." in run(*options)
    assert set(MarketingSpend.objects.values_list("source_external_id", "kind", "currency")) == {
        ("WEB", "sales", "USD")
    }
    assert "Costs imported: new 0, changed 0, equal 2." in run(*options)


def test_refused_lines_are_shown_and_nothing_is_written(shop: Portal, costs: Path) -> None:
    costs.write_text(FILE + "вчера;x;1\n", encoding="utf-8")
    with pytest.raises(CommandError, match="Correct the refused lines") as refusal:
        run(costs)
    assert refusal.value.returncode == 2
    assert not MarketingSpend.objects.exists()
    assert "“вчера” is no date" in run(costs, "--dry-run")


@pytest.mark.parametrize(
    ("options", "advice"),
    [
        (["--source", "Радио"], "use one of Веб-сайт"),
        (["--currency", "рубль"], "three letters"),
        (["--portal", "Лютик"], "There is no portal"),
        (["--campaign-by", "number"], "no column with the campaign's number"),
    ],
)
def test_bad_option_is_refused(shop: Portal, costs: Path, options: list[str], advice: str) -> None:
    with pytest.raises(CommandError, match=advice) as refusal:
        run(costs, *options)
    assert refusal.value.returncode == 2


def test_missing_file_is_refused(shop: Portal, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="cannot be read: check its name"):
        run(tmp_path / "nothing.csv")
    with pytest.raises(CommandError, match="cannot be read: check its name"):
        run(tmp_path)


def test_large_file_is_refused_unread(shop: Portal, tmp_path: Path) -> None:
    path = tmp_path / "large.csv"
    with path.open("wb") as file:
        file.truncate(10**10)
    with pytest.raises(CommandError, match="larger than 4 MB"):
        run(path)
