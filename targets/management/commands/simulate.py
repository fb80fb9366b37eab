"""`manage.py simulate --case FILE|-`: what a case pays, by the rules that scorecards follow; nothing is stored."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO, TextIO

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from targets.scoring.case import read_case
from targets.scoring.documents import locate, read_documents
from targets.scoring.errors import ScoringError
from targets.scoring.outcome import score
from targets.scoring.results import describe_outcome

STANDARD_INPUT = "-"


class Command(BaseCommand):
    help = str(
        gettext_lazy(
            "Score cases of results, targets and rules, and print a JSON result a line; nothing is stored. "
            "When one case cannot be read, nothing is printed for any."
        )
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--case",
            required=True,
            metavar="FILE",
            help=_("a JSON case, or JSON lines with a case each; - reads the standard input"),
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            results = list(score_cases(read_source(options["case"])))
        except ScoringError as error:
            raise CommandError(str(error), returncode=2) from error
        self.stdout.write("\n".join(results))


def score_cases(text: str) -> Iterator[str]:
    """Score every case of a text, a line of JSON each. Raises: ScoringError, which names the line."""
    for line, document in read_documents(text):
        try:
            yield json.dumps(describe_outcome(score(read_case(document))), ensure_ascii=False)
        except ScoringError as error:
            raise locate(error, line=line) from error


def read_source(name: str) -> str:
    """Read a file, or the standard input. Raises: ScoringError."""
    try:
        raw = read_input() if name == STANDARD_INPUT else Path(name).read_bytes()
        # Editors of some systems put a mark before the text.
        return raw.decode("utf-8-sig") if isinstance(raw, bytes) else raw
    except OSError as error:
        message = _("The file %(path)s cannot be read: check its name and the rights to it.")
        raise ScoringError(message % {"path": name}) from error
    except UnicodeDecodeError as error:
        raise ScoringError(_("%(path)s is not a text in UTF-8.") % {"path": name}) from error


def read_input() -> bytes | str:
    """Read the standard input: its bytes, whatever the encoding of the terminal, or its text where it has no bytes."""
    source: BinaryIO | TextIO = getattr(sys.stdin, "buffer", sys.stdin)
    return source.read()
