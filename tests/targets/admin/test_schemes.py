"""The admin of schemes: a new version is tried out, checked, stored and never changed."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from crmsync.models import Portal, Role
from targets.models import Scheme, SchemeVersion
from tests.access.people import browse, enter
from tests.targets.world import RULES, make_scheme

TABLES = ("tiers", "own_tiers", "payout_tiers", "brackets", "gates")


@pytest.fixture
def root(db: None) -> Client:
    return browse(User.objects.create_superuser("root"))


@pytest.fixture
def scheme(portal: Portal) -> Scheme:
    return make_scheme(portal, gates=[{"kpi": "csat", "below": "90", "multiplier": "0.8"}])


def fill_in(**more: Any) -> dict[str, Any]:
    """Fill in the form as its page sends it: base of 60,000, the usual tiers."""
    tiers = {"start": ("0", "70", "100"), "score": ("0", "70", "100"), "slope": ("0", "1", "1,5")}
    rows = {f"tiers-{place}-{name}": text for name, texts in tiers.items() for place, text in enumerate(texts)}
    forms = {f"{name}-{kind}_FORMS": 3 if kind == "TOTAL" else 0 for name in TABLES for kind in ("TOTAL", "INITIAL")}
    plain = {"effective_on": "2026-04-01", "base": "60 000", "currency": "rub", "cap": "150", "counts": "won"}
    choices = {"no_data": "redistribute", "gates_on": "all", "prorate_targets": "on"}
    return {**forms, **rows, **plain, **choices, **more}


def send(root: Client, scheme: Scheme, **more: Any) -> Any:
    return root.post(f"/admin/targets/scheme/{scheme.pk}/version/", fill_in(**more))


def test_new_version_is_numbered_and_stored_exactly(root: Client, scheme: Scheme) -> None:
    response = send(root, scheme, _save="1", note="база")
    assert response["Location"] == f"/admin/targets/scheme/{scheme.pk}/version/2/"
    version = scheme.versions.get(number=2)
    assert (version.rules["base"], version.rules["currency"], version.rules["cap"]) == ("60000", "RUB", "150")
    assert version.rules["tiers"] == [["0", "0", "0"], ["70", "70", "1"], ["100", "100", "1.5"]]
    assert (version.rules["prorate_targets"], version.rules["prorate_base"]) == (True, False)
    assert (version.note, str(version.created_by), str(version.effective_on)) == ("база", "root", "2026-04-01")
    assert scheme.versions.get(number=1).rules["base"] == RULES["base"]


def test_gates_commission_and_own_tables_are_stored(root: Client, scheme: Scheme) -> None:
    gate = {"gates-0-kpi": "csat", "gates-0-below": "70", "gates-0-multiplier": "0,8", "gates-0-bound": "lower"}
    paid = {"commission_kpi": "revenue", "brackets-0-start": "0", "brackets-0-rate": "1"}
    own = {"own_tiers-0-kpi": "csat", "own_tiers-0-start": "0", "own_tiers-0-score": "0", "own_tiers-0-slope": "1"}
    send(root, scheme, _save="1", **gate, **paid, **own, **{"own_tiers-0-cap": "120"})
    version = scheme.versions.get(number=2)
    assert version.rules["gates"] == [
        {"kpi": "csat", "below": "70", "multiplier": "0.8", "bound": "lower", "min_sample": 0}
    ]
    assert version.rules["commission"] == {"kpi": "revenue", "brackets": [["0", "1"]]}
    assert version.line_tables == {"csat": {"tiers": [["0", "0", "1"]], "cap": "120"}}


def test_trying_out_shows_what_it_pays_and_stores_nothing(root: Client, scheme: Scheme) -> None:
    page = send(root, scheme, _preview="1").content.decode().replace("\xa0", " ")
    assert "87,000 RUB" in page
    assert "jumps by 70 points" in page
    assert "<svg" in page
    assert scheme.versions.count() == 1


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"tiers-0-start": "5"}, "Score of a KPI: The first row must begin at 0, not at 5."),
        ({"tiers-1-slope": ""}, "Fill in the whole row, or empty it."),
        ({"base": "much"}, "“much” is no number"),
        ({"base": ""}, "This field is required."),
        ({"currency": "рубль"}, "at most 3 characters"),
        ({"effective_on": "soon"}, "Enter a valid date."),
        ({"gates-0-kpi": "csat"}, "Fill in the whole row, or empty it."),
        ({"commission_kpi": "revenue"}, "Commission: A table needs at least one row."),
        ({"payout_tiers-0-start": "1", "payout_tiers-0-score": "1", "payout_tiers-0-slope": "1"}, "must begin at 0"),
    ],
)
def test_what_cannot_be_is_one_sentence_and_stores_nothing(
    root: Client, scheme: Scheme, wrong: dict[str, str], sentence: str
) -> None:
    page = send(root, scheme, _save="1", **wrong).content.decode()
    assert sentence in page
    assert SchemeVersion.objects.count() == 1


def test_form_is_filled_in_with_the_newest_version(root: Client, scheme: Scheme) -> None:
    page = root.get(f"/admin/targets/scheme/{scheme.pk}/version/").content.decode()
    assert 'value="50,000"' in page
    assert 'value="0.8"' in page


def test_stored_version_is_shown_and_has_no_form(root: Client, scheme: Scheme) -> None:
    page = root.get(f"/admin/targets/scheme/{scheme.pk}/version/1/").content.decode()
    assert "35,000" in page
    assert "_save" not in page
    assert root.get(f"/admin/targets/scheme/{scheme.pk}/version/9/").status_code == 404


def test_scheme_with_a_version_is_not_deleted(root: Client, scheme: Scheme) -> None:
    assert root.post(f"/admin/targets/scheme/{scheme.pk}/delete/", {"post": "yes"}).status_code == 403
    assert Scheme.objects.exists()


def test_new_scheme_leads_to_its_first_version(root: Client, portal: Portal) -> None:
    response = root.post("/admin/targets/scheme/add/", {"portal": portal.pk, "name": "Опт"})
    scheme = Scheme.objects.get()
    assert response["Location"] == f"/admin/targets/scheme/{scheme.pk}/version/"
    assert root.get(response["Location"]).status_code == 200
    assert "no version yet" in root.get(f"/admin/targets/scheme/{scheme.pk}/change/").content.decode()


def test_auditor_may_look_and_not_write(scheme: Scheme) -> None:
    auditor = browse(enter("olga", Role.AUDITOR))
    assert "Продажи v1" in auditor.get(f"/admin/targets/scheme/{scheme.pk}/change/").content.decode()
    assert send(auditor, scheme, _save="1").status_code == 403
    assert scheme.versions.count() == 1


@pytest.mark.parametrize("role", [Role.HEAD, Role.MANAGER])
def test_others_may_not_even_look(scheme: Scheme, role: str) -> None:
    assert browse(enter(role, role)).get("/admin/targets/scheme/").status_code == 403


def test_list_names_the_newest_version(root: Client, scheme: Scheme) -> None:
    assert "Продажи" in root.get("/admin/targets/scheme/").content.decode()
