"""The worked numbers of docs/algorithms/derived.md."""

from datetime import date

from crmsync.models import Portal, TouchedDay
from kpis.derived.batches import derive_batch
from kpis.facts import rebuild
from kpis.models import Sale
from tests.conftest import Cast
from tests.kpis.rows import read_cell
from tests.kpis.talks import change, days, minutes, sell, talk

DEAL = (2, 5)
SECOND, FIFTH = date(2026, 3, 2), date(2026, 3, 5)


def test_talk_on_a_deal_is_two_requests(portal: Portal, cast: Cast) -> None:
    for minute, role, person in (
        (0, "email in", cast.bob),
        (1, "call missed", cast.carol),
        (3, "email in", cast.bob),
        (10, "call out", cast.carol),
        (12, "email out", cast.bob),
        (60, "email in", cast.bob),
        (65, "call in", cast.carol),
    ):
        talk(portal, role, minutes(minute), person, DEAL)
    rebuild(portal)
    bob, carol = (read_cell(portal, person, SECOND) for person in (cast.bob, cast.carol))
    assert (bob["requests"], bob["requests_answered"], bob["response_seconds"]) == (2, 2, 900)
    assert "requests" not in carol


def test_deal_that_turns_out_to_be_a_companys_moves_the_first_purchase(portal: Portal, cast: Cast) -> None:
    deal = sell(portal, days(0), cast.bob, contact=8)
    sell(portal, days(3), cast.carol, contact=8)
    last = sell(portal, days(3), cast.bob, contact=8)
    rebuild(portal)
    assert read_cell(portal, cast.bob, SECOND)["new_customers"] == 1
    assert [read_cell(portal, person, FIFTH)["repeat_sales"] for person in (cast.carol, cast.bob)] == [1, 1]
    change(deal, company_external_id=7)
    TouchedDay.objects.all().delete()
    derive_batch(portal)
    touched = set(TouchedDay.objects.values_list("employee", "day"))
    assert touched == {(cast.carol.pk, FIFTH), (cast.bob.pk, SECOND)}
    assert Sale.objects.get(deal=last).is_repeat
