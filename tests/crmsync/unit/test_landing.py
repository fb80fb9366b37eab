"""A page lands: what changed is written, the days it touches are recorded, and nothing else happens."""

from collections.abc import Callable

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from crmsync.bitrix24.streams import BY_KEY
from crmsync.landing import land, land_products
from crmsync.models import Activity, Deal, DealProduct, Lead, Portal, TouchedDay
from crmsync.rows import Surroundings, read_rows, survey_portal
from tests.crmsync.unit.raws import land_raws, make_raw

Touched = Callable[[], set[tuple[int | None, str | None]]]
WON = {"stageId": "WON", "stageSemanticId": "S", "movedTime": "2026-03-09T12:00:00+03:00", "assignedById": 2}


def test_new_records_are_changed_and_unchanged_ones_are_not(around: Surroundings) -> None:
    page = [make_raw("leads", id=number) for number in (1, 2)]
    assert (len(land_raws(around, "leads", page).changed), Lead.objects.count()) == (2, 2)
    landed = land_raws(around, "leads", [*page, make_raw("leads", id=3)])
    assert (landed.read, [row["external_id"] for row in landed.changed]) == (3, [3])


def test_unchanged_page_writes_nothing(around: Surroundings) -> None:
    page = [make_raw("deals", id=1, **WON)]
    land_raws(around, "deals", page)
    with CaptureQueriesContext(connection) as queries:
        land_raws(around, "deals", page)
    assert [query["sql"].split()[0] for query in queries] == ["SELECT"]


def test_record_twice_in_a_page_lands_once_as_it_was_last(around: Surroundings) -> None:
    landed = land_raws(around, "leads", [make_raw("leads", title="old"), make_raw("leads", title="new")])
    assert (landed.read, Lead.objects.get().title) == (1, "new")


def test_same_id_of_two_portals_is_two_records(around: Surroundings) -> None:
    other = Portal.objects.create(name="Другой", origin="https://other.example")
    theirs = survey_portal(other, people=type(around.people)(other), rates=around.rates)
    land_raws(theirs, "leads", [make_raw("leads", title="theirs", assignedById=2)])
    land_raws(around, "leads", [make_raw("leads", title="ours", assignedById=2)])
    rows = Lead.objects.order_by("portal").values_list("title", "responsible__portal")
    assert list(rows) == [("ours", around.portal.pk), ("theirs", other.pk)]


def test_empty_page_lands(around: Surroundings, touched: Touched) -> None:
    assert land_raws(around, "deals", [], first=True).read == 0
    assert touched() == set()


def test_first_walk_touches_everything_at_once(around: Surroundings, touched: Touched) -> None:
    land_raws(around, "deals", [make_raw("deals", id=number, **WON) for number in (1, 2, 3)], first=True)
    assert TouchedDay.objects.count() == 1
    assert touched() == {(None, None)}


def test_won_deal_touches_creation_and_outcome(around: Surroundings, touched: Touched) -> None:
    land_raws(around, "deals", [make_raw("deals", **WON)])
    assert touched() == {(2, "2026-03-01"), (2, "2026-03-09")}


def test_late_edit_touches_old_and_new_day_of_old_and_new_employee(around: Surroundings, touched: Touched) -> None:
    land_raws(around, "activities", [make_raw("activities", START_TIME="2026-03-01T10:00:00+03:00", RESPONSIBLE_ID=2)])
    touched()
    land_raws(around, "activities", [make_raw("activities", START_TIME="2026-03-05T10:00:00+03:00", RESPONSIBLE_ID=3)])
    assert touched() == {(2, "2026-03-01"), (3, "2026-03-05")}


def test_edit_of_what_nobody_counts_touches_nothing(around: Surroundings, touched: Touched) -> None:
    land_raws(around, "deals", [make_raw("deals", **WON)])
    touched()
    land_raws(around, "deals", [make_raw("deals", title="Новое имя", updatedTime="2026-03-10T12:00:00+03:00", **WON)])
    assert (touched(), Deal.objects.get().title) == (set(), "Новое имя")


def test_reassigned_won_deal_touches_its_creation_and_not_its_outcome(around: Surroundings, touched: Touched) -> None:
    land_raws(around, "deals", [make_raw("deals", **WON)])
    touched()
    land_raws(around, "deals", [make_raw("deals", **{**WON, "assignedById": 3})])
    assert touched() == {(2, "2026-03-01"), (3, "2026-03-01"), (2, "2026-03-09")}
    assert Deal.objects.values_list("responsible__external_id", "credited_to__external_id").get() == (3, 2)


def test_tables_without_figures_touch_nothing(around: Surroundings, touched: Touched) -> None:
    land_raws(around, "companies", [make_raw("companies")], first=True)
    land_raws(around, "contacts", [make_raw("contacts")])
    assert touched() == set()


def test_changed_deal_waits_for_its_products(around: Surroundings) -> None:
    land_raws(around, "deals", [make_raw("deals", id=number) for number in (1, 2)])
    Deal.objects.update(products_due=False)
    land_raws(around, "deals", [make_raw("deals", id=1, title="new"), make_raw("deals", id=2)])
    assert list(Deal.objects.order_by("external_id").values_list("products_due", flat=True)) == [True, False]


def test_product_lines_of_a_deal_are_replaced(around: Surroundings) -> None:
    land_raws(around, "deals", [make_raw("deals", id=number) for number in (1, 2, 3)])
    lines = [make_raw("product_rows", id=number, ownerId=owner) for number, owner in ((1, 1), (2, 1), (3, 2), (4, 3))]
    for kept in (lines, [lines[1], make_raw("product_rows", id=5, ownerId=1)]):
        rows, _ = read_rows(BY_KEY["product_rows"], kept, around)
        land_products([1, 2], rows, around, now=timezone.now())
    assert sorted(DealProduct.objects.live().values_list("external_id", "deal_external_id")) == [(2, 1), (4, 3), (5, 1)]
    assert list(Deal.objects.filter(products_due=True).values_list("external_id", flat=True)) == [3]


def test_moved_product_line_belongs_to_its_new_deal(around: Surroundings) -> None:
    for owner in (1, 2):
        rows, _ = read_rows(BY_KEY["product_rows"], [make_raw("product_rows", ownerId=owner)], around)
        land_products([owner], rows, around, now=timezone.now())
    assert DealProduct.objects.values_list("external_id", "deal_external_id").get() == (1, 2)


def test_landing_an_activity_twice_keeps_it_once(around: Surroundings) -> None:
    rows, _ = read_rows(BY_KEY["activities"], [make_raw("activities")], around)
    for _ in range(2):
        land(BY_KEY["activities"], rows, around, first=False)
    assert Activity.objects.count() == 1
