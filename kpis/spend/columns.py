"""THE LIST of files with costs: which headings of which ad systems mean what, Russian and English.

Adding a format is one entry here and a file in its test. Headings stand in the plain form of `make_plain`:
small letters, without currency and VAT. A heading that an ad system renames can be renamed in the file as well.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

Headings = frozenset[str]
SIGNS: Mapping[str, str] = {
    **dict.fromkeys(("₽", "руб", "руб.", "р", "р.", "rur", "рубли", "рублей"), "RUB"),
    **dict.fromkeys(("$", "us$", "долл", "долл."), "USD"),
    **dict.fromkeys(("€", "евро"), "EUR"),
    **dict.fromkeys(("₸", "тг", "тг."), "KZT"),
    **dict.fromkeys(("br", "бел. руб", "бел. руб."), "BYN"),
    "£": "GBP",
    "₴": "UAH",
}
CODE = re.compile(r"[a-z]{3}")
VAT = re.compile(r"(с|без|включая|вкл\.|with|without|incl\.|excl\.|including|excluding|ex\.)\s+(учета\s+)?(ндс|vat)")
TAIL = re.compile(r"^(?P<name>.*?)(?:\s*,\s*(?P<bare>[^,()]+)|\s*\((?P<inner>[^()]*)\)|\s+(?P<sign>[₽$€₸£₴]))$")


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of file. `sums`: several lines of one day and campaign are ordinary there and are added up.

    `marks` are headings that tell the format from others without being read.
    """

    key: str
    name: "str | StrPromise"
    sums: bool
    columns: Mapping[str, Headings]
    marks: Headings = field(default_factory=frozenset)


def words(text: str) -> Headings:
    """Split a line of headings."""
    return frozenset(heading.strip() for heading in text.split("|"))


DAY = words("дата | день | date | day")
CAMPAIGN = words("кампания | название кампании | имя кампании | campaign | campaign name | campaignname")
NUMBER = words(
    "№ кампании | номер кампании | id кампании | ид кампании | идентификатор кампании | campaign id | campaignid"
)
CURRENCY = words("валюта | код валюты | currency | currency code")
AD = {"day": DAY, "campaign": CAMPAIGN, "campaign_id": NUMBER, "currency": CURRENCY}

# Of formats that fit a file equally well, the first is taken: all ad systems' files are then read alike.
FORMATS: tuple[Format, ...] = (
    Format(
        "template",
        _("our own template"),
        sums=False,
        columns={
            **AD,
            "campaign": CAMPAIGN | words("utm_campaign"),
            "amount": words("сумма | amount"),
            "source": words("источник | код источника | source | source code"),
            "kind": words("вид | вид расхода | вид затрат | kind"),
            "note": words("примечание | комментарий | remark | note | comment"),
        },
    ),
    Format(
        "yandex_direct",
        _("Yandex Direct"),
        sums=True,
        columns={**AD, "amount": words("расход | cost")},
        marks=words("№ кампании | № группы | № объявления | campaignname | campaignid | impressions | тип площадки"),
    ),
    Format(
        "google_ads",
        _("Google Ads"),
        sums=True,
        columns={**AD, "amount": words("стоимость | расходы | cost")},
        marks=words("код валюты | currency code | статус кампании | campaign status | показы | impr. | тип кампании"),
    ),
    Format(
        "vk_ads",
        _("VK Ads"),
        sums=True,
        columns={
            **AD,
            "campaign": CAMPAIGN | words("рекламная кампания | название"),
            "amount": words("потрачено всего | потрачено | total spent | spent | amount spent"),
        },
        marks=words("группа объявлений | название группы | id группы | ad group"),
    ),
    Format(
        "mytarget",
        _("myTarget"),
        sums=True,
        columns={**AD, "amount": words("списания | списано | сумма списаний | spend | write-offs")},
        marks=words("пэд | площадка | пакет | package"),
    ),
    Format(
        "avito",
        _("Avito"),
        sums=True,
        columns={**AD, "amount": words("всего расходов | расходы | расход | сумма расходов | total costs | costs")},
        marks=words("номер объявления | название объявления | контакты | избранное | адрес | item id | contacts"),
    ),
)


def make_plain(heading: str) -> tuple[str, str]:
    """Write a heading without case, currency and VAT. Returns it with the currency that it named, or ""."""
    plain = " ".join(heading.casefold().replace("ё", "е").split())
    currency = ""
    while match := TAIL.match(plain):
        tail = (match["bare"] or match["inner"] or match["sign"] or "").strip()
        unit = VAT.sub("", tail).strip(" ,")
        if unit and not find_currency(unit):
            break
        plain, currency = match["name"], find_currency(unit) or currency
    return VAT.sub("", plain).strip(), currency


def find_currency(text: str) -> str:
    """Find the currency that a sign, a short word or a code of three letters names. *Empty*: "" for other text."""
    plain = text.strip().casefold()
    return SIGNS.get(plain) or (plain.upper() if CODE.fullmatch(plain) else "")
