"""The example file of costs: our own template in the language in force, with two days of the portal's own sources."""

import io
from datetime import date, timedelta
from importlib import import_module

from django.utils.translation import gettext as _

from crmsync.models import Portal, Source
from kpis.models import MarketingSpend

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WIDTHS = {"A": 12, "B": 22, "C": 26, "D": 12, "E": 12, "F": 10, "G": 30}


def write_example(portal: Portal, *, today: date) -> bytes:
    """Write an XLSX file that can be filled in, and imported as it is."""
    book = import_module("openpyxl").Workbook()
    sheet = book.active
    sheet.title = _("Costs")
    sheet.append([_("Date"), _("Source"), _("Campaign"), _("Kind"), _("Amount"), _("Currency"), _("Remark")])
    source = Source.objects.filter(portal=portal, deleted_at=None).order_by("name").values_list("name", flat=True)
    names = [source.first() or ""] * 2
    kinds = [str(kind) for kind in MarketingSpend.Kind.labels]
    for number, (name, kind) in enumerate(zip(names, kinds, strict=True)):
        day = today - timedelta(days=2 - number)
        sheet.append([day, name, "autumn_sale", kind, 1500.5 * (number + 1), portal.base_currency, ""])
    for column, width in WIDTHS.items():
        sheet.column_dimensions[column].width = width
    sheet.freeze_panes = "A2"
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()
