"""What a finding is: something about a portal that an operator should know, why it is so, and what to do."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum

from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crmsync.selectors import title_stream

MOST_NAMES = 3


class Level(IntEnum):
    """How urgent a finding is; notes ask for nothing."""

    URGENT = 0
    WARNING = 1
    NOTE = 2


@dataclass(frozen=True)
class Finding:
    """One finding; `name` is its subject in a word or two, `act` names a link that only superusers may follow."""

    level: Level
    name: str
    text: str
    advice: str
    link: str = ""
    act: str = ""

    @property
    def needs_attention(self) -> bool:
        """Tell whether somebody should do or decide something."""
        return self.level < Level.NOTE


def write_moment(at: datetime) -> str:
    """Write an instant in the zone in force."""
    return date_format(timezone.localtime(at), "SHORT_DATETIME_FORMAT")


def list_streams(keys: Iterable[str]) -> str:
    """Name streams in one line, the first few by name and the rest by number."""
    names: Sequence[str] = [title_stream(key) for key in keys]
    rest = len(names) - MOST_NAMES
    shown = ", ".join(names[:MOST_NAMES])
    if rest <= 0:
        return shown
    return _("%(names)s and %(count)s more") % {"names": shown, "count": rest}


def write_count(count: int) -> str:
    """Write a whole number in groups of three."""
    return number_format(count, decimal_pos=0, use_l10n=True, force_grouping=True)


def count_records(count: int) -> str:
    """Write a number of records with the noun in its form."""
    return ngettext("%(count)s record", "%(count)s records", count) % {"count": write_count(count)}
