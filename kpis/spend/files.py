"""Files with costs as tables of cells: CSV in the usual encodings and separators, and XLSX, both within limits."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from django.utils.translation import gettext as _

from kpis.spend.archives import ArchiveError, check_archive
from kpis.spend.cells import Cell

MEGABYTE = 1_000_000
MOST_BYTES = 4 * MEGABYTE
MOST_ROWS = 20_000
MOST_COLUMNS = 100
DELIMITERS = (";", "\t", ",")
ENCODINGS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"


class SpendFileError(ValueError):
    """A file that cannot be read; the text says what to do."""


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a table and where it stands in the file."""

    number: int
    cells: tuple[Cell, ...]


Table = list[Line]


def read_tables(content: bytes) -> list[Table]:
    """Read a file in every way that it may be meant: a sheet each, or a separator each.

    *Shape*: rows that hold something, in the file's order. *Raises* SpendFileError.
    """
    if len(content) > MOST_BYTES:
        raise SpendFileError(
            _("The file is larger than %(size)d MB: split it by months.") % {"size": MOST_BYTES // MEGABYTE}
        )
    if content.startswith(OLE):
        raise SpendFileError(_("This is an old or protected Excel file: save it as XLSX without a password."))
    tables = read_workbook(content) if content.startswith(ZIP) else read_texts(content)
    if not any(tables):
        raise SpendFileError(_("The file is empty: choose a file with costs."))
    return tables


def read_texts(content: bytes) -> list[Table]:
    """Read text by each of the usual separators. *Raises* SpendFileError."""
    text = decode(content)
    return [take(split_text(text, delimiter)) for delimiter in DELIMITERS]


def decode(content: bytes) -> str:
    """Decode text by its mark, else as UTF-8, else as Windows writes Russian. *Raises* SpendFileError."""
    marked = next((encoding for mark, encoding in ENCODINGS if content.startswith(mark)), None)
    for encoding in (marked,) if marked else ("utf-8", "cp1251"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise SpendFileError(_("The file is no text and no XLSX: save it as CSV in UTF-8 or as XLSX."))


def split_text(text: str, delimiter: str) -> Iterator[Line]:
    """Split text into rows; a row with line breaks in quotes is named by its first line."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    before = 0
    try:
        for cells in reader:
            yield Line(before + 1, tuple(cells[:MOST_COLUMNS]))
            before = reader.line_num
    except csv.Error as error:
        message = _("Line %(line)d cannot be read: look for a quotation mark that is not closed.")
        raise SpendFileError(message % {"line": before + 1}) from error


def read_workbook(content: bytes) -> list[Table]:
    """Read the sheets of an XLSX file, formulas by their last values. *Raises* SpendFileError."""
    # Loading the library takes a quarter of a second and 28 MB, which no other page needs.
    load = import_module("openpyxl").load_workbook
    try:
        check_archive(content)
        book = load(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        return [take(split_sheet(sheet)) for sheet in book.worksheets]
    except SpendFileError:
        raise
    except ArchiveError as error:
        raise SpendFileError(_("The XLSX file is too large when unpacked: save it as CSV, or split it.")) from error
    except Exception as error:
        # A damaged workbook fails anywhere inside the library, in ways that it does not list.
        message = _("The file cannot be read as XLSX: open it in Excel and save it anew, or save it as CSV.")
        raise SpendFileError(message) from error


def split_sheet(sheet: Any) -> Iterator[Line]:
    """Split a sheet into rows; the reader fills gaps with empty rows, so they are bounded too."""
    rows = sheet.iter_rows(max_col=MOST_COLUMNS, values_only=True)
    for number, cells in enumerate(rows, 1):
        check_rows(number, most=2 * MOST_ROWS)
        yield Line(number, tuple(cells))


def take(lines: Iterator[Line]) -> Table:
    """Keep the rows that hold something. *Raises* SpendFileError when there are too many."""
    table: Table = []
    for line in lines:
        if any(cell is not None and str(cell).strip() for cell in line.cells):
            table.append(line)
            check_rows(len(table), most=MOST_ROWS)
    return table


def check_rows(count: int, *, most: int) -> None:
    """Refuse a table that is too long. *Raises* SpendFileError."""
    if count > most:
        raise SpendFileError(_("The file has more than %(rows)d rows: split it by months.") % {"rows": MOST_ROWS})
