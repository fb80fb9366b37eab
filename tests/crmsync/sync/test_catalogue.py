"""Purchase prices: read whole at night, from every catalogue, and only where the portal offers them."""

from datetime import timedelta

import pytest
from django.utils import timezone

from crmsync.bitrix24.streams import BY_KEY
from crmsync.findings import Level, review_portal
from crmsync.models import Difference, Product, Proof, StreamState, SyncRun, TouchedDay, TouchedRecord
from crmsync.proof import prove_portal
from crmsync.sandbox.calls import Credential
from tests.crmsync.sync.company import differences, make_product
from tests.crmsync.sync.conftest import open_hasty

PRODUCTS = BY_KEY["products"]


def read_prices() -> dict[int, list]:
    rows = Product.objects.live().order_by("external_id")
    return {key: told for key, *told in rows.values_list("external_id", "purchase_price", "purchase_currency")}


def count_asked(server) -> int:
    return sum("catalog.product.list" in entry.commands for entry in server.log)


def forbid_catalogue(server, canary) -> None:
    server.credentials[canary] = Credential(1, ("crm", "user", "department"))


@pytest.fixture
def prove():
    return lambda portal: prove_portal(type(portal).objects.get(pk=portal.pk), open_source=open_hasty)


def test_products_of_all_catalogues_are_read_with_their_prices(connected, store, run):
    store.update("products", 2, purchasingPrice=None, purchasingCurrency=None)
    store.update("products", 5, purchasingPrice="12.5", purchasingCurrency="USD")
    run(connected)
    assert differences(store, connected) == []
    assert len(read_prices()) == 7


@pytest.mark.parametrize("share", [1, 2, 7])
def test_big_catalogues_are_read_whole_and_in_order(connected, store, run, share):
    for key in range(8, 400):
        store.add("products", make_product(key, iblockId=14 if key % share == 0 else 15))
    run(connected)
    assert differences(store, connected) == []
    assert StreamState.objects.get(stream="products").watermark_at


def test_portal_without_a_catalogue_is_complete(connected, store, run, prove):
    for key in list(store.collections["catalogs"]):
        store.collections["catalogs"].remove(key)
    assert run(connected).outcome == SyncRun.Outcome.COMPLETE
    assert (Product.objects.count(), prove(connected).outcome) == (0, Proof.Outcome.EQUAL)


def test_sync_between_two_nights_does_not_ask_for_prices(connected, server, store, run):
    run(connected)
    server.log.clear()
    store.update("products", 3, purchasingPrice=99)
    assert run(connected).requests == 2
    assert (count_asked(server), read_prices()[3]) == (0, [7, "RUB"])


def test_nightly_check_reads_prices_once(connected, server, store, run, sweep):
    run(connected)
    store.update("products", 3, purchasingPrice=99)
    sweep(connected)
    assert read_prices()[3] == [99, "RUB"]
    order = timezone.now() - timedelta(days=1)
    server.log.clear()
    ended = sweep(connected, since=order)
    assert "products" not in {key for key, told in ended.streams.items() if told["read"]}


def test_stream_that_is_named_is_read(connected, store, run):
    run(connected)
    store.update("products", 3, purchasingPrice=99)
    run(connected, streams=[PRODUCTS])
    assert read_prices()[3] == [99, "RUB"]


def test_reading_cut_short_goes_on_in_the_next_sync(connected, server, store, run):
    for key in range(8, 100):
        store.add("products", make_product(key))
    StreamState.objects.create(portal=connected, stream="products", walk_until=timezone.now(), cursor=60)
    run(connected)
    state = StreamState.objects.get(stream="products")
    assert (state.walk_until, state.cursor, min(read_prices())) == (None, 0, 61)
    server.log.clear()
    run(connected)
    assert count_asked(server) == 0


def test_changed_price_touches_the_deals_with_that_product(connected, store, run, sweep, touched):
    for key, product in ((1, 3), (3, 3), (5, 4)):
        store.update("productrows", key, productId=product)
    run(connected)
    touched(connected)
    TouchedRecord.objects.all().delete()
    store.update("products", 3, purchasingPrice=99)
    store.update("products", 4, name="Новое имя")
    sweep(connected)
    told = TouchedRecord.objects.filter(portal=connected).values_list("owner_type", "external_id")
    assert (set(told), touched(connected)) == ({(2, 1), (2, 3)}, set())


def test_deleted_product_touches_its_deals_and_comes_back(connected, store, run, sweep):
    store.update("productrows", 1, productId=3)
    run(connected)
    store.hide("products", 3)
    sweep(connected)
    TouchedRecord.objects.all().delete()
    sweep(connected)
    assert 3 not in read_prices()
    assert set(TouchedRecord.objects.values_list("owner_type", "external_id")) == {(2, 1)}
    store.restore("products", 3)
    sweep(connected)
    assert read_prices()[3] == [7, "RUB"]


def test_proof_compares_prices(connected, store, run, prove):
    run(connected)
    assert prove(connected).outcome == Proof.Outcome.EQUAL
    store.update("products", 6, purchasingPrice=8)
    proof = prove(connected)
    found = Difference.objects.get(proof=proof)
    assert (found.stream, found.external_id, found.field) == ("products", "6", "purchase_price")


def test_next_sweep_mends_a_price_that_the_proof_found_to_differ(connected, store, run, prove, sweep):
    run(connected)
    Product.objects.filter(external_id=6).update(purchase_price=1)
    assert prove(connected).outcome == Proof.Outcome.DIFFERENT
    sweep(connected)
    assert differences(store, connected) == []


def test_sweep_between_two_readings_does_not_take_all_products_for_gone(connected, store, run, sweep):
    run(connected)
    sweep(connected, since=timezone.now() - timedelta(days=1))
    StreamState.objects.filter(stream="products").update(swept_at=None)
    sweep(connected, since=timezone.now() - timedelta(days=1))
    assert StreamState.objects.get(stream="products").missing == 0


def test_webhook_without_the_scope_is_none_the_worse(connected, server, canary, run, prove, sweep):
    forbid_catalogue(server, canary)
    assert run(connected).outcome == SyncRun.Outcome.COMPLETE
    assert run(connected).requests == 2
    assert sweep(connected).outcome == SyncRun.Outcome.COMPLETE
    assert prove(connected).outcome == Proof.Outcome.EQUAL
    assert StreamState.objects.get(stream="products").error_class == "Spared"


def test_operator_is_told_what_the_scope_is_for_and_not_alarmed(connected, server, canary, run):
    forbid_catalogue(server, canary)
    run(connected)
    found = [finding for finding in review_portal(connected, timezone.now()) if finding.link == "#streams"]
    assert [finding.level for finding in found] == [Level.NOTE]
    assert "catalog" in found[0].advice


def test_scope_that_is_given_later_is_used_by_the_next_sync(connected, server, canary, store, run):
    forbid_catalogue(server, canary)
    run(connected)
    server.credentials[canary] = Credential(1, tuple(store.scopes))
    run(connected)
    assert differences(store, connected) == []
    assert StreamState.objects.get(stream="products").error == ""


def test_first_prices_touch_everything_at_once(connected, server, canary, store, run, touched):
    forbid_catalogue(server, canary)
    run(connected)
    touched(connected)
    server.credentials[canary] = Credential(1, tuple(store.scopes))
    run(connected)
    assert touched(connected) == {(None, None)}
    assert TouchedDay.objects.count() == TouchedRecord.objects.count() == 0


def test_scope_that_is_taken_away_again_is_trouble(connected, server, canary, run, sweep):
    run(connected)
    forbid_catalogue(server, canary)
    ended = sweep(connected)
    assert ended.outcome == SyncRun.Outcome.INCOMPLETE
    assert ended.streams["products"]["error"] == "ScopeError"
    levels = {finding.level for finding in review_portal(connected, timezone.now()) if finding.link == "#streams"}
    assert levels == {Level.WARNING}


@pytest.mark.parametrize("shape", ["text", "empty", "zero"])
def test_only_a_refusal_is_spared(connected, server, run, shape):
    server.faults.add("odd_error", method="catalog.catalog.list", shape=shape)
    ended = run(connected)
    assert ended.outcome == SyncRun.Outcome.INCOMPLETE
    assert ended.streams["products"]["error"]


def test_prices_read_last_night_leave_the_portal_fresh(connected, run):
    run(connected)
    now = timezone.now()
    StreamState.objects.filter(stream="products").update(watermark_at=now - timedelta(hours=30))
    assert not [finding for finding in review_portal(connected, now) if finding.link == "#streams"]
    StreamState.objects.filter(stream="products").update(watermark_at=now - timedelta(hours=60))
    assert [finding for finding in review_portal(connected, now) if finding.link == "#streams"]
