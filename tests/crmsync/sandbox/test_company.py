"""The made-up company: it is the same every time, coherent, and its managers really differ."""

from collections import Counter, defaultdict
from datetime import datetime

import pytest

from crmsync.sandbox.company import make_company

from .conftest import DAY_ZERO

DEALS = 1500


@pytest.fixture(scope="module")
def company():
    return make_company(deals=DEALS, seed=7, now=DAY_ZERO, clock=lambda: DAY_ZERO)


def rows(store, collection, *names):
    records = store.collections[collection]
    return [dict(zip(names, row, strict=True)) for row in records.rows(list(records), names)]


@pytest.fixture(scope="module")
def deals(company):
    names = ("id", "stageId", "stageSemanticId", "categoryId", "createdTime", "updatedTime", "movedTime")
    return rows(
        company, "deals", *names, "assignedById", "leadId", "companyId", "contactId", "opportunity", "closedate"
    )


def test_same_seed_and_moment_give_the_same_company(company):
    again = make_company(deals=DEALS, seed=7, now=DAY_ZERO)
    other = make_company(deals=DEALS, seed=8, now=DAY_ZERO)
    for name in ("leads", "deals", "activities", "stagehistory_deals", "productrows"):
        assert again.get(name, 100) == company.get(name, 100)
    assert other.get("deals", 100) != company.get("deals", 100)


def test_collections_have_the_sizes_promised(company):
    sizes = {name: len(records) for name, records in company.collections.items()}
    assert (sizes["deals"], sizes["leads"], sizes["activities"]) == (DEALS, 2 * DEALS, 5 * DEALS)
    assert (sizes["companies"], sizes["contacts"], sizes["users"]) == (DEALS // 5, DEALS // 3, 12)
    assert 1.3 < sizes["productrows"] / DEALS < 1.8
    assert 3 < sizes["stagehistory_deals"] / DEALS < 4


@pytest.mark.parametrize("collection", ["deals", "leads"])
def test_stamps_follow_each_other_and_end_now(company, collection):
    end = datetime.fromtimestamp(DAY_ZERO).astimezone()
    for row in rows(company, collection, "createdTime", "movedTime", "updatedTime"):
        created, moved, updated = (datetime.fromisoformat(row[name]) for name in row)
        assert created <= moved <= updated <= end


@pytest.mark.parametrize(("collection", "stage"), [("deals", "STAGE_ID"), ("leads", "STATUS_ID")])
def test_stage_history_tells_the_same_story_as_the_record(company, collection, stage):
    history = defaultdict(list)
    for row in rows(company, f"stagehistory_{collection}", "OWNER_ID", "TYPE_ID", "CREATED_TIME", stage):
        history[row["OWNER_ID"]].append(row)
    for row in rows(company, collection, "id", "stageId", "createdTime", "movedTime"):
        first, last = history[row["id"]][0], history[row["id"]][-1]
        assert (first["TYPE_ID"], first["CREATED_TIME"]) == (1, row["createdTime"])
        assert (last[stage], last["CREATED_TIME"]) == (row["stageId"], row["movedTime"])


def test_history_has_final_moves_reopenings_and_moves_between_pipelines(company):
    types = Counter(row["TYPE_ID"] for row in rows(company, "stagehistory_deals", "TYPE_ID"))
    assert set(types) == {1, 2, 3, 5}
    finals = Counter(
        row["OWNER_ID"] for row in rows(company, "stagehistory_deals", "OWNER_ID", "TYPE_ID") if row["TYPE_ID"] == 3
    )
    assert max(finals.values()) == 2


def test_deals_point_to_older_leads_and_customers(company, deals):
    leads = {row["id"]: row for row in rows(company, "leads", "id", "createdTime", "stageId")}
    companies = {row["id"]: row["createdTime"] for row in rows(company, "companies", "id", "createdTime")}
    linked = [deal for deal in deals if deal["leadId"] in leads]
    assert len(linked) > DEALS / 2
    assert all(leads[deal["leadId"]]["stageId"] == "CONVERTED" for deal in linked)
    assert all(leads[deal["leadId"]]["createdTime"] <= deal["createdTime"] for deal in linked)
    assert all(companies[deal["companyId"]] <= deal["createdTime"] for deal in deals if deal["companyId"])


def test_customers_come_back_and_the_own_company_buys_nothing(company, deals):
    bought = Counter(deal["companyId"] for deal in deals if deal["companyId"])
    assert sum(count > 1 for count in bought.values()) > len(bought) / 4
    own = [row["id"] for row in rows(company, "companies", "id", "isMyCompany") if row["isMyCompany"] == "Y"]
    assert own == [1]
    assert 1 not in bought


def test_product_rows_add_up_to_their_deal(company, deals):
    sums: Counter[int] = Counter()
    for row in rows(company, "productrows", "ownerId", "price", "quantity"):
        sums[row["ownerId"]] += round(row["price"] * row["quantity"] * 100)
    amounts = {deal["id"]: round(deal["opportunity"] * 100) for deal in deals}
    assert all(amounts[deal] == total for deal, total in sums.items())


def test_managers_differ_for_good(deals):
    won: Counter[int] = Counter()
    lost: Counter[int] = Counter()
    for deal in deals:
        (won if deal["stageSemanticId"] == "S" else lost)[deal["assignedById"]] += 1
    shares = sorted(won[user] / (won[user] + lost[user]) for user in won if won[user] + lost[user] > 40)
    assert shares[-1] > 1.5 * shares[0]


def test_one_user_is_named_by_deals_and_never_listed(company, deals):
    listed = {int(row["ID"]) for row in rows(company, "users", "ID")}
    assert {deal["assignedById"] for deal in deals} - listed == {13}
    assert {row["ACTIVE"] for row in rows(company, "users", "ACTIVE")} == {True, False}


def test_departments_make_a_tree_with_heads(company):
    tree = {row["ID"]: row for row in rows(company, "departments", "ID", "PARENT", "UF_HEAD")}
    assert [key for key, row in tree.items() if row["PARENT"] is None] == ["1"]
    assert all(row["PARENT"] in tree for row in tree.values() if row["PARENT"])
    assert tree["2"]["UF_HEAD"] == "2"


def test_work_has_its_weekdays_and_hours(company):
    moments = [datetime.fromisoformat(row["createdTime"]) for row in rows(company, "leads", "createdTime")]
    weekdays = Counter(moment.weekday() for moment in moments)
    assert weekdays[6] < weekdays[1] / 5
    assert sum(9 <= moment.hour < 19 for moment in moments) > 0.8 * len(moments)


def test_close_date_disagrees_with_the_moment_now_and_then(deals):
    closed = [deal for deal in deals if deal["stageSemanticId"] != "P"]
    apart = sum(deal["closedate"][:10] != deal["movedTime"][:10] for deal in closed)
    assert 0.05 < apart / len(closed) < 0.25
    assert deals[0]["closedate"][10:] == "T03:00:00+03:00"


def test_requests_are_answered_late_by_the_one_responsible(company):
    names = (
        "OWNER_ID",
        "OWNER_TYPE_ID",
        "DIRECTION",
        "TYPE_ID",
        "START_TIME",
        "RESPONSIBLE_ID",
        "DEADLINE",
        "PROVIDER_ID",
    )
    mails = [
        row for row in rows(company, "activities", *names) if row["TYPE_ID"] == "4" and row["OWNER_TYPE_ID"] == "2"
    ]
    answers = {(row["OWNER_ID"], row["RESPONSIBLE_ID"]): row["START_TIME"] for row in mails if row["DIRECTION"] == "2"}
    asked = [row for row in mails if row["DIRECTION"] == "1"]
    answered = [row for row in asked if answers.get((row["OWNER_ID"], row["RESPONSIBLE_ID"]), "") > row["START_TIME"]]
    assert len(answered) > len(asked) / 2
    assert asked[0]["DEADLINE"] == "9999-12-31T00:00:00+03:00"


def test_activities_have_every_kind_of_owner_and_an_unknown_provider(company):
    found = rows(company, "activities", "OWNER_TYPE_ID", "PROVIDER_ID", "TYPE_ID")
    assert {row["OWNER_TYPE_ID"] for row in found} == {"1", "2", "3"}
    assert "XYZ_APP" in {row["PROVIDER_ID"] for row in found}
    assert {row["TYPE_ID"] for row in found} == {"1", "2", "3", "4", "6"}


def test_oddities_are_seeded(company):
    found = rows(company, "deals", "title", "currencyId", "isRecurring", "UF_CRM_COST", "leadId", "comments")
    assert {row["currencyId"] for row in found} == {"RUB", "USD", "EUR"}
    assert {row["isRecurring"] for row in found} == {"N", "Y"}
    assert any("<script>" in row["title"] or "DROP TABLE" in row["title"] for row in found)
    assert any(row["comments"] and "CANARY-PII" in row["comments"] for row in found)
    assert 0.5 < sum(row["UF_CRM_COST"] is not None for row in found) / DEALS < 0.9


@pytest.mark.parametrize("size", [1, 2, 7, 30])
def test_tiny_companies_are_whole(size):
    tiny = make_company(deals=size, now=DAY_ZERO)
    assert len(tiny.collections["deals"]) == size
    assert len(tiny.collections["activities"]) <= 5 * size + 2
    assert tiny.record("deals", 1)["stageId"]
