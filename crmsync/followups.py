"""What the landing of some streams brings with it elsewhere in the mirror, in the same transaction as their page."""

from collections.abc import Callable

from crmsync.deals import resettle_by_history, restage, revalue
from crmsync.landing import Landed
from crmsync.people import seat_employees
from crmsync.rates import adopt_base, load_rates, record_rates
from crmsync.session import Session
from crmsync.stages import Stages


def follow_people(session: Session, landed: Landed) -> None:
    """Know new employees by their ids, and seat them."""
    session.around.people.reload()
    seat_employees(session.portal, [row["external_id"] for row in landed.changed])


def follow_departments(session: Session, landed: Landed) -> None:
    """Seat everybody: people may have listed a department before it could be read."""
    seat_employees(session.portal, session.around.people.ids)


def follow_stages(session: Session, landed: Landed) -> None:
    """Read again the meaning of records that leave it to the dictionary."""
    session.around.stages = Stages(session.portal)
    restage(session.around)


def follow_currencies(session: Session, landed: Landed) -> None:
    """Keep the rates under their day and value again what they change."""
    today = session.clock().astimezone(session.portal.zone).date()
    rebased = adopt_base(session.portal)
    changed = record_rates(session.portal, today=today)
    session.around.rates = load_rates(session.portal)
    if rebased or changed:
        revalue(session.around, None if rebased else changed)


def follow_history(session: Session, landed: Landed) -> None:
    """Fix again the outcome of the deals whose history grew."""
    resettle_by_history(session.around, {row["owner_external_id"] for row in landed.changed})


FOLLOW_UPS: dict[str, Callable[[Session, Landed], None]] = {
    "departments": follow_departments,
    "people": follow_people,
    "stages": follow_stages,
    "currencies": follow_currencies,
    "deal_history": follow_history,
}
