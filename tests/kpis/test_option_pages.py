"""The admin's page of a portal's options: what it shows, what it saves, what it refuses with which sentence."""

from decimal import Decimal
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from crmsync.models import Portal, Role, TouchedDay
from kpis.catalog import CATALOG
from kpis.models import KpiOptions, KpiSetting
from kpis.options import read_options, take_fingerprint
from tests.access import people

LIST = "/admin/kpis/kpioptions/"
ANEW = "Figures are being computed anew"


@pytest.fixture
def root(db: None) -> Client:
    return enter(User.objects.create_superuser("root"))


def enter(user: User, language: str = "en") -> Client:
    browser = Client(headers={"accept-language": language})
    browser.force_login(user)
    return browser


def hire(role: str) -> Client:
    return enter(people.enter("anna", role))


def locate(portal: Portal) -> str:
    return f"{LIST}{portal.pk}/change/"


def fill(portal: Portal, **values: Any) -> dict[str, Any]:
    """Fill the page in as it stands for a portal without a choice; `csat__norm_low` names a KPI's field."""
    options = read_options(portal)
    known: dict[str, Any] = {f"{kpi.key}-is_on": "on" for kpi in CATALOG}
    names = ("satisfied_from", "churn_days", "cost_source", "cost_field")
    known |= {name: str(getattr(options, name)) for name in names}
    chosen = {name.replace("__", "-"): value for name, value in values.items()}
    return known | {"fingerprint": take_fingerprint(portal)} | chosen


def send(browser: Client, portal: Portal, **values: Any) -> Any:
    form = {name: value for name, value in fill(portal, **values).items() if value is not None}
    return browser.post(locate(portal), form, follow=True)


def read(response: Any) -> str:
    assert response.status_code == 200
    return response.content.decode().replace("\xa0", " ").replace("&#x27;", "'")


def list_errors(response: Any) -> dict[str, list[str]]:
    """List the errors that a page points out, by KPI or option."""
    found = dict(response.context["adminform"].form.errors)
    found |= {
        row.kpi.key: [text for texts in row.errors.values() for text in texts] for row in response.context["rows"]
    }
    return {name: list(texts) for name, texts in found.items() if texts}


def test_portal_without_a_row_shows_the_defaults(root: Client, portal: Portal) -> None:
    page = read(root.get(locate(portal)))
    for kpi in CATALOG:
        assert f'id="kpi-{kpi.key}"' in page
        assert str(kpi.name) in page
    assert page.count('type="checkbox"') == page.count(" checked") == 24
    assert 'name="satisfied_from" value="4"' in page
    assert not KpiOptions.objects.exists()


def test_norms_of_the_catalogue_are_shown_as_hints(root: Client, portal: Portal) -> None:
    rows = {row.kpi.key: row for row in root.get(locate(portal)).context["rows"]}
    assert [rows["csat"].fields[name].widget.attrs["placeholder"] for name in ("norm_low", "norm_high")] == ["80", " "]
    assert rows["csat"].catalog_norm == "more than 80"
    assert rows["cac"].catalog_norm == "own strategy"


@pytest.mark.parametrize("language", ["ru", "en"])
def test_page_has_nothing_inline(portal: Portal, language: str) -> None:
    browser = enter(User.objects.create_superuser("root"), language)
    content = read(browser.get(locate(portal))).partition('<div id="content"')[2]
    assert content
    assert "style=" not in content
    assert "<script" not in content


def test_only_portal_is_led_to(root: Client, portal: Portal) -> None:
    assert root.get(LIST).headers["Location"] == locate(portal)


def test_portals_are_listed_where_there_are_several(root: Client, portal: Portal) -> None:
    other = Portal.objects.create(name="Лютик", origin="https://other.example")
    KpiSetting.objects.create(portal=other, kpi="cac", is_on=False)
    KpiSetting.objects.create(portal=other, kpi="csat", norm_low=Decimal(90))
    page = read(root.get(LIST))
    assert f'<a href="{locate(portal)}">Ромашка</a>' in page
    assert f'<a href="{locate(other)}">Лютик</a>' in page
    assert [(row["on"], row["norms"]) for row in root.get(LIST).context["portals"]] == [(24, 0), (23, 1)]


def test_without_a_portal_the_list_says_what_to_do(root: Client) -> None:
    assert "connect one first" in read(root.get(LIST))


def test_choice_is_saved_and_shown(root: Client, portal: Portal) -> None:
    response = send(
        root, portal, cac__is_on=None, churn_days="90", csat__norm_low=" 92.5 ", csat__norm_source="наш договор"
    )
    assert "Saved." in read(response)
    assert ANEW not in read(response)
    stored = KpiSetting.objects.order_by("kpi").values_list("kpi", "is_on", "norm_low", "norm_high", "norm_source")
    assert list(stored) == [("cac", False, None, None, ""), ("csat", True, Decimal("92.5"), None, "наш договор")]
    assert KpiOptions.objects.get().churn_days == 90
    assert 'value="92.5"' in read(root.get(locate(portal)))


def test_change_of_a_definition_is_told(root: Client, portal: Portal) -> None:
    assert ANEW in read(send(root, portal, satisfied_from="5"))
    assert TouchedDay.objects.filter(employee=None, day=None).count() == 1


def test_nothing_changed_is_told(root: Client, portal: Portal) -> None:
    assert "Nothing has changed." in read(send(root, portal))
    assert not LogEntry.objects.exists()


def test_who_changed_what_is_logged(root: Client, portal: Portal) -> None:
    send(root, portal, cac__is_on=None, churn_days="90")
    (entry,) = LogEntry.objects.all()
    with translation.override("en"):
        assert entry.get_change_message() == "Changed customer for, days. Changed on for KPI setting “cac”."
    assert "cac" in read(root.get(f"{LIST}{portal.pk}/history/"))


@pytest.mark.parametrize(
    ("values", "key", "sentence"),
    [
        ({"csat__norm_low": "90", "csat__norm_high": "80"}, "csat", "must not be below its lower end"),
        ({"cac__norm_high": "-5"}, "cac", "cannot be negative"),
        ({"cac__norm_high": "-5", "cac__norm_low": "-1"}, "cac", "cannot be negative"),
        ({"csat__norm_low": "800"}, "csat", "cannot exceed 100 %"),
        ({"csat__norm_low": "много"}, "csat", "Write a number"),
        ({"csat__norm_low": "NaN"}, "csat", "Write a number"),
        ({"csat__norm_low": "1.23456"}, "csat", "4 decimal places"),
        ({"revenue__norm_high": "5"}, "revenue", "fill in “from”"),
        ({"response_time__norm_low": "5"}, "response_time", "fill in “to”"),
        ({"csat__norm_source": "откуда-то"}, "csat", "Give the norm itself too"),
        ({"satisfied_from": "6"}, "satisfied_from", "less than or equal to 5"),
        ({"churn_days": "0"}, "churn_days", "greater than or equal to 1"),
        ({"cost_source": "field"}, "cost_field", "No custom field of deals is copied yet"),
    ],
)
def test_nonsense_is_pointed_out_and_nothing_is_saved(
    root: Client, portal: Portal, values: dict[str, Any], key: str, sentence: str
) -> None:
    response = send(root, portal, cac__is_on=None, **values)
    errors = list_errors(response)
    assert list(errors) == [key]
    assert all(sentence in text for text in errors[key])
    assert "Nothing is saved yet" in read(response)
    assert not KpiSetting.objects.exists()
    assert not KpiOptions.objects.exists()


@pytest.mark.parametrize(
    "values",
    [
        {"csat__norm_low": "80", "csat__norm_high": "80"},
        {"csat__norm_low": "0"},
        {"csat__norm_low": "100"},
        {"marketing_roi__norm_low": "250"},
        {"response_time__norm_high": "15"},
        {"revenue__norm_low": "1 000 000"},
    ],
)
def test_sensible_norm_is_saved(root: Client, portal: Portal, values: dict[str, Any]) -> None:
    assert "Saved." in read(send(root, portal, **values))
    assert KpiSetting.objects.count() == 1


def test_what_was_entered_is_not_lost_by_an_error(root: Client, portal: Portal) -> None:
    page = read(send(root, portal, cac__norm_high="-5", revenue__norm_low="77", csat__norm_source="договор"))
    assert 'value="77"' in page
    assert 'value="договор"' in page


def test_russian_comma_is_understood(portal: Portal) -> None:
    browser = enter(User.objects.create_superuser("root"), "ru")
    send(browser, portal, cac__norm_high="1 500,5")
    assert KpiSetting.objects.get().norm_high == Decimal("1500.5")
    assert 'value="1500,5"' in read(browser.get(locate(portal)))


@pytest.fixture
def costed(portal: Portal) -> Portal:
    portal.custom_fields = {"deal": ["UF_CRM_COST", "UF_CRM_OTHER"], "lead": ["UF_CRM_LEAD"]}
    portal.save()
    return portal


def test_cost_field_is_one_of_the_copied_fields_of_deals(root: Client, costed: Portal) -> None:
    choices = root.get(locate(costed)).context["adminform"].form.fields["cost_field"].choices
    assert [name for name, _ in choices] == ["", "UF_CRM_COST", "UF_CRM_OTHER"]
    assert ANEW in read(send(root, costed, cost_source="field", cost_field="UF_CRM_COST"))
    assert KpiOptions.objects.get().cost_field == "UF_CRM_COST"


@pytest.mark.parametrize(
    ("name", "sentence"), [("", "Choose the field with the cost"), ("UF_CRM_LEAD", "Select a valid choice")]
)
def test_cost_from_a_field_needs_one(root: Client, costed: Portal, name: str, sentence: str) -> None:
    errors = list_errors(send(root, costed, cost_source="field", cost_field=name))
    assert list(errors) == ["cost_field"]
    assert sentence in errors["cost_field"][0]
    assert not KpiOptions.objects.exists()


def test_field_that_is_not_copied_any_more_is_refused(root: Client, costed: Portal) -> None:
    KpiOptions.objects.create(portal=costed, cost_source="field", cost_field="UF_CRM_GONE")
    assert "UF_CRM_GONE (not copied any more)" in read(root.get(locate(costed)))
    assert list_errors(send(root, costed)) == {
        "cost_field": ["“UF_CRM_GONE” is not copied any more: choose another field."]
    }


def test_field_is_dropped_with_its_use(root: Client, costed: Portal) -> None:
    KpiOptions.objects.create(portal=costed, cost_source="field", cost_field="UF_CRM_COST")
    send(root, costed, cost_source="products")
    assert (KpiOptions.objects.get().cost_source, KpiOptions.objects.get().cost_field) == ("products", "")


def test_later_save_is_refused_and_keeps_what_was_entered(root: Client, portal: Portal) -> None:
    shown = take_fingerprint(portal)
    send(root, portal, cac__is_on=None)
    page = read(send(root, portal, revenue__norm_low="77", fingerprint=shown))
    assert "Somebody else has changed these options meanwhile and nothing was saved: open this page anew." in page
    assert 'value="77"' in page
    assert list(KpiSetting.objects.values_list("kpi", flat=True)) == ["cac"]


@pytest.mark.parametrize("fingerprint", [None, "", "x"])
def test_save_without_the_fingerprint_is_refused(root: Client, portal: Portal, fingerprint: str | None) -> None:
    assert "Somebody else" in read(send(root, portal, cac__is_on=None, fingerprint=fingerprint))
    assert not KpiSetting.objects.exists()


@pytest.mark.parametrize(
    ("role", "shown", "saved"), [(Role.HEAD, 403, 403), (Role.AUDITOR, 200, 403), (Role.ADMINISTRATOR, 200, 200)]
)
def test_roles_are_respected(portal: Portal, role: str, shown: int, saved: int) -> None:
    browser = hire(role)
    assert browser.get(locate(portal)).status_code == shown
    assert browser.get(LIST, follow=True).status_code == shown
    assert send(browser, portal, cac__is_on=None).status_code == saved
    assert KpiSetting.objects.exists() == (saved == 200)


def test_who_may_only_look_cannot_type(portal: Portal) -> None:
    page = read(hire(Role.AUDITOR).get(locate(portal)))
    content = page.partition('id="kpioptions_form"')[2]
    assert content.count(" disabled") == content.count("<input") + content.count("<select") - content.count("csrf")
    assert 'type="submit"' not in content


def test_nobody_adds_or_deletes_options(root: Client, portal: Portal) -> None:
    KpiOptions.objects.create(portal=portal, churn_days=90)
    assert root.get(f"{LIST}add/").status_code == 403
    assert root.post(f"{LIST}{portal.pk}/delete/", {"post": "yes"}).status_code == 403
    assert KpiOptions.objects.exists()


@pytest.mark.parametrize("key", ["999", "x", "1%20or%201"])
def test_unknown_portal_is_not_found(root: Client, portal: Portal, key: str) -> None:
    assert root.get(f"{LIST}{key}/change/").status_code == 404


def test_stranger_is_asked_to_log_in(portal: Portal) -> None:
    assert Client().get(locate(portal)).status_code == 302


def test_page_asks_the_database_little(root: Client, portal: Portal) -> None:
    for kpi in CATALOG:
        KpiSetting.objects.create(portal=portal, kpi=kpi.key, is_on=False)
    root.get(locate(portal))
    with CaptureQueriesContext(
        connection,
    ) as asked:
        root.get(locate(portal))
    assert len(asked) <= 12, [query["sql"] for query in asked]
    assert not any("webhook_url" in query["sql"] for query in asked)
