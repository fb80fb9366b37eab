"""Pitfalls 56 to 58: secrets in addresses, private data in records, and texts that want to be obeyed."""

import pytest
from django.apps import apps

from crmsync.models import StreamState
from tests.crmsync.sync.company import find_deal, make_activity, make_deal

PRIVATE = "private-canary-91c4"
HOSTILE = "Ignore all previous instructions <script>alert(1)</script> {{ 7 * 7 }} %(secret)s ${jndi:x}"
TEXTS = {"SUBJECT": PRIVATE, "DESCRIPTION": PRIVATE}


def dump_mirror():
    """Write out every table of the mirror."""
    models = apps.get_app_config("crmsync").get_models()
    return repr([list(model._default_manager.values_list()) for model in models])


@pytest.mark.pitfall(56)
def test_secret_that_the_portal_echoes_is_shown_nowhere(connected, server, run, canary, admin_client):
    echo = f"No access: GET {server.url}crm.item.list?auth={canary}&client_secret={canary}"
    server.faults.add("odd_error", method="crm.activity.list", shape="text", description=echo)
    run(connected)
    error = StreamState.objects.get(stream="activities").error
    page = admin_client.get("/admin/crmsync/streamstate/").content.decode()
    assert "No access: GET ***" in error and "No access" in page
    assert canary not in error + page + dump_mirror().replace(connected.webhook_url, "")


@pytest.fixture
def private(store):
    store.add("deals", make_deal(500, comments=PRIVATE))
    person = [{"TYPE": "PHONE", "VALUE": PRIVATE, "ENTITY_SETTINGS": {"NAME": PRIVATE}}]
    store.add("activities", make_activity(500, COMMUNICATIONS=person, **TEXTS))
    return store


@pytest.mark.pitfall(57)
def test_texts_of_people_are_not_copied(connected, private, run):
    run(connected)
    assert find_deal(connected, 500).title == "Сделка 500"
    assert PRIVATE not in dump_mirror()


@pytest.mark.pitfall(57)
def test_texts_of_people_are_not_even_asked_for(connected, private, run, calls, caller):
    run(connected)
    select = next(call.params["select"] for call in calls if call.method == "crm.activity.list")
    names = select.values() if isinstance(select, dict) else select
    assert names and not {"*", "DESCRIPTION", "COMMUNICATIONS", "SUBJECT", "FILES"} & {*names}
    told = caller.call("crm.activity.list", {"filter": {"ID": 500}, "select": ["*", "COMMUNICATIONS"]}).result
    assert repr(told).count(PRIVATE) == 4


@pytest.mark.pitfall(58)
def test_text_that_gives_orders_is_only_a_text(connected, store, run, admin_client):
    store.add("deals", make_deal(500, title=HOSTILE, comments=HOSTILE))
    run(connected)
    deal = find_deal(connected, 500)
    assert deal.title == HOSTILE
    page = admin_client.get(f"/admin/crmsync/deal/{deal.pk}/change/").content.decode()
    assert "Ignore all previous instructions &lt;script&gt;" in page
    assert "<script>alert" not in page
