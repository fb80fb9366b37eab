"""`manage.py list_kpis`: the catalogue without a database, and with a portal's own norms."""

import json
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from crmsync.models import Portal
from kpis.catalog import BY_KEY, CATALOG
from kpis.kpi import Norm, NormKind
from kpis.models import KpiSetting
from kpis.render.catalog_texts import write_formula, write_norm


def run(*arguments: str, language: str = "en") -> str:
    out = StringIO()
    with translation.override(language):
        call_command("list_kpis", *arguments, stdout=out, stderr=StringIO())
    return out.getvalue()


def ask(*arguments: str) -> dict[str, dict[str, Any]]:
    return {row["key"]: row for row in json.loads(run("--json", *arguments))}


def figure(low: str | None, high: str | None = None, *, is_strict: bool = False) -> Norm:
    ends = [None if end is None else Decimal(end) for end in (low, high)]
    return Norm(NormKind.FIGURE, ends[0], ends[1], is_strict=is_strict)


# Without the fixture `db` any query would fail these tests.
def test_json_has_every_kpi_without_a_database() -> None:
    rows = ask()
    assert list(rows) == [kpi.key for kpi in CATALOG]
    assert all(row["is_on"] for row in rows.values())


def test_json_tells_all_of_a_kpi() -> None:
    row = ask()["csat"]
    assert (row["version"], row["name"]) == (1, "Client satisfaction (CSAT)")
    assert (row["unit"], row["unit_name"], row["direction"]) == ("percent", "%", "up")
    assert row["formula"] == "Satisfied answers ÷ CSAT answers × 100"
    assert row["measures"] == ["csat_satisfied", "csat_responses"]
    source = "an example from trade articles, not a rule: set your own"
    figures = {"low": 80, "high": None, "is_strict": True}
    assert row["norm"] == {"kind": "figure", "source": source, "text": "more than 80", **figures}


def test_table_is_in_the_active_language() -> None:
    assert "Number of deals" in run()
    assert "Количество сделок" in run(language="ru")


@pytest.mark.django_db
def test_portal_shows_its_own_norms_and_what_is_off(portal: Portal) -> None:
    KpiSetting.objects.create(portal=portal, kpi="csat", norm_low=Decimal("92.5"), norm_source="наш договор")
    KpiSetting.objects.create(portal=portal, kpi="cac", is_on=False)
    rows = ask("--portal", str(portal.pk))
    norm = rows["csat"]["norm"]
    assert (norm["low"], norm["text"], norm["source"]) == (92.5, "from 92.5", "наш договор")
    assert [key for key, row in rows.items() if not row["is_on"]] == ["cac"]
    assert rows["cac"]["unit_name"] == "RUB"


@pytest.mark.django_db
def test_unknown_portal_is_refused_in_one_sentence(portal: Portal) -> None:
    with pytest.raises(CommandError, match=r"There is no portal “Лютик”: choose one of \d+ \(Ромашка\)\.") as refusal:
        run("--portal", "Лютик")
    assert refusal.value.returncode == 2


def test_json_and_page_exclude_each_other() -> None:
    with pytest.raises(CommandError, match="not allowed with"):
        run("--json", "--markdown")


@pytest.mark.parametrize(
    ("key", "formula"),
    [
        ("deals_won", "deals_won"),
        ("win_rate", "deals_won ÷ (deals_won + deals_lost) × 100"),
        ("marketing_roi", "(revenue − spend) ÷ spend × 100"),
        ("deal_cycle_time", "cycle_seconds ÷ cycle_deals ÷ 86,400"),
        ("churn_rate", "customers_lost ÷ customers_at_start × 100"),
        ("average_deal", "revenue ÷ deals_won"),
    ],
)
def test_formula_is_written_over_measures(key: str, formula: str) -> None:
    with translation.override("en"):
        assert write_formula(BY_KEY[key], name=str) == formula


def test_formula_tells_what_a_work_calendar_changes() -> None:
    kpi = replace(BY_KEY["response_time"], scale=Fraction(1, 60))
    wall, business = (f"{key} ÷ requests_answered ÷ 60" for key in ("response_seconds", "response_business_seconds"))
    with translation.override("en"):
        assert write_formula(kpi, name=str) == f"{wall}; with a work calendar {business}"


@pytest.mark.parametrize("kpi", CATALOG, ids=lambda kpi: kpi.key)
def test_every_formula_is_named_for_people(kpi: Any) -> None:
    assert "_" not in write_formula(kpi)


@pytest.mark.parametrize(
    ("norm", "text"),
    [
        (figure("15", "25"), "15–25"),
        (figure("15", "15"), "15"),
        (figure("80"), "from 80"),
        (figure("80", is_strict=True), "more than 80"),
        (figure(None, "1500.5000"), "up to 1,500.5"),
        (figure(None, "60", is_strict=True), "less than 60"),
        (figure("0", "0.0001"), "0–0.0001"),
        (figure("0"), "from 0"),
        (Norm(NormKind.OWN_PLAN), "own plan"),
        (Norm(NormKind.NONE), "—"),
    ],
)
def test_norm_is_written_in_words(norm: Norm, text: str) -> None:
    with translation.override("en"):
        assert write_norm(norm) == text
