"""The pace of a walk: how many pages to chain into the next request, and what the last request brought."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from crmsync.bitrix24.answers import Answer, parse_integer
from crmsync.bitrix24.errors import PortalError, StalledError, TransientError
from crmsync.bitrix24.keyset import PAGE_SIZE, Listing, Row, read_page

SLOW_SECONDS, QUICK_SECONDS = 25.0, 10.0
HIGH_SHARE, LOW_SHARE = 0.5, 0.25


@dataclass(frozen=True)
class Stretch:
    """The believable rows of one request, and the failure that ended them early, if any.

    Shape: rows in order of their key; `density` is rows per key from the first row to the last.
    Units: `seconds` that the request took.
    """

    rows: list[Row]
    cursor: int
    is_last: bool
    density: float | None
    seconds: float = 0.0
    failure: PortalError | None = None

    @property
    def may_go_on(self) -> bool:
        """Tell whether asking again, for a single page, may cure the failure."""
        return isinstance(self.failure, TransientError) or (
            self.failure is not None and self.failure.code == "QUERY_LIMIT_EXCEEDED"
        )


def read_stretch(
    listing: Listing, outcomes: Iterable[Answer | PortalError], *, after: int, seconds: float = 0.0
) -> Stretch:
    """Join chained pages up to the last one that counts.

    What follows a short page, or a page whose last key cannot be read, began at a made-up place.
    """
    rows: list[Row] = []
    cursor, is_last, failure = after, False, None
    for outcome in outcomes:
        if isinstance(outcome, PortalError):
            failure = outcome
            break
        try:
            page = read_page(listing, outcome, after=cursor)
        except (StalledError, TransientError) as error:
            failure = error
            break
        rows += page.rows
        cursor, is_last = page.cursor, page.is_last
        if is_last or not page.is_linked:
            break
    return Stretch(rows, cursor, is_last, measure_density(listing, rows, cursor), seconds, failure)


def measure_density(listing: Listing, rows: list[Row], cursor: int) -> float | None:
    """Count rows per key; None when no row has a readable one."""
    first = next((key for row in rows if (key := parse_integer(row.get(listing.key))) is not None), None)
    return None if first is None else len(rows) / (cursor - first + 1)


class Pace:
    """Chooses the length of chains: by the rows still expected, never above what the portal bears."""

    def __init__(self, *, most: int, last: int | None, expected: int | None = None) -> None:
        self.most = most
        self.last = last
        self._expected = expected
        self.depth = most
        self._density: float | None = None
        self._pages = 0

    def choose_pages(self, cursor: int) -> int:
        """Return how many pages to ask for, the last, short one included.

        Where nobody has counted, the first request of a walk is a single page; so is one after a failure.
        """
        if self._expected is not None:
            self._pages = min(self.depth, self._expected // PAGE_SIZE + 1)
        elif self._density is None:
            self._pages = 1
        elif self.last is None:
            self._pages = min(self.depth, 2 * self._pages)
        else:
            left = max(0, self.last - cursor) * self._density
            self._pages = min(self.depth, int(left) // PAGE_SIZE + 1)
        return self._pages

    def note(self, stretch: Stretch, *, share: float) -> None:
        """Learn from a request: its time, and the used share of the method's operating time."""
        self._density = None if stretch.failure else stretch.density
        if self._expected is not None:
            self._expected = None if stretch.failure else max(0, self._expected - len(stretch.rows))
        if stretch.seconds > SLOW_SECONDS or share > HIGH_SHARE:
            self.depth = max(1, self.depth // 2)
        elif stretch.seconds < QUICK_SECONDS and share < LOW_SHARE:
            self.depth = min(self.most, 2 * self.depth)
        if stretch.failure and not stretch.rows:
            # A whole chain could not be had, perhaps because it takes the portal too long.
            self.depth = 1


def follow(
    pace: Pace, read: Callable[[int, int], Stretch], *, after: int, share: Callable[[], float]
) -> Iterator[list[Row]]:
    """Walk to the end: `read` takes a cursor and a number of pages.

    Shape: one list per stretch, no empty ones.
    Raises: the failure that ended a stretch, after its rows, unless a single page may get over it.
    """
    cursor = after
    while True:
        pages = pace.choose_pages(cursor)
        stretch = read(cursor, pages)
        if stretch.rows:
            yield stretch.rows
        if stretch.failure and (pages == 1 or not stretch.may_go_on):
            raise stretch.failure
        if stretch.is_last:
            return
        cursor = stretch.cursor
        pace.note(stretch, share=share())
