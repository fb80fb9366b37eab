"""Lists show what the portal has; what it lost is found on demand, and says so."""

from collections.abc import Callable

import pytest
from django.test import Client

from crmsync.models import Activity, Deal, DealProduct, Portal, StageChange, Tombstone
from tests.crmsync.admin.rows import NOON, make_row


@pytest.fixture
def gone(portal: Portal) -> Deal:
    make_row(Deal, portal, 1)
    deal: Deal = make_row(Deal, portal, 2, deleted_at=NOON)
    return deal


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, [1]),
        ({"presence": "live"}, [1]),
        ({"presence": "deleted"}, [2]),
        ({"presence": "all"}, [2, 1]),
        ({"presence": "junk"}, [1]),
    ],
)
def test_list_shows_live_rows_unless_asked(
    listed: Callable, gone: Deal, query: dict[str, str], expected: list[int]
) -> None:
    assert listed("deal", **query) == expected


def test_search_finds_deleted_records_too(listed: Callable, gone: Deal) -> None:
    assert listed("deal", q="2") == [2]
    assert listed("deal", q="2", presence="live") == []


def test_what_is_shown_is_marked(root: Client, gone: Deal) -> None:
    def marked(**query: str) -> list[str]:
        changelist = root.get("/admin/crmsync/deal/", query).context["cl"]
        spec = next(spec for spec in changelist.filter_specs if spec.title == "presence")
        return [str(choice["display"]) for choice in spec.choices(changelist) if choice["selected"]]

    assert (marked(), marked(q="2"), marked(presence="deleted")) == (["on the portal"], ["all"], ["deleted"])


def test_list_says_since_when_records_are_gone(root: Client, gone: Deal) -> None:
    assert "03/02/2026 noon" not in root.get("/admin/crmsync/deal/").content.decode()
    assert "03/02/2026 noon" in root.get("/admin/crmsync/deal/?presence=all").content.decode()


def test_deleted_records_page_says_so_and_where_it_is_listed(root: Client, gone: Deal) -> None:
    moments = dict.fromkeys(("missed_at", "last_missed_at"), NOON)
    Tombstone.objects.create(portal=gone.portal, stream="deals", row_id=gone.pk, external_id="2", **moments)
    response = root.get(f"/admin/crmsync/deal/{gone.pk}/change/")
    assert "taken for deleted on 03/02/2026 noon" in response.content.decode()
    assert len(root.get(response.context["gone_list"]).context["cl"].result_list) == 1


def test_line_that_went_with_its_deal_is_listed_nowhere(root: Client, gone: Deal) -> None:
    line = make_row(DealProduct, gone.portal, 1, deleted_at=NOON)
    assert root.get(f"/admin/crmsync/dealproduct/{line.pk}/change/").context["gone_list"] == ""


def test_live_records_page_says_nothing(root: Client, gone: Deal) -> None:
    live = Deal.objects.get(external_id=1)
    assert "taken for deleted" not in root.get(f"/admin/crmsync/deal/{live.pk}/change/").content.decode()


def test_history_is_never_gone(root: Client, portal: Portal) -> None:
    make_row(StageChange, portal)
    assert "presence" not in root.get("/admin/crmsync/stagechange/").content.decode()


def test_deals_page_leaves_out_deleted_lines_and_activities(root: Client, gone: Deal) -> None:
    make_row(DealProduct, gone.portal, 1, product_name="Живая")
    make_row(Activity, gone.portal, 1)
    make_row(DealProduct, gone.portal, 2, product_name="Удалённая", deleted_at=NOON)
    make_row(Activity, gone.portal, 2, deleted_at=NOON)
    response = root.get(f"/admin/crmsync/deal/{Deal.objects.get(external_id=1).pk}/change/")
    assert ([line["name"] for line in response.context["lines"]], response.context["activities"]) == (["Живая"], 1)


def test_deleted_deal_still_shows_its_lines(root: Client, gone: Deal) -> None:
    make_row(DealProduct, gone.portal, 1, deal_external_id=2, product_name="Удалённая", deleted_at=NOON)
    assert "Удалённая" in root.get(f"/admin/crmsync/deal/{gone.pk}/change/").content.decode()
