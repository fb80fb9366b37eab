"""crm.item.*: what a list selects, filters, counts and refuses."""

import pytest

from crmsync.sandbox import SandboxServer, Store

from .wire import ask


def deals(server, **params):
    return ask(server, "crm.item.list", {"entityTypeId": 2, "select": ["id"], **params})


def ids(server, **params):
    return [row["id"] for row in deals(server, **params)["result"]["items"]]


def test_counted_pages_announce_the_next_until_the_last(server):
    first, last = deals(server), deals(server, start=100)
    assert (first["total"], first["next"], len(first["result"]["items"])) == (120, 50, 50)
    assert "next" not in last
    assert len(last["result"]["items"]) == 20


@pytest.mark.parametrize("mode", ["absent", "zero"])
def test_uncounted_page_has_no_next(server, mode):
    server.knobs.uncounted_total = mode
    page = deals(server, start=-1)
    assert "next" not in page
    assert page.get("total") == (0 if mode == "zero" else None)


def test_keyset_walk_visits_every_deal_once(server):
    seen: list[int] = []
    while page := ids(server, start=-1, order={"id": "ASC"}, filter={">id": seen[-1] if seen else 0}):
        seen += page
    assert seen == list(range(1, 121))


def test_explicit_select_is_respected_and_star_brings_everything(server):
    assert deals(server)["result"]["items"][0] == {"id": 1}
    whole = deals(server, select=["*"])["result"]["items"][0]
    assert whole["comments"] == "secret"
    assert whole["stageSemanticId"] == "P"


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({"id": [3, 4, 500]}, [3, 4]),
        ({"@id": [3, 4]}, [3, 4]),
        ({"=id": "7"}, [7]),
        ({"<=id": 3, "!id": 2}, [1, 3]),
        ({"<id": 5, "!@id": [1, 2]}, [3, 4]),
        ({"stageSemanticId": "S", "<id": 7}, [3, 6]),
        ({"%title": "делка 11", "<id": 112}, [11, 110, 111]),
        ({">=opportunity": 100.5 * 119}, [119, 120]),
        ({"companyId": 0, "<id": 3}, [1, 2]),
        ({"closedate": "", "<id": 2}, [1]),
    ],
)
def test_filter_operators(server, wanted, found):
    assert ids(server, filter=wanted) == found


@pytest.mark.parametrize(
    "bound", ["2026-02-28T10:00:00+03:00", "2026-02-28T07:00:00Z", "2026-02-28T10:00:00", "2026-02-28T12:00:00+05:00"]
)
def test_moments_compare_by_instant_whatever_offset_is_sent(server, bound):
    assert ids(server, filter={">=createdTime": bound}) == [27, 55, 83, 111]


@pytest.mark.parametrize(
    "params",
    [{"filter": {"DATE_MODIFY": 1}}, {"order": {"nothing": "ASC"}}, {"filter": {">updatedTime": "yesterday"}}],
)
def test_unknown_fields_and_unreadable_moments_are_refused(server, params):
    assert deals(server, **params)["error"] == "INVALID_ARG_VALUE"


def test_junk_in_a_numeric_filter_restarts_the_walk(server):
    assert ids(server, filter={">id": "$result[gone][0]"})[0] == 1


def test_descending_order_and_order_by_another_field(server):
    assert ids(server, order={"id": "DESC"}, start=-1)[:2] == [120, 119]
    assert ids(server, order={"opportunity": "DESC"})[:2] == [120, 119]


def test_item_get_answers_one_or_not_found(server):
    item = ask(server, "crm.item.get", {"entityTypeId": 2, "id": 5})["result"]["item"]
    assert (item["id"], item["opportunity"], item["closed"]) == (5, 502.5, "N")
    assert ask(server, "crm.item.get", {"entityTypeId": 2, "id": 500})["error"] == "NOT_FOUND"


def test_custom_fields_follow_the_naming_rules():
    fields = {"UF_CRM_COST": "300|RUB", "UF_CRM_3_DIGIT": 1, "UF_CRM_3_1747309727": 2, "UF_CRM_3_DIGIT10": 3}
    store = Store.from_records({"deals": [{"id": 1, **fields}]})
    names = ["ufCrm_COST", "ufCrm3Digit", "ufCrm3_1747309727", "ufCrm_3_DIGIT10"]
    with SandboxServer(store) as server:
        found = deals(server, select=names)["result"]["items"][0]
        raw = deals(server, select=list(fields), useOriginalUfNames="Y")["result"]["items"][0]
        described = ask(server, "crm.item.fields", {"entityTypeId": 2})["result"]["fields"]
    assert found == dict(zip(names, fields.values(), strict=True))
    assert raw == fields
    assert described["ufCrm_COST"]["upperName"] == "UF_CRM_COST"
    assert described["ufCrm_COST"]["type"] == "money"


def test_reach_aliases_and_multifields_agree():
    fm = [{"id": 1, "typeId": "EMAIL", "valueType": "WORK", "value": "a@b.example"}]
    contacts = [{"id": 1, "name": "Ann", "fm": fm}, {"id": 2, "name": "Bob", "phoneWork": "+70000000000"}]
    with SandboxServer(Store.from_records({"contacts": contacts})) as server:
        wanted = {"entityTypeId": 3, "select": ["email", "emailWork", "phone", "hasPhone"]}
        ann, bob = ask(server, "crm.item.list", wanted)["result"]["items"]
        known = ask(server, "crm.item.fields", {"entityTypeId": 3})["result"]["fields"]
        whole = ask(server, "crm.item.list", {"entityTypeId": 3, "select": ["*"]})["result"]["items"]
    assert ann == {"email": "a@b.example", "emailWork": "a@b.example", "phone": "", "hasPhone": "N"}
    assert (bob["phone"], bob["hasPhone"]) == ("+70000000000", "Y")
    assert {"email", "phoneMobile"} <= set(known)
    assert whole[1]["fm"][0]["typeId"] == "PHONE"


def test_user_zone_shifts_only_created_and_updated(server):
    server.knobs.user_tz_shift = -7200
    wanted = {"select": ["createdTime", "movedTime"], "filter": {"id": 1}}
    shifted = deals(server, **wanted)["result"]["items"][0]
    assert shifted == {"createdTime": "2026-02-02T08:00:00+03:00", "movedTime": "2026-02-02T10:00:00+03:00"}
    assert ids(server, filter={"createdTime": "2026-02-02T08:00:00+03:00", "<id": 9}) == [1]


def test_product_rows_insist_on_their_owner():
    rows = [{"id": n, "ownerId": 1 + n % 2, "ownerType": "D", "price": 10.5, "quantity": 2} for n in (1, 2, 3)]
    with SandboxServer(Store.from_records({"productrows": rows})) as server:
        wanted = {"filter": {"=ownerType": "D", "=ownerId": [2, 9]}}
        found = ask(server, "crm.item.productrow.list", wanted)["result"]["productRows"]
        assert [row["id"] for row in found] == [1, 3]
        assert ask(server, "crm.item.productrow.list", {"filter": {"=ownerId": 2}})["error"] == "INVALID_ARG_VALUE"
