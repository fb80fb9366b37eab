"""Pitfalls 15, 16 and 19 of product lines, whose pages are counted ones and whose absence deletes."""

import pytest

from crmsync.bitrix24 import source
from crmsync.models import DealProduct
from crmsync.sandbox.script import Script
from tests.crmsync.sync.company import differences

LINES = "crm.item.productrow.list"
FIRST_OF_A_SECOND_PAGE = 8


@pytest.fixture
def long_list(store):
    """Give the first twenty deals a second page of lines, and the first of them one line less meanwhile."""
    for key in range(1000, 1060):
        store.add("productrows", {"id": key, "ownerId": 2, "ownerType": "D", "price": 10, "quantity": 1})
    return Script(LINES, FIRST_OF_A_SECOND_PAGE, lambda: store.delete("productrows", 1))


@pytest.mark.pitfall(16)
def test_line_that_goes_between_two_pages_hides_no_other(connected, server, store, run, long_list):
    server.on_request(long_list)
    ended = run(connected)
    assert long_list.played and ended.streams["product_rows"]["error"] == "TransientError"
    run(connected)
    assert differences(store, connected) == []


@pytest.mark.pitfall(16)
def test_without_the_check_a_line_would_be_lost(connected, server, run, long_list, monkeypatch):
    monkeypatch.setattr(source, "check_page", lambda command, answer, rows, *, total: rows)
    server.on_request(long_list)
    run(connected)
    run(connected)
    assert DealProduct.objects.filter(deal_external_id=2).count() == 59


@pytest.mark.pitfall(19)
def test_lines_of_other_deals_are_not_believed(connected, server, store, run):
    server.faults.add("ignore_filter", method=LINES, times=1)
    assert run(connected).streams["product_rows"]["error"] == "TransientError"
    run(connected)
    assert differences(store, connected) == []


@pytest.mark.pitfall(15)
def test_page_of_lines_that_comes_again_and_again_is_left(connected, server, store, run, long_list):
    server.faults.add("repeat_page", method=LINES)
    assert run(connected).streams["product_rows"]["error"]
    server.faults.clear()
    run(connected)
    assert differences(store, connected) == []
