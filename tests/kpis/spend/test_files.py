"""Files with costs: encodings, separators, workbooks, headings of ad systems, and limits that end in one sentence."""

import io
import zipfile
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from time import perf_counter
from typing import Any

import pytest
from django.utils import translation
from openpyxl import Workbook  # type: ignore[import-untyped]

from kpis.spend import archives
from kpis.spend.columns import FORMATS, make_plain
from kpis.spend.files import SpendFileError, read_tables
from kpis.spend.lines import Reading, read_costs

PLAIN = "Дата;Кампания;Сумма\n2026-10-05;осень;1500,5\n"
DAY = date(2026, 10, 5)


@pytest.fixture(autouse=True)
def english() -> Any:
    with translation.override("en"):
        yield


def read(content: bytes | str, **choices: str) -> Reading:
    return read_costs(read_tables(content if isinstance(content, bytes) else content.encode()), **choices)


def book(*rows: Sequence[Any]) -> bytes:
    workbook, file = Workbook(), io.BytesIO()
    sheet = workbook.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    workbook.save(file)
    return file.getvalue()


def list_costs(reading: Reading) -> list[tuple[date, str, Decimal, str]]:
    return [(entry.day, entry.campaign, entry.amount, entry.currency) for entry in reading.entries]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1251", "utf-16"])
@pytest.mark.parametrize("separator", [";", ",", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_text_is_read_in_the_usual_ways(encoding: str, separator: str, end: str) -> None:
    text = PLAIN.replace("1500,5", "1500.5").replace(";", separator).replace("\n", end)
    assert list_costs(read(text.encode(encoding))) == [(DAY, "осень", Decimal("1500.5"), "")]


def test_decimal_commas_do_not_split_a_file_with_semicolons() -> None:
    assert list_costs(read(PLAIN)) == [(DAY, "осень", Decimal("1500.5"), "")]


def test_quoted_text_may_hold_separators_and_line_breaks() -> None:
    reading = read('Дата,Кампания,Сумма\n2026-10-05,"а, ""б""\nв","1 500,5"\n2026-10-06,г,x\n')
    assert list_costs(reading) == [(DAY, 'а, "б"\nв', Decimal("1500.5"), "")]
    assert [refusal.lines for refusal in reading.refusals] == [(4,)]


def test_workbook_keeps_its_types() -> None:
    rows: list[Any] = [
        ["Дата", "Кампания", "Сумма"],
        [datetime(2026, 10, 5), 12345, 0.1],
        ["06.10.2026", None, "1 500,50 ₽"],
    ]
    assert list_costs(read(book(*rows))) == [
        (DAY, "12345", Decimal("0.1"), ""),
        (date(2026, 10, 6), "", Decimal("1500.5"), "RUB"),
    ]


def test_sheet_with_headings_is_found_among_others() -> None:
    workbook, file = Workbook(), io.BytesIO()
    workbook.active.append(["О файле"])
    costs = workbook.create_sheet("Расходы")
    costs.append(["Date", "Amount"])
    costs.append([DAY, 5])
    workbook.save(file)
    assert list_costs(read(file.getvalue())) == [(DAY, "", Decimal(5), "")]


SYSTEMS = [
    (
        "yandex_direct",
        "Отчёт за 05.10.2026\nДата;Кампания;№ Кампании;Показы;Клики;Расход (руб.)\n05.10.2026;осень;77;9;1;1 500,50\n"
        "Итого;;;9;1;1 500,50\n",
        [(DAY, "осень", Decimal("1500.5"), "RUB")],
    ),
    (
        "yandex_direct",
        "Costs (2026-10-05 - 2026-10-05)\nDate\tCampaignName\tCampaignId\tCost\n2026-10-05\tautumn\t77\t1500.5\n"
        "Total rows: 1\n",
        [(DAY, "autumn", Decimal("1500.5"), "")],
    ),
    (
        "google_ads",
        "Отчет о кампаниях\n5 октября 2026 г.\nДень\tСтатус кампании\tКампания\tКод валюты\tПоказы\tСтоимость\n"
        "2026-10-05\tАктивна\tосень\tRUB\t9\t1 500,50\n\tВсего: аккаунт\t --\tRUB\t9\t1 500,50\n",
        [(DAY, "осень", Decimal("1500.5"), "RUB")],
    ),
    (
        "google_ads",
        "Campaign report\nDay,Campaign status,Campaign,Currency code,Impr.,Cost\n"
        '2026-10-05,Enabled,autumn,USD,9,"1,500.50"\nTotal: Account, --, --,USD,9,"1,500.50"\n',
        [(DAY, "autumn", Decimal("1500.5"), "USD")],
    ),
    (
        "vk_ads",
        'Дата;Кампания;Группа объявлений;"Потрачено всего, ₽"\n05.10.2026;осень;г;1500,50\n',
        [(DAY, "осень", Decimal("1500.5"), "RUB")],
    ),
    (
        "mytarget",
        'Дата,Кампания,ID кампании,"Списания, ₽"\n2026-10-05,осень,77,"1500,50"\n',
        [(DAY, "осень", Decimal("1500.5"), "RUB")],
    ),
    (
        "avito",
        'Дата;Номер объявления;Название объявления;Контакты;"Расходы, ₽"\n05.10.2026;1;Розы;2;1500,50\n',
        [(DAY, "", Decimal("1500.5"), "RUB")],
    ),
    (
        "template",
        "Date,Source,Campaign,Kind,Amount,Currency,Note\n2026-10-05,WEB,autumn,sales,1500.50,EUR,x\n",
        [(DAY, "autumn", Decimal("1500.5"), "EUR")],
    ),
]


@pytest.mark.parametrize(("key", "text", "costs"), SYSTEMS)
def test_ad_system_is_known_by_its_headings(key: str, text: str, costs: list[Any]) -> None:
    reading = read(text)
    assert (reading.format.key, list_costs(reading), reading.refusals) == (key, costs, [])


def test_only_our_template_refuses_repeated_keys() -> None:
    assert {kind.key for kind in FORMATS if not kind.sums} == {"template"}


def test_lines_with_totals_are_left_out_and_told() -> None:
    reading = read("Дата;Сумма\n2026-10-05;5\nИтого;5\nВсего за период;5\n")
    assert (len(reading.entries), reading.totals, reading.refusals) == (1, [3, 4], [])
    assert reading.notices == ["Lines with totals are left out: 3, 4."]


def test_campaign_that_is_called_total_is_no_total() -> None:
    assert list_costs(read("Дата;Кампания;Сумма\n2026-10-05;Total sale;5\n")) == [(DAY, "Total sale", Decimal(5), "")]


@pytest.mark.parametrize(
    ("second", "notice", "days"),
    [
        ("06/10/2026", "Dates such as 05/10/2026 are read with the day first.", [DAY, date(2026, 10, 6)]),
        ("10/25/2026", "month first", [date(2026, 5, 10), date(2026, 10, 25)]),
    ],
)
def test_slashed_dates_are_told(second: str, notice: str, days: list[date]) -> None:
    reading = read(f"Дата;Сумма\n05/10/2026;5\n{second};5\n")
    assert [entry.day for entry in reading.entries] == days
    assert notice in reading.notices[0]


def test_slashed_dates_of_both_orders_are_refused() -> None:
    reading = read("Дата;Сумма\n05/10/2026;5\n10/25/2026;5\n25/10/2026;5\n")
    assert ([refusal.lines for refusal in reading.refusals], reading.entries) == ([(2,), (3,), (4,)], [])


def test_campaign_is_taken_by_name_or_by_number() -> None:
    text = "Дата;Кампания;№ Кампании;Расход\n2026-10-05;осень;77;5\n"
    assert read(text).entries[0].campaign == "осень"
    assert read(text, campaign_by="number").entries[0].campaign == "77"
    with pytest.raises(SpendFileError, match="no column with the campaign's number"):
        read(PLAIN, campaign_by="number")


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("Дата;Сумма;Валюта\n2026-10-05;5 $;RUB\n", "two currencies, RUB and USD"),
        ("Дата;Сумма, ₽\n2026-10-05;5 €\n", "two currencies, EUR and RUB"),
        ("Дата;Сумма;Валюта\n2026-10-05;5;рублями\n", "is no currency"),
        (f"Дата;Сумма;Кампания\n2026-10-05;5;{'я' * 256}\n", "longer than 255 letters"),
    ],
)
def test_line_that_cannot_be_taken_is_refused(text: str, advice: str) -> None:
    reading = read(text)
    assert [(refusal.lines, advice in refusal.text) for refusal in reading.refusals] == [((2,), True)]


def test_two_columns_of_one_meaning_are_not_guessed() -> None:
    with pytest.raises(SpendFileError, match="“Расход, ₽ \\(с НДС\\)” and “Расход, ₽ без НДС” mean the same"):
        read("Дата;Расход, ₽ (с НДС);Расход, ₽ без НДС\n2026-10-05;6;5\n")


@pytest.mark.parametrize(
    ("heading", "plain"),
    [
        ("Расход, ₽ (с НДС)", ("расход", "RUB")),
        ("Расход (с НДС), руб.", ("расход", "RUB")),
        ("Расход без НДС", ("расход", "")),
        ("Cost (USD)", ("cost", "USD")),
        ("Сумма ₽", ("сумма", "RUB")),
        ("Ср. расход за день, ₽", ("ср. расход за день", "RUB")),
        ("  Название\u00a0 Кампании ", ("название кампании", "")),
        ("Цена, за клик", ("цена, за клик", "")),
    ],
)
def test_heading_is_read_without_currency_and_vat(heading: str, plain: tuple[str, str]) -> None:
    assert make_plain(heading) == plain


@pytest.mark.parametrize(
    ("content", "advice"),
    [
        (b"", "The file is empty"),
        (b"\n \n\n", "The file is empty"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "old or protected Excel file"),
        (b"PK\x03\x04" + b"\0" * 600, "cannot be read as XLSX"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "no text and no XLSX"),
        ("Дата;Показы\n2026-10-05;5\n".encode(), "No headings were found in the first 30 lines"),
        (('Дата;Сумма\n2026-10-05;"' + "5" * 200_000).encode(), "quotation mark"),
        (b"x" * 4_000_001, "larger than 4 MB"),
        (("Дата;Сумма\n" + "2026-10-05;5\n" * 20_000).encode(), "more than 20000 rows"),
    ],
)
def test_file_that_cannot_be_read_is_refused_in_one_sentence(content: bytes, advice: str) -> None:
    with pytest.raises(SpendFileError, match=advice) as refusal:
        read(content)
    assert "\n" not in str(refusal.value)


def squeeze(name: str, text: bytes) -> bytes:
    """Put a part into a workbook that is otherwise sound."""
    source, target = zipfile.ZipFile(io.BytesIO(book(["Дата", "Сумма"], [DAY, 5]))), io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in source.namelist():
            archive.writestr(part, text if part == name else source.read(part))
    return target.getvalue()


def write_sheet(rows: bytes, *, head: bytes = b"") -> bytes:
    space = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return head + b'<worksheet xmlns="' + space + b'"><sheetData>' + rows + b"</sheetData></worksheet>"


SHEET = "xl/worksheets/sheet1.xml"
BOMB = b"<!DOCTYPE x [<!ENTITY a0 'aaaaaaaaaa'>" + b"".join(
    b"<!ENTITY a%d '%s'>" % (level, b"&a%d;" % (level - 1) * 10) for level in range(1, 10)
)


@pytest.mark.parametrize(
    ("sheet", "advice"),
    [
        (write_sheet(b'<row r="1"><c r="A1"><v>5</v></c></row>' * 500_000), "too large when unpacked"),
        (write_sheet(b'<row r="1">' + b"<c><v>1</v></c>" * 900_000 + b"</row>"), "too large when unpacked"),
        (write_sheet(b'<x:row xmlns:x="y">' + b"<c/>" * 30_000 + b"</x:row>"), "too large when unpacked"),
        (write_sheet((b"<row>" + b"<c/>" * 5_000 + b"</row>") * 60), "too large when unpacked"),
        (write_sheet(b"<row><c/></row>" * 10).decode().encode("utf-16"), "too large when unpacked"),
        (
            write_sheet(b'<row r="1"><c><v>1</v></c></row><row r="1048576"><c><v>1</v></c></row>'),
            "more than 20000 rows",
        ),
        (write_sheet(b"<row><c t='inlineStr'><is><t>&a9;</t></is></c></row>", head=BOMB + b"]>"), "cannot be read as"),
        (b"<worksheet", "cannot be read as XLSX"),
    ],
)
def test_hostile_workbook_is_refused_quickly(sheet: bytes, advice: str) -> None:
    content = squeeze(SHEET, sheet)
    assert len(content) < 100_000
    started = perf_counter()
    with pytest.raises(SpendFileError, match=advice):
        read(content)
    assert perf_counter() - started < 10


@pytest.mark.parametrize("limit", ["MOST_UNPACKED", "MOST_CELLS", "MOST_TAGS", "MOST_ROW_TAGS"])
def test_each_limit_of_workbooks_bites(monkeypatch: pytest.MonkeyPatch, limit: str) -> None:
    content = squeeze(SHEET, write_sheet(b"<row>" + b"<c><v>5</v></c>" * 3_000 + b"</row>"))
    with pytest.raises(SpendFileError, match="No headings"):
        read(content)
    monkeypatch.setattr(archives, limit, 2_000)
    with pytest.raises(SpendFileError, match="too large when unpacked"):
        read(content)


def test_wide_rows_are_cut() -> None:
    reading = read("Дата;Сумма" + ";x" * 5_000 + "\n2026-10-05;5" + ";y" * 5_000 + "\n")
    assert list_costs(reading) == [(DAY, "", Decimal(5), "")]
