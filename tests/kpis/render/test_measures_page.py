"""docs/measures.md says what the lists say, and conditions are written in words."""

from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce, Lower
from django.utils import translation

from crmsync.models import Activity, Deal
from kpis.catalog import CATALOG
from kpis.measures import MEASURES
from kpis.render import catalog_pages
from kpis.render.catalog_pages import build_page, build_table
from kpis.render.conditions import write_condition
from surveys.models import Answer, Invitation

PAGE = Path(settings.BASE_DIR) / "docs" / "measures.md"


def print_page() -> str:
    out = StringIO()
    call_command("list_kpis", "--markdown", stdout=out)
    return out.getvalue()


def find_difference(stored: str, fresh: str) -> list[str]:
    return [line for line in fresh.splitlines() if line not in stored.splitlines()]


def test_page_says_what_the_lists_say() -> None:
    stored, fresh = PAGE.read_text(encoding="utf-8"), print_page()
    message = "docs/measures.md is stale: run manage.py list_kpis --markdown > docs/measures.md. {}"
    assert stored == fresh, message.format(find_difference(stored, fresh))


def test_changed_list_is_another_page(monkeypatch: pytest.MonkeyPatch) -> None:
    # The control: what the test above compares does follow the lists.
    fresh = build_page()
    monkeypatch.setattr(catalog_pages, "CATALOG", CATALOG[1:])
    monkeypatch.setattr(catalog_pages, "MEASURES", MEASURES[1:])
    assert len(find_difference(build_page(), fresh)) == 2


def test_every_measure_and_kpi_has_its_line() -> None:
    lines = build_page().splitlines()
    keys = [line.split("`")[1] for line in lines if line.startswith("| `")]
    assert keys == [*(measure.key for measure in MEASURES), *(kpi.key for kpi in CATALOG)]


@pytest.mark.parametrize("language", ["ru", "en"])
def test_page_is_the_same_in_every_language(language: str) -> None:
    with translation.override(language):
        page = build_page()
        assert translation.get_language() == language
    assert "| Количество сделок | Number of deals | `deals_won` | deals | higher |" in page


def test_bar_does_not_break_a_table() -> None:
    assert build_table(("a|b",), [("c",)]) == "| a\\|b |\n| --- |\n| c |\n"


@pytest.mark.parametrize(
    ("condition", "text"),
    [
        (Q(), ""),
        (Q(is_recurring=False), "not template"),
        (Q(is_recurring=True), "template"),
        (Q(lead_external_id__isnull=False), "“lead” known"),
        (Q(lead_external_id__isnull=True), "“lead” not known"),
        (Q(external_id=7) | Q(external_id__gt=9), "ID = 7 or ID > 9"),
        (~Q(external_id__lte=7), "not (ID ≤ 7)"),
        (Q(is_recurring=True) & (Q(external_id=1) | Q(external_id=2)), "template and (ID = 1 or ID = 2)"),
    ],
)
def test_condition_is_written_in_words(condition: Q, text: str) -> None:
    with translation.override("en"):
        assert write_condition(Deal, condition) == text


def test_choice_is_written_by_its_name() -> None:
    with translation.override("en"):
        assert write_condition(Activity, Q(kind=Activity.Kind.EMAIL)) == "kind = e-mail"


def test_field_of_a_related_record_is_found() -> None:
    with translation.override("en"):
        assert write_condition(Invitation, Q(answer__is_confirmed=True)) == "confirmed"


def test_option_is_written_with_its_default() -> None:
    condition = Q(score__gte=Coalesce(F("portal__kpi_options__satisfied_from"), Value(4)))
    with translation.override("en"):
        assert write_condition(Answer, condition) == "score ≥ `portal.kpi_options.satisfied_from` or else 4"


@pytest.mark.parametrize("condition", [Q(external_id__range=(1, 2)), Q(external_id=Lower("name"))])
def test_condition_without_words_is_refused(condition: Q) -> None:
    with pytest.raises(ValueError, match="Say in"):
        write_condition(Deal, condition)
