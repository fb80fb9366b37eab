"""Selector: are closed scorecards what they were closed as? Recomputed from their stored inputs, to the kopeck."""

from collections.abc import Iterator
from dataclasses import dataclass

from crmsync.models import Portal
from targets.documents import hash_card, recompute
from targets.models import Scorecard
from targets.models.scorecards import FROZEN
from targets.scoring.errors import ScoringError


@dataclass(frozen=True, slots=True)
class Verified:
    """What one closed scorecard says, and what its inputs give."""

    card: Scorecard
    payout: str | None
    computed: str | None
    is_same_hash: bool

    @property
    def is_good(self) -> bool:
        """Whether payout and hash are what they were."""
        return self.payout == self.computed and self.is_same_hash


def verify_period(period_key: str, *, portal: Portal | None = None) -> Iterator[Verified]:
    """Verify the closed scorecards of a period, by name. Empty: nothing when none is closed."""
    cards = Scorecard.objects.filter(period_key=period_key, state__in=FROZEN)
    cards = cards if portal is None else cards.filter(portal=portal)
    rows = cards.select_related("employee", "scheme_version__scheme").prefetch_related("lines")
    for card in rows.order_by("employee__last_name", "employee__first_name", "pk"):
        yield verify_card(card)


def verify_card(card: Scorecard) -> Verified:
    """Verify one closed scorecard; inputs that cannot be read any more give nothing."""
    try:
        result = recompute(card)
    except ScoringError:
        result = {"payout": None}
    is_same = result == card.result and hash_card(card, card.lines.all()) == card.content_hash
    return Verified(card, card.result.get("payout"), result["payout"], is_same)
