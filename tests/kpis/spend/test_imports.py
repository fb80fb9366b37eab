"""Imports of costs: what a file would change, that nothing is written before, and that all of it is written at once."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db.utils import IntegrityError
from django.utils import translation

from crmsync.models import CurrencyRate, Portal, Source, TouchedDay
from kpis.facts import refill
from kpis.models import DailyFact, MarketingSpend
from kpis.spend import imports as spend_imports
from kpis.spend.costs import Choices
from kpis.spend.imports import Preview, SpendImportError, apply_import, preview_import

FIRST, SECOND = date(2026, 10, 5), date(2026, 10, 6)
HEADINGS = "Дата;Источник;Кампания;Вид;Сумма;Валюта;Примечание"


@pytest.fixture(autouse=True)
def english() -> Any:
    with translation.override("en"):
        yield


@pytest.fixture
def shop(portal: Portal) -> Portal:
    Source.objects.create(portal=portal, external_id="WEB", name="Веб-сайт")
    Source.objects.create(portal=portal, external_id="ADV", name="Реклама")
    return portal


def write(*lines: str, headings: str = HEADINGS) -> bytes:
    return "\n".join((headings, *lines)).encode()


def add(portal: Portal, amount: str, **fields: Any) -> MarketingSpend:
    known = {"day": FIRST, "source_external_id": "WEB", "campaign": "осень", "currency": "RUB"}
    return MarketingSpend.objects.create(portal=portal, amount=Decimal(amount), **(known | fields))


def read_rows(portal: Portal) -> list[tuple[Any, ...]]:
    columns = ("day", "source_external_id", "campaign", "kind", "amount", "currency", "amount_base")
    return list(MarketingSpend.objects.filter(portal=portal).order_by("day", "campaign").values_list(*columns))


def list_touched() -> list[tuple[int | None, date | None]]:
    return list(TouchedDay.objects.order_by("day").values_list("employee_id", "day"))


def list_refused(preview: Preview) -> list[tuple[tuple[int, ...], str]]:
    return [(refusal.lines, refusal.text) for refusal in preview.refused]


def test_file_is_written_in_base_currency_and_reaches_the_facts(shop: Portal) -> None:
    CurrencyRate.objects.create(portal=shop, currency="USD", rated_on=date(2026, 10, 1), rate=Decimal(90))
    apply_import(shop, write("2026-10-05;WEB;осень;маркетинг;1 000,50;RUB;", "06.10.2026;Реклама;;Продажи;10;USD;"))
    assert read_rows(shop) == [
        (FIRST, "WEB", "осень", "marketing", Decimal("1000.5"), "RUB", Decimal("1000.5")),
        (SECOND, "ADV", "", "sales", Decimal(10), "USD", Decimal(900)),
    ]
    assert list_touched() == [(None, FIRST), (None, SECOND)]
    refill(shop)
    assert list(DailyFact.objects.order_by("day").values_list("employee", "day", "spend")) == [
        (None, FIRST, Decimal("1000.5")),
        (None, SECOND, Decimal(900)),
    ]


def test_preview_tells_new_changed_and_equal_and_writes_nothing(shop: Portal) -> None:
    add(shop, "100")
    add(shop, "7", day=SECOND)
    lines = ("2026-10-05;WEB;осень;;150;;", "2026-10-06;WEB;осень;;7;;", "2026-10-06;WEB;зима;;3;;")
    preview = preview_import(shop, write(*lines))
    assert [(row.lines, row.old_amount, row.spend.amount) for row in preview.changed] == [((2,), 100, 150)]
    assert [(row.lines, row.spend.campaign) for row in preview.new] == [((4,), "зима")]
    assert (preview.equal, preview.totals, preview.can_apply) == (1, {"RUB": Decimal(160)}, True)
    assert [row[4] for row in read_rows(shop)] == [Decimal(100), Decimal(7)]
    assert list_touched() == []


def test_second_import_of_a_file_changes_nothing(shop: Portal) -> None:
    content = write("2026-10-05;WEB;осень;;1,23456;;заметка")
    apply_import(shop, content)
    TouchedDay.objects.all().delete()
    preview = apply_import(shop, content)
    assert (preview.equal, preview.new, preview.changed, list_touched()) == (1, [], [], [])


def test_only_changed_days_are_touched(shop: Portal) -> None:
    add(shop, "100")
    apply_import(shop, write("2026-10-05;WEB;осень;;100;;", "2026-10-06;WEB;осень;;5;;"))
    assert list_touched() == [(None, SECOND)]


def test_file_without_notes_keeps_them(shop: Portal) -> None:
    add(shop, "100", note="по договору")
    headings = "Дата;Источник;Кампания;Сумма"
    assert preview_import(shop, write("2026-10-05;WEB;осень;100", headings=headings)).equal == 1
    apply_import(shop, write("2026-10-05;WEB;осень;101", headings=headings))
    assert MarketingSpend.objects.get().note == "по договору"


def test_same_key_twice_is_refused_with_both_lines(shop: Portal) -> None:
    preview = preview_import(shop, write("2026-10-05;WEB;;;1;;", "2026-10-06;WEB;;;2;;", "2026-10-05;Веб-сайт;;;3;;"))
    text = "These lines have the same day, source, campaign and kind: leave one of them, or add them up."
    assert list_refused(preview) == [((2, 4), text)]


def test_ads_of_one_campaign_are_added_up(shop: Portal) -> None:
    lines = ("2026-10-05;осень;1;10,10", "2026-10-05;осень;2;20,20", "2026-10-05;зима;3;5")
    content = write(*lines, headings="Дата;Кампания;№ объявления;Расход, ₽")
    preview = preview_import(shop, content, choices=Choices(source="ADV"))
    assert preview.format.key == "yandex_direct"
    assert [(row.lines, row.spend.amount) for row in preview.new] == [((4,), 5), ((2, 3), Decimal("30.3"))]
    assert any("added up" in notice for notice in preview.notices)


def test_sum_with_an_unreadable_line_is_not_written(shop: Portal) -> None:
    lines = ("2026-10-05;осень;10,10", "2026-10-05;осень;много")
    content = write(*lines, headings="Дата;Кампания;Расход, ₽")
    assert not preview_import(shop, content).can_apply
    with pytest.raises(SpendImportError, match="Correct the refused lines"):
        apply_import(shop, content)
    assert (read_rows(shop), list_touched()) == ([], [])


def test_amounts_of_one_key_in_two_currencies_are_refused(shop: Portal) -> None:
    lines = ("2026-10-05;осень;10;RUB", "2026-10-05;осень;1;USD")
    preview = preview_import(shop, write(*lines, headings="Дата;Кампания;Расход;Валюта"))
    assert [refusal.lines for refusal in preview.refused] == [(2, 3)]


@pytest.mark.parametrize(("named", "code"), [("web", "WEB"), ("Реклама", "ADV"), ("РЕКЛАМА", "ADV"), ("", "")])
def test_source_is_known_by_code_or_name(shop: Portal, named: str, code: str) -> None:
    preview = preview_import(shop, write(f"2026-10-05;{named};;;1;;"))
    assert [row.spend.source_external_id for row in preview.new] == [code]


def test_unknown_source_is_refused_with_the_known_ones(shop: Portal) -> None:
    preview = preview_import(shop, write("2026-10-05;Радио;;;1;;"))
    text = "There is no source “Радио”: use one of Веб-сайт (WEB), Реклама (ADV)."
    assert list_refused(preview) == [((2,), text)]


def test_name_of_two_sources_is_refused(shop: Portal) -> None:
    Source.objects.create(portal=shop, external_id="WEB2", name="веб-сайт")
    preview = preview_import(shop, write("2026-10-05;Веб-сайт;;;1;;", "2026-10-05;WEB2;;;1;;"))
    assert [(row.lines, "WEB, WEB2" in row.text) for row in preview.refused] == [((2,), True)]


def test_source_of_another_portal_is_unknown(shop: Portal) -> None:
    other = Portal.objects.create(name="Лютик", origin="https://other.example")
    preview = preview_import(other, write("2026-10-05;WEB;;;1;;"))
    assert "the portal has none yet" in preview.refused[0].text


def test_choices_hold_for_lines_that_do_not_say_it(shop: Portal) -> None:
    choices = Choices(source="ADV", kind="sales", currency="USD")
    lines = ("2026-10-05;;;;1;;", "2026-10-06;WEB;;marketing;1;RUB;")
    rows = [row.spend for row in preview_import(shop, write(*lines), choices=choices).new]
    assert [(row.source_external_id, row.kind, row.currency) for row in rows] == [
        ("ADV", "sales", "USD"),
        ("WEB", "marketing", "RUB"),
    ]


def test_cost_without_a_known_rate_stays_out_of_sums_and_is_told(shop: Portal) -> None:
    content = write("2026-10-05;WEB;;;10;USD;")
    assert "No rate of USD is known: these costs stay out of all sums" in " ".join(
        preview_import(shop, content).notices
    )
    apply_import(shop, content)
    refill(shop)
    assert MarketingSpend.objects.get().amount_base is None
    assert not DailyFact.objects.exists()


def test_negative_cost_is_refused_but_a_correction_is_added_up(shop: Portal) -> None:
    assert preview_import(shop, write("2026-10-05;WEB;;;-1;;")).refused
    content = write("2026-10-05;осень;10", "2026-10-05;осень;-4", headings="Дата;Кампания;Расход")
    assert [row.spend.amount for row in preview_import(shop, content).new] == [6]


def test_change_that_was_not_shown_is_not_written(shop: Portal) -> None:
    content = write("2026-10-05;WEB;осень;;150;;")
    shown = preview_import(shop, content).fingerprint
    add(shop, "100")
    with pytest.raises(SpendImportError, match="have changed meanwhile"):
        apply_import(shop, content, fingerprint=shown)
    assert [row[4] for row in read_rows(shop)] == [100]
    # The control: without the fingerprint the other one's cost is overwritten.
    apply_import(shop, content)
    assert [row[4] for row in read_rows(shop)] == [150]


@pytest.mark.parametrize("edit", [{"amount": Decimal(101)}, {"currency": "USD"}, {"note": "новое"}])
def test_every_shown_value_is_part_of_the_fingerprint(shop: Portal, edit: dict[str, Any]) -> None:
    content = write("2026-10-05;WEB;осень;;150;;")
    add(shop, "100")
    shown = preview_import(shop, content).fingerprint
    assert preview_import(shop, content).fingerprint == shown
    MarketingSpend.objects.update(**edit)
    assert preview_import(shop, content).fingerprint != shown


def test_cost_written_between_look_and_write_wins(shop: Portal, monkeypatch: pytest.MonkeyPatch) -> None:
    content = write("2026-10-05;WEB;осень;;150;;", "2026-10-06;WEB;осень;;1;;")
    monkeypatch.setattr(spend_imports, "read_stored", lambda *_, **__: {})
    add(shop, "100")
    with pytest.raises(SpendImportError, match="have changed meanwhile") as refusal:
        apply_import(shop, content)
    assert isinstance(refusal.value.__cause__, IntegrityError)
    assert [row[4] for row in read_rows(shop)] == [100]
    assert list_touched() == []


def test_another_portals_costs_are_left_alone(shop: Portal) -> None:
    other = Portal.objects.create(name="Лютик", origin="https://other.example")
    Source.objects.create(portal=other, external_id="WEB", name="Сайт")
    add(other, "100")
    apply_import(shop, write("2026-10-05;WEB;осень;;150;;"))
    assert [row[4] for row in read_rows(other)] == [100]
    assert {row.portal_id for row in TouchedDay.objects.all()} == {shop.pk}
