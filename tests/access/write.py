"""docs/rights.md from THE TABLE: `python -m tests.access.write`."""

from collections.abc import Mapping
from pathlib import Path

from tests.access.table import ACCOUNTS, ADMIN, API, PAGES, ROLES, SITE, TABLES, Page, Table

TARGET = Path(__file__).resolve().parents[2] / "docs" / "rights.md"
WORDS = {"L": "log-in", "N": "–", "O": "yes"}
HEAD = """# Rights

Written by `python -m tests.access.write` from [tests/access/table.py](../tests/access/table.py), which the tests hold
against every address of the site and every role; an address that is not in it fails them. *log-in*: led to the log-in
(the API answers 401). –: refused, or answered as if there were no such thing. What each role may do is decided in
`config/rights.py`, whose rows he sees in `crmsync/access.py`.
"""


def write_rights() -> str:
    """Write the whole document."""
    parts = [HEAD, write_tables()]
    others = {route: page for route, page in PAGES.items() if route not in {**SITE, **ACCOUNTS, **ADMIN, **API}}
    for title, pages in (
        ("Pages of the admin", ADMIN),
        ("Pages beside it", {**SITE, **others}),
        ("Log-in and security", ACCOUNTS),
        ("API", API),
    ):
        parts.append(write_pages(title, pages))
    return "\n".join(parts)


def write_row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def write_tables() -> str:
    lines = [write_row(["table", *ROLES]), write_row(["---"] * (len(ROLES) + 1))]
    lines += [
        write_row([label, *(write_table(table, place) for place in range(len(ROLES)))])
        for label, table in TABLES.items()
    ]
    return "\n".join(["## Tables of the admin", "", *lines, ""])


def write_table(table: Table, place: int) -> str:
    """Say in words what a role does with a table."""
    if table.view[place] != "O":
        return WORDS[table.view[place]]
    reads = "reads" if table.foreign[place] == "O" else "reads his people's"
    writes = [name for name in ("add", "change", "delete") if getattr(table, name)[place] == "O"]
    return ", ".join([reads, *(f"{name}s" for name in writes)])


def write_pages(title: str, pages: Mapping[str, Page]) -> str:
    lines = [write_row(["address", "", *ROLES]), write_row(["---"] * (len(ROLES) + 2))]
    for route, page in pages.items():
        for method, letters in (("look", page.get), ("post", page.post), ("look at another's", page.foreign)):
            if letters:
                shown = f"`/{page.path or route}`".replace("|", "\\|")
                lines.append(write_row([shown, method, *(WORDS[letter] for letter in letters)]))
    return "\n".join([f"## {title}", "", *lines, ""])


if __name__ == "__main__":
    TARGET.write_text(write_rights(), encoding="utf-8")
