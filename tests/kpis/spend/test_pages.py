"""The admin of costs: the list with its sums, entries by hand, and the import from upload to confirmation."""

from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook  # type: ignore[import-untyped]

from crmsync.models import Portal, Role, Source, TouchedDay
from kpis.models import MarketingSpend
from tests.access import people

LIST = "/admin/kpis/marketingspend/"
IMPORT = f"{LIST}import/"
FIRST, SECOND = date(2026, 10, 5), date(2026, 10, 6)
FILE = "Дата;Источник;Кампания;Сумма\n2026-10-05;WEB;осень;1500,50\n"


@pytest.fixture
def shop(portal: Portal) -> Portal:
    Source.objects.create(portal=portal, external_id="WEB", name="Веб-сайт")
    return portal


@pytest.fixture
def root(db: None) -> Client:
    return enter(User.objects.create_superuser("root"))


def enter(user: User) -> Client:
    browser = Client(headers={"accept-language": "en"})
    browser.force_login(user)
    return browser


def hire(role: str) -> Client:
    return enter(people.enter("anna", role))


def add(portal: Portal, amount: str, **fields: Any) -> MarketingSpend:
    known = {"day": FIRST, "source_external_id": "WEB", "campaign": "осень", "currency": "RUB"}
    values = {"amount": Decimal(amount), "amount_base": Decimal(amount)}
    return MarketingSpend.objects.create(portal=portal, **(known | values | fields))


def upload(browser: Client, portal: Portal, text: str | bytes = FILE, **choices: str) -> Any:
    content = text if isinstance(text, bytes) else text.encode()
    file = SimpleUploadedFile("costs.csv", content)
    told = {"portal": portal.pk, "file": file, "kind": "marketing", "campaign_by": "name"} | choices
    return browser.post(IMPORT, told)


def read(browser: Client, url: str, **query: Any) -> str:
    response = browser.get(url, query)
    assert response.status_code == 200
    return response.content.decode().replace("\xa0", " ")


def fill(portal: Portal, **values: Any) -> dict[str, Any]:
    known = {"portal": portal.pk, "day": "2026-10-05", "source_external_id": "WEB", "kind": "marketing"}
    return known | {"amount": "100", "currency": "", "campaign": "", "note": ""} | values


def list_touched() -> list[date | None]:
    return list(TouchedDay.objects.filter(employee=None).order_by("day").values_list("day", flat=True))


def test_list_names_sources_and_sums_the_filtered_months(root: Client, shop: Portal) -> None:
    add(shop, "1000")
    add(shop, "500.5", kind="sales")
    add(shop, "7", day=date(2026, 9, 30))
    add(shop, "9", day=SECOND, currency="USD", amount_base=None)
    page = read(root, LIST)
    assert "Веб-сайт" in page
    months = root.get(LIST).context["cl"].months
    assert [row["month"] for row in months] == ["October 2026", "September 2026"]
    october = {name: text.replace("\xa0", " ") for name, text in months[0].items() if name not in ("month", "unvalued")}
    assert october == {"marketing": "1,000.00 RUB", "sales": "500.50 RUB", "total": "1,500.50 RUB"}
    assert months[0]["unvalued"] == 1
    narrowed = root.get(LIST, {"kind__exact": "sales"}).context["cl"].months
    assert [(row["marketing"], row["unvalued"]) for row in narrowed] == [("—", 0)]


@pytest.mark.parametrize(
    ("query", "amounts"),
    [({"source": "WEB"}, [2, 1]), ({"worth": "unknown"}, [3]), ({"day__month": 9, "day__year": 2026}, [1])],
)
def test_list_is_narrowed(root: Client, shop: Portal, query: dict[str, Any], amounts: list[int]) -> None:
    add(shop, "1", day=date(2026, 9, 30))
    add(shop, "2")
    add(shop, "3", source_external_id="", amount_base=None)
    assert [row.amount for row in root.get(LIST, query).context["cl"].result_list] == amounts


def test_list_shows_one_portal(root: Client, shop: Portal) -> None:
    other = Portal.objects.create(name="Лютик", origin="https://other.example")
    mine, theirs = add(shop, "1"), add(other, "2")
    assert root.get(LIST).context["cl"].result_list == [mine]
    assert root.get(LIST, {"portal": other.pk}).context["cl"].result_list == [theirs]


def test_fifty_rows_cost_as_many_queries_as_one(root: Client, shop: Portal) -> None:
    root.get(LIST)
    counts = []
    for rows in (range(1), range(1, 50)):
        for number in rows:
            add(shop, "1", campaign=str(number))
        with CaptureQueriesContext(connection) as queries:
            root.get(LIST)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_cost_entered_by_hand_is_valued_and_touches_its_day(root: Client, shop: Portal) -> None:
    assert root.post(f"{LIST}add/", fill(shop)).status_code == 302
    spend = MarketingSpend.objects.get()
    assert (spend.amount_base, spend.currency, spend.source_external_id) == (100, "RUB", "WEB")
    TouchedDay.objects.all().delete()
    url = f"{LIST}{spend.pk}/change/"
    assert root.post(url, fill(shop, day="2026-10-06", amount="5", currency="usd")).status_code == 302
    spend.refresh_from_db()
    assert (spend.amount_base, spend.currency, list_touched()) == (None, "USD", [FIRST, SECOND])
    assert "No rate of USD is known" in read(root, LIST)


def test_deleting_touches_the_days(root: Client, shop: Portal) -> None:
    first, second = add(shop, "1"), add(shop, "2", day=SECOND)
    root.post(f"{LIST}{first.pk}/delete/", {"post": "yes"})
    assert list_touched() == [FIRST]
    root.post(LIST, {"action": "delete_selected", "_selected_action": [second.pk], "post": "yes"})
    assert (MarketingSpend.objects.count(), list_touched()) == (0, [FIRST, SECOND])


@pytest.mark.parametrize(
    ("values", "advice"),
    [
        ({"currency": "рубль"}, "Ensure this value has at most 3 characters"),
        ({"currency": "R1"}, "three letters"),
        ({"amount": "-1"}, "greater than or equal to 0"),
        ({"amount": "100000000000"}, "less than or equal to"),
        ({"source_external_id": "FAX"}, "FAX is not one of the available choices"),
    ],
)
def test_bad_entry_is_refused(root: Client, shop: Portal, values: dict[str, str], advice: str) -> None:
    response = root.post(f"{LIST}add/", fill(shop, **values))
    assert advice in response.content.decode()
    assert not MarketingSpend.objects.exists()


def test_second_cost_of_a_key_is_refused(root: Client, shop: Portal) -> None:
    add(shop, "1", campaign="")
    response = root.post(f"{LIST}add/", fill(shop))
    assert "already has a cost: change that one" in response.content.decode()


def test_only_portal_and_its_sources_are_offered(root: Client, shop: Portal) -> None:
    page = read(root, f"{LIST}add/")
    assert f'<option value="{shop.pk}" selected>Ромашка</option>' in page
    assert '<option value="WEB">Веб-сайт</option>' in page


def test_source_of_another_portal_is_refused(root: Client, shop: Portal) -> None:
    other = Portal.objects.create(name="Лютик", origin="https://other.example")
    response = root.post(f"{LIST}add/", fill(other))
    assert "not one of the chosen portal" in response.content.decode()
    assert upload(root, other, source_external_id="WEB").status_code == 200
    assert not Session.objects.filter(session_data__contains="spend").exists()


def test_import_shows_differences_then_writes_them(root: Client, shop: Portal) -> None:
    add(shop, "1000")
    preview = upload(root, shop).headers["Location"]
    page = read(root, preview)
    assert "1,000.00 RUB" in page
    assert "1,500.50 RUB" in page
    assert (MarketingSpend.objects.get().amount, list_touched()) == (1000, [])
    shown = root.get(preview).context["preview"].fingerprint
    assert root.post(preview, {"fingerprint": shown}).headers["Location"] == LIST
    assert (MarketingSpend.objects.get().amount, list_touched()) == (Decimal("1500.5"), [FIRST])
    entry = LogEntry.objects.get()
    assert (entry.object_repr, entry.change_message) == (
        "costs.csv",
        "Costs imported: new 0, changed 1, equal 0.",
    )
    assert root.get(preview).headers["Location"] == IMPORT


def test_confirmation_of_outdated_differences_shows_them_anew(root: Client, shop: Portal) -> None:
    preview = upload(root, shop).headers["Location"]
    shown = root.get(preview).context["preview"].fingerprint
    add(shop, "1000")
    response = root.post(preview, {"fingerprint": shown}, follow=True)
    assert "have changed meanwhile" in response.content.decode()
    assert [row.old_amount for row in response.context["preview"].changed] == [1000]
    assert MarketingSpend.objects.get().amount == 1000


def test_refused_lines_leave_nothing_to_confirm(root: Client, shop: Portal) -> None:
    preview = upload(root, shop, FILE + "вчера;WEB;осень;5\n").headers["Location"]
    page = read(root, preview)
    assert "“вчера” is no date" in page
    assert 'name="fingerprint"' not in page
    root.post(preview, {"fingerprint": root.get(preview).context["preview"].fingerprint})
    assert not MarketingSpend.objects.exists()


def test_text_of_a_file_is_escaped(root: Client, shop: Portal) -> None:
    campaign = "<script>alert(1)</script>"
    preview = upload(root, shop, FILE.replace("осень", campaign)).headers["Location"]
    page = read(root, preview)
    assert campaign not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


@pytest.mark.parametrize(
    ("content", "advice"),
    [
        (b"", "The submitted file is empty"),
        (b"a;b\n1;2\n", "No headings were found"),
        (b"x" * 4_000_001, "larger than 4 MB"),
        (b"\xd0\xcf\x11\xe0" + b"0" * 100, "old or protected Excel file"),
    ],
)
def test_unreadable_file_is_refused_on_the_form(root: Client, shop: Portal, content: bytes, advice: str) -> None:
    response = upload(root, shop, content)
    assert response.status_code == 200
    assert advice in response.content.decode()


def test_kept_file_ends_after_half_an_hour(root: Client, shop: Portal) -> None:
    preview = upload(root, shop).headers["Location"]
    assert root.get(preview).status_code == 200
    key = preview.rstrip("/").rsplit("/", 1)[-1]
    left = Session.objects.get(pk=key).expire_date - timezone.now()
    assert timedelta(minutes=29) < left <= timedelta(minutes=30)
    Session.objects.filter(pk=key).update(expire_date=timezone.now())
    response = root.post(preview, {"fingerprint": "x"}, follow=True)
    assert "not kept any more and nothing was written" in response.content.decode()


def test_another_persons_file_is_not_found(root: Client, shop: Portal) -> None:
    preview = upload(root, shop).headers["Location"]
    anna = hire(Role.ADMINISTRATOR)
    assert anna.get(preview).headers["Location"] == IMPORT
    assert upload(anna, shop).status_code == 302


def test_kept_file_lets_nobody_in(root: Client, shop: Portal) -> None:
    key = upload(root, shop).headers["Location"].rstrip("/").rsplit("/", 1)[-1]
    stranger = Client()
    stranger.cookies["sessionid"] = key
    assert "/login/" in stranger.get(LIST).headers["Location"]


@pytest.mark.parametrize(("role", "status"), [(Role.AUDITOR, 403), (Role.ADMINISTRATOR, 200)])
def test_import_needs_an_administrator(shop: Portal, role: str, status: int) -> None:
    anna = hire(role)
    assert anna.get(IMPORT).status_code == status
    assert anna.get(f"{IMPORT}abcdefgh/").status_code in (status, 302)
    assert (f'href="{IMPORT}"' in read(anna, LIST)) == (status == 200)


def test_who_may_only_look_changes_nothing(shop: Portal) -> None:
    spend = add(shop, "1")
    anna = hire(Role.AUDITOR)
    assert "Веб-сайт" in read(anna, LIST)
    assert anna.get(f"{LIST}{spend.pk}/change/").status_code == 200
    assert anna.post(f"{LIST}{spend.pk}/change/", fill(shop)).status_code == 403
    assert anna.post(f"{LIST}{spend.pk}/delete/", {"post": "yes"}).status_code == 403


@pytest.mark.parametrize("language", ["en", "ru"])
def test_example_file_can_be_imported_as_it_is(root: Client, shop: Portal, language: str) -> None:
    response = root.get(f"{LIST}example/", headers={"accept-language": language})
    sheet = load_workbook(BytesIO(response.content)).active
    assert sheet is not None
    assert sheet.max_row == 3
    preview = upload(root, shop, response.content).headers["Location"]
    shown = root.get(preview).context["preview"]
    assert ([row.spend.kind for row in shown.new], shown.refused) == (["marketing", "sales"], [])
    assert shown.format.key == "template"
