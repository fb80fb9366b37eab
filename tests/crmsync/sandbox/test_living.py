"""Living mode: everything that may happen does, in coherent records, and the same seed repeats it."""

from crmsync.sandbox import Store
from crmsync.sandbox.company import make_company
from crmsync.sandbox.living import Living

from .conftest import DAY_ZERO, Clock


def live(steps, *, seed=1, deletions=False):
    clock = Clock()
    store = make_company(deals=200, seed=2, now=DAY_ZERO, clock=clock)
    living = Living(store, seed=seed, deletions=deletions)
    for _ in range(steps):
        clock.now += 60
        living.step()
    return store, living


def test_everything_that_may_happen_happens():
    store, living = live(300)
    assert set(living.events) == {act.__name__ for act, _ in living.routine()}
    assert len(store.collections["leads"]) > 400
    assert len(store.collections["deals"]) > 200


def test_late_answers_close_their_requests():
    store, living = live(200)
    activities = store.collections["activities"]
    names = ("DIRECTION", "COMPLETED", "SUBJECT", "START_TIME", "RESPONSIBLE_ID")
    new = activities.rows([key for key in activities if key > 1000], names)
    answers = [row for row in new if row[2] == "Re:"]
    assert answers
    assert len([row for row in new if row[0] == "1" and row[1] == "Y"]) == len(answers)
    assert living.events["receive_mail"] == len(answers) + len(living.replies)


def test_history_follows_every_deal_that_moved():
    store, _ = live(300)
    deals, history = store.collections["deals"], store.collections["stagehistory_deals"]
    last = {row[0]: row[1] for row in history.rows(list(history), ("OWNER_ID", "STAGE_ID"))}
    assert all(last[key] == stage for key, stage in deals.rows(list(deals), ("id", "stageId")))


def test_same_seed_lives_the_same_life():
    one, other = live(60)[0], live(60)[0]
    assert one.get("deals", 201) == other.get("deals", 201)
    assert live(60)[1].events == live(60)[1].events != live(60, seed=5)[1].events


def test_empty_portal_comes_to_life():
    living = Living(Store())
    for _ in range(60):
        living.step()
    assert living.store.get("leads", 1)
    assert living.store.get("deals", 1)


def test_nothing_is_deleted_unless_told_to():
    store, living = live(300)
    kept = [name for name in ("leads", "deals") if {*range(1, 200)} <= {*store.collections[name]}]
    assert kept == ["leads", "deals"]
    assert not {"delete_record", "hide_record", "restore_record"} & living.events.keys()


def test_records_are_now_and_then_deleted_binned_and_restored():
    store, living = live(600, deletions=True)
    assert {"delete_record", "hide_record", "restore_record"} <= living.events.keys()
    assert sum(living.events.values()) > 10 * living.events["delete_record"]
    assert max(store.collections["deals"]) > len(store.collections["deals"])
