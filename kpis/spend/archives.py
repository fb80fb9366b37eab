"""What a workbook would cost, found out before it is opened. Pure.

A file of 33 kB may unpack to a single row of a million cells, which takes the reader 22 seconds and 440 MB.
"""

import io
import re
import zipfile

MOST_UNPACKED = 16_000_000
# 20,000 rows of twelve columns; a cell has some four tags.
MOST_CELLS, MOST_TAGS = 240_000, 1_000_000
MOST_ROW_TAGS = 20_000
CELL = re.compile(rb"<(?:[\w.-]+:)?c[\s>/]")
ROW = re.compile(rb"<(?:[\w.-]+:)?row[\s>/]")


class ArchiveError(ValueError):
    """A workbook that would cost more than any honest one."""


def check_archive(content: bytes) -> None:
    """Refuse a workbook by what it unpacks to, its cells and tags, and the tags of its widest row.

    *Raises* ArchiveError, and zipfile's own errors for what is no archive.
    """
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        # A part is never read beyond the size that it states.
        if sum(part.file_size for part in archive.infolist()) > MOST_UNPACKED:
            raise ArchiveError("size")
        cells = tags = 0
        for name in archive.namelist():
            part = archive.read(name)
            check_encoding(name, part)
            tags += part.count(b"<")
            cells += sum(1 for _ in CELL.finditer(part))
            if cells > MOST_CELLS or tags > MOST_TAGS or find_widest(part) > MOST_ROW_TAGS:
                raise ArchiveError(name)


def find_widest(part: bytes) -> int:
    """Count the tags of a part's widest row, or of what stands before its first one."""
    return max(row.count(b"<") for row in ROW.split(part)) if ROW.search(part) else 0


def check_encoding(name: str, part: bytes) -> None:
    """Refuse markup in which tags cannot be counted: no program writes workbooks in UTF-16."""
    if b"\0" in part and name.endswith((".xml", ".rels")):
        raise ArchiveError(name)
