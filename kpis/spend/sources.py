"""Sources as files name them: by Bitrix24's code, or by the name from the mirror."""

from collections import defaultdict

from django.utils.translation import gettext as _

from crmsync.models import Portal, Source
from kpis.spend.cells import CellError

MOST_NAMED = 15


class SourceBook:
    """The sources of one portal, those that are gone too: their costs stay what they were."""

    def __init__(self, portal: Portal) -> None:
        rows = Source.objects.filter(portal=portal).order_by("name", "external_id")
        self.names = {row.external_id: row.name for row in rows}
        self.by_code = {code.casefold(): code for code in self.names}
        self.by_name: dict[str, list[str]] = defaultdict(list)
        for row in sorted(rows, key=lambda row: row.deleted_at is not None):
            self.by_name[row.name.strip().casefold()].append(row.external_id)

    def find(self, text: str) -> str:
        """Find a source's code by its code or name. *Empty*: "" for "". *Raises* CellError naming the known ones."""
        plain = text.casefold()
        if not text or text in self.names:
            return text
        codes = [self.by_code[plain]] if plain in self.by_code else self.by_name.get(plain, [])
        if len(codes) == 1:
            return codes[0]
        if codes:
            message = _("Several sources are called “%(text)s”: write the code instead, %(codes)s.")
            raise CellError(message % {"text": text, "codes": ", ".join(codes)})
        raise CellError(self.refuse(text))

    def refuse(self, text: str) -> str:
        """Say that there is no such source and which there are."""
        known = [f"{name} ({code})" for code, name in self.names.items()]
        if not known:
            message = _("There is no source “%(text)s”: the portal has none yet; read it first, or leave it empty.")
            return message % {"text": text}
        shown = ", ".join(known[:MOST_NAMED]) + (", …" if len(known) > MOST_NAMED else "")
        return _("There is no source “%(text)s”: use one of %(known)s.") % {"text": text, "known": shown}

    def name(self, code: str) -> str:
        """Name a source by its code; a code that the mirror does not know stands for itself."""
        return self.names.get(code, code)
