"""The factory dictionaries of a fresh portal: stages, lead statuses, sources, pipelines, currencies, custom fields."""

from crmsync.sandbox.schema import Record

GOODS, OFFERS = 14, 15  # the catalogue of products, and of their variations
DEAL_STAGES = (
    ("NEW", "Новая", "#39A8EF", ""),
    ("PREPARATION", "Подготовка документов", "#2FC6F6", ""),
    ("PREPAYMENT_INVOICE", "Счёт на предоплату", "#55D0E0", ""),
    ("EXECUTING", "В работе", "#47E4C2", ""),
    ("FINAL_INVOICE", "Финальный счёт", "#FFA900", ""),
    ("WON", "Сделка успешна", "#7BD500", "S"),
    ("LOSE", "Сделка провалена", "#FF5752", "F"),
    ("APOLOGY", "Анализ причины провала", "#FF5752", "F"),
)
LEAD_STATUSES = (
    ("NEW", "Не обработан", "#39A8EF", ""),
    ("IN_PROCESS", "В работе", "#2FC6F6", ""),
    ("PROCESSED", "Обработан", "#55D0E0", ""),
    ("CONVERTED", "Качественный лид", "#7BD500", "S"),
    ("JUNK", "Некачественный лид", "#FF5752", "F"),
)
SOURCES = (
    ("CALL", "Звонок"),
    ("EMAIL", "Электронная почта"),
    ("WEB", "Веб-сайт"),
    ("ADVERTISING", "Реклама"),
    ("PARTNER", "Существующий клиент"),
    ("RECOMMENDATION", "По рекомендации"),
    ("TRADE_SHOW", "Выставка"),
    ("WEBFORM", "CRM-форма"),
    ("CALLBACK", "Обратный звонок"),
    ("5|WHATSAPP", "WhatsApp: Открытая линия"),
    ("OTHER", "Другое"),
)
MEANINGS = {"": "process", "S": "success", "F": "failure"}
STATUS_ID_LIMIT = 21


def make_stages(category: int) -> list[Record]:
    """Make the stage rows of one pipeline; ids of other pipelines are prefixed and cut as the portal cuts them."""
    prefix = f"C{category}:" if category else ""
    entity = f"DEAL_STAGE_{category}" if category else "DEAL_STAGE"
    rows = [(f"{prefix}{code}"[:STATUS_ID_LIMIT], *rest) for code, *rest in DEAL_STAGES]
    return [_stage(entity, row, sort=10 * n, category=category) for n, row in enumerate(rows, 1)]


def make_statuses(categories: list[int]) -> list[Record]:
    """Make every row of crm.status.list for the pipelines given."""
    rows = [_stage("STATUS", row, sort=10 * n) for n, row in enumerate(LEAD_STATUSES, 1)]
    rows += [_entry("SOURCE", code, name, sort=10 * n) for n, (code, name) in enumerate(SOURCES, 1)]
    rows += [_entry("DEAL_TYPE", "SALE", "Продажа", sort=10), _entry("DEAL_TYPE", "SERVICE", "Услуга", sort=20)]
    rows += [_entry("CONTACT_TYPE", "CLIENT", "Клиенты", sort=10)]
    rows += [_entry("COMPANY_TYPE", "CUSTOMER", "Клиент", sort=10)]
    for category in categories:
        rows += make_stages(category)
    return [{"ID": str(101 + 2 * n), **row} for n, row in enumerate(rows)]


def _entry(entity: str, code: str, name: str, *, sort: int) -> Record:
    return {
        "ENTITY_ID": entity,
        "STATUS_ID": code,
        "NAME": name,
        "NAME_INIT": name,
        "SORT": str(sort),
        "SYSTEM": "N",
        "CATEGORY_ID": None,
        "COLOR": None,
        "SEMANTICS": None,
    }


def _stage(entity: str, row: tuple[str, ...], *, sort: int, category: int = 0) -> Record:
    code, name, color, semantics = row
    meaning = "apology" if code.endswith("APOLOGY") else MEANINGS[semantics]
    return {
        **_entry(entity, code, name, sort=sort),
        "SYSTEM": "Y" if code.endswith(("NEW", "WON", "LOSE", "CONVERTED", "JUNK")) else "N",
        "CATEGORY_ID": str(category) if category else None,
        "COLOR": color,
        "SEMANTICS": semantics or None,
        "EXTRA": {"SEMANTICS": meaning, "COLOR": color},
    }


def make_category(category: int, name: str) -> Record:
    """Make a row of crm.category.list; the default pipeline lacks the origin keys."""
    row: Record = {"id": category, "name": name, "sort": 100 * (category + 1), "entityTypeId": 2}
    if category == 0:
        return {**row, "isDefault": "Y"}
    return {**row, "isDefault": "N", "originId": "", "originatorId": ""}


def make_currencies(rates: dict[str, tuple[str, str]], *, base: str, updated: str) -> list[Record]:
    """Make rows of crm.currency.list from code ▶ (name, rate to the base)."""
    return [
        {
            "CURRENCY": code,
            "AMOUNT_CNT": "1",
            "AMOUNT": rate,
            "SORT": str(100 * n),
            "BASE": "Y" if code == base else "N",
            "FULL_NAME": name,
            "LID": "ru",
            "FORMAT_STRING": "# &#8381;" if code == "RUB" else "# " + code,
            "DEC_POINT": ".",
            "THOUSANDS_SEP": "&nbsp;",
            "DECIMALS": "2",
            "DATE_UPDATE": updated,
        }
        for n, (code, (name, rate)) in enumerate(rates.items(), 1)
    ]


COST_FIELD: Record = {
    "ID": "31",
    "ENTITY_ID": "CRM_DEAL",
    "FIELD_NAME": "UF_CRM_COST",
    "USER_TYPE_ID": "money",
    "XML_ID": None,
    "SORT": "100",
    "MULTIPLE": "N",
    "MANDATORY": "N",
    "SHOW_FILTER": "N",
    "SETTINGS": [],
}


def make_catalogs() -> list[Record]:
    """Make the catalogue that every portal begins with, and the one of its products' variations."""
    name = "Товарный каталог CRM"
    return [
        {"iblockId": GOODS, "id": GOODS, "name": name, "iblockTypeId": "CRM_PRODUCT_CATALOG"},
        {"iblockId": OFFERS, "id": OFFERS, "name": f"{name} (предложения)", "productIblockId": GOODS},
    ]
