"""Whatever is asked wrongly is refused in one shape, with a sentence and a code; nothing ends with a fault of ours."""

from typing import Any

import pytest
from django.test import Client

from crmsync.models import Portal
from kpis.api import values
from kpis.api.limits import RefusalLimit, UserLimit
from tests.kpis.api.conftest import ask, ask_in_vain

VALUES: dict[str, Any] = {"period": "2026-02"}
HUGE = 10**30


@pytest.mark.parametrize(
    ("asked", "code", "parameter"),
    [
        ({"period": ""}, "wrong_period", "period"),
        ({"period": "2026-13"}, "wrong_period", "period"),
        ({"period": "\0"}, "wrong_period", "period"),
        ({"kpi": "x"}, "unknown_kpi", "kpi"),
        ({"kpi": ""}, "unknown_kpi", "kpi"),
        ({"every": "hour"}, "invalid_choice", "every"),
        ({"by": "me"}, "invalid_choice", "by"),
        ({"compare": "perhaps"}, "invalid", "compare"),
        ({"compare": "true", "every": "day"}, "compare_or_every", "every"),
        ({"employee": "1", "department": "1"}, "employee_or_department", "department"),
        ({"employee": "x"}, "invalid", "employee"),
        ({"employee": str(HUGE)}, "max_value", "employee"),
        ({"portal": "-1"}, "min_value", "portal"),
        ({"limit": "0"}, "min_value", "limit"),
        ({"limit": "1001"}, "max_value", "limit"),
        ({"offset": "-1"}, "min_value", "offset"),
        ({"offset": str(HUGE)}, "max_value", "offset"),
        ({"employe": "2"}, "unknown_parameter", "employe"),
    ],
)
def test_wrong_parameter_is_refused(
    sales: Portal, olga: Client, asked: dict[str, Any], code: str, parameter: str
) -> None:
    assert ask_in_vain(olga, "kpi-values/", **(VALUES | asked)) == (400, code, parameter)


@pytest.mark.parametrize(
    ("address", "asked", "code"),
    [
        ("kpi-values/", {}, "required"),
        ("explain/", VALUES, "required"),
        ("explain/", {**VALUES, "kpi": "revenue", "limit": 201}, "max_value"),
        ("employees/", {"is_active": "perhaps"}, "invalid"),
        ("employees/", {"search": "\0"}, "null_characters_not_allowed"),
        ("kpis/", {"format": "api"}, "unknown_parameter"),
        ("employees/me/", {"x": 1}, "unknown_parameter"),
    ],
)
def test_every_address_refuses_alike(
    sales: Portal, olga: Client, address: str, asked: dict[str, Any], code: str
) -> None:
    assert ask_in_vain(olga, address, **asked)[:2] == (400, code)


@pytest.mark.parametrize("address", ["kpis/x/", "employees/x/", "employees/1-777/", f"employees/{HUGE}-1/", "x/", ""])
def test_unknown_address_is_not_found(sales: Portal, olga: Client, address: str) -> None:
    assert ask_in_vain(olga, address) == (404, "not_found", None)


def test_sentence_is_in_the_language_of_the_request(sales: Portal, olga: Client) -> None:
    asked = {"period": "2026-13"}
    told = [
        olga.get("/api/v1/kpi-values/", asked, headers={"accept-language": language}).json()["detail"]
        for language in ("en", "ru")
    ]
    assert "There is no period “2026-13”" in told[0]
    assert "Периода «2026-13» нет" in told[1]


def test_address_without_its_slash_is_led_to_the_one_with_it(sales: Portal, olga: Client) -> None:
    response = olga.get("/api/v1/kpis")
    assert (response.status_code, response["Location"]) == (301, "/api/v1/kpis/")


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options"])
def test_api_only_reads(sales: Portal, olga: Client, method: str) -> None:
    response = getattr(olga, method)("/api/v1/kpis/")
    assert (response.status_code, response.json()["code"]) == (405, "method_not_allowed")


def test_other_formats_are_refused(sales: Portal, olga: Client) -> None:
    response = olga.get("/api/v1/kpis/", headers={"accept": "application/xml"})
    assert (response.status_code, response.json()["code"]) == (406, "not_acceptable")


@pytest.mark.parametrize("address", ["kpis/", "employees/me/", "schema/", "x/"])
def test_stranger_is_told_how_to_log_in(client: Client, db: None, address: str) -> None:
    assert ask_in_vain(client, address) == (401, "not_authenticated", None)
    assert client.get(f"/api/v1/{address}")["WWW-Authenticate"].startswith("Bearer")


def test_too_many_values_are_refused(sales: Portal, olga: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(values, "MOST_VALUES", 24 * 5 * 28)
    ask(olga, "kpi-values/", period="2026-02", every="day")
    assert ask_in_vain(olga, "kpi-values/", period="2026-03", every="day") == (400, "too_many", "period")
    assert ask(olga, "kpi-values/", period="2026-03", every="day", employee=2)["count"] == 31 * 24


def test_user_who_asks_too_often_has_to_wait(
    sales: Portal, olga: Client, bob: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(UserLimit, "THROTTLE_RATES", {"user": "2/min"})
    ask(olga, "kpis/")
    ask(olga, "employees/")
    assert ask_in_vain(olga, "kpis/") == (429, "throttled", None)
    response = olga.get("/api/v1/kpis/")
    assert 0 < int(response["Retry-After"]) <= 60
    assert response["Retry-After"] in response.json()["detail"]
    ask(bob, "kpis/")


def test_refused_log_ins_are_counted_by_address(
    client: Client, sales: Portal, olga: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(RefusalLimit, "THROTTLE_RATES", {"anon": "2/min"})
    wrong = {"authorization": "Bearer itogi_000000000000_" + "0" * 48}
    codes = [client.get("/api/v1/kpis/", headers=wrong).json()["code"] for _ in range(3)]
    assert codes == ["wrong_token", "wrong_token", "throttled"]
    # Whoever shares the address and is known is not kept out.
    ask(olga, "kpis/")


def test_nobody_on_the_way_keeps_an_answer(sales: Portal, olga: Client, client: Client) -> None:
    for response in (olga.get("/api/v1/kpis/"), olga.get("/api/v1/x/"), client.get("/api/v1/kpis/")):
        assert response["Cache-Control"] == "private, no-store"
