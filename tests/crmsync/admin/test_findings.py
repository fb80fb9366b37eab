"""What is found about a portal, told from hand-made rows: what is wrong, how urgent, and what to do."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import translation

from crmsync.findings import Evidence, Finding, Level, gather_evidence, review
from crmsync.models import Portal, Proof, Slot, StreamState, SyncRun
from crmsync.selectors import UnknownProvider

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
PORTAL = Portal(pk=7, name="Ромашка", created_at=NOW - timedelta(days=9), sync_seconds=600)
NIGHT = NOW - timedelta(hours=7)
EQUAL = Proof(pk=1, portal=PORTAL, started_at=NIGHT, finished_at=NIGHT, outcome="equal")


@pytest.fixture(autouse=True)
def english() -> Any:
    with translation.override("en"):
        yield


def state(stream: str = "deals", **fields: Any) -> StreamState:
    return StreamState(stream=stream, **{"watermark_at": NOW, "swept_at": NIGHT, **fields})


WELL = Evidence(PORTAL, NOW, last_beat=NOW, states=[state()], proof=EQUAL)


def find(**facts: Any) -> list[Finding]:
    return review(replace(WELL, **facts))


def find_one(**facts: Any) -> Finding:
    (found,) = find(**facts)
    return found


def alter(**fields: Any) -> Portal:
    values = {"pk": 7, "name": "Ромашка", "created_at": PORTAL.created_at, "sync_seconds": 600}
    return Portal(**{**values, **fields})


def test_portal_in_order_has_no_findings() -> None:
    assert find() == []


def test_custom_field_that_is_not_there_is_named() -> None:
    found = find_one(portal=alter(missing_fields=["UF_CRM_GONE"]))
    assert (found.level, found.text) == (Level.WARNING, "The portal has no custom fields UF_CRM_GONE.")
    assert found.link == "#id_custom_fields"


def test_broken_connection_gives_its_note_and_the_webhooks_page() -> None:
    found = find_one(portal=alter(connection="broken", connection_note="Make a new webhook."))
    assert (found.level, found.advice, found.act) == (Level.URGENT, "Make a new webhook.", "Replace the webhook")
    assert found.link == "/admin/crmsync/portal/7/webhook/"


@pytest.mark.parametrize(
    ("last_beat", "words"),
    [(None, "never been heard"), (NOW - timedelta(minutes=4), "silent since 03/02/2026 11:56 a.m.")],
)
def test_silent_workers_are_told(last_beat: datetime | None, words: str) -> None:
    found = find_one(last_beat=last_beat)
    assert (found.level, words in found.text) == (Level.URGENT, True)


def test_portal_switched_off_is_neither_stale_nor_unchecked() -> None:
    old = state(watermark_at=NOW - timedelta(days=9), swept_at=NOW - timedelta(days=9))
    found = find_one(portal=alter(is_enabled=False), last_beat=None, states=[old])
    assert found.name == "switched off"


@pytest.mark.parametrize(("minutes", "count"), [(44, 0), (46, 1)])
def test_stream_is_stale_after_three_missed_syncs_and_some_grace(minutes: int, count: int) -> None:
    assert len(find(states=[state(watermark_at=NOW - timedelta(minutes=minutes))])) == count


def test_stale_streams_are_told_together() -> None:
    keys = ("deals", "leads", "companies", "contacts", "activities")
    found = find_one(states=[state(key, watermark_at=NOW - timedelta(hours=5)) for key in keys])
    assert found.text == ("Not fresh: Deals, Leads, Companies and 2 more; complete only through 03/02/2026 7 a.m..")
    assert "Sync now" in found.advice


def test_stale_streams_follow_from_a_broken_connection() -> None:
    broken = alter(connection="broken")
    first, second = find(portal=broken, states=[state(watermark_at=NOW - timedelta(hours=5))])
    assert (first.name, second.name) == ("connection", "freshness")
    assert "once what is said above is mended" in second.advice


def test_run_under_way_makes_a_stale_stream_a_note() -> None:
    run = SyncRun(pk=1, started_at=NOW - timedelta(hours=1), seen_at=NOW, outcome="running")
    found = find_one(run=run, states=[state(watermark_at=NOW - timedelta(hours=5))])
    assert (found.level, found.needs_attention) == (Level.NOTE, False)


@pytest.mark.parametrize(
    ("error_class", "hours", "level", "words"),
    [
        ("ScopeError", 0, Level.WARNING, "the webhook lacks a permission"),
        ("ScopeError", 5, Level.URGENT, "the webhook lacks a permission"),
        ("TransientError", 0, Level.NOTE, "the portal did not answer properly"),
        ("TransientError", 5, Level.URGENT, "the portal did not answer properly"),
        ("OddError", 0, Level.WARNING, "OddError"),
    ],
)
def test_error_is_told_in_words(error_class: str, hours: int, level: Level, words: str) -> None:
    broken = state(error_class=error_class, error="Do this.", watermark_at=NOW - timedelta(hours=hours))
    found = find_one(states=[broken])
    assert (found.level, found.text, found.advice) == (level, f"Deals: {words}.", "Do this.")


def test_streams_with_one_error_are_told_together() -> None:
    states = [state(key, error_class="ScopeError", error="Tick it.") for key in ("deals", "leads")]
    assert find_one(states=states).text == "Deals, Leads: the webhook lacks a permission."


def test_brake_names_the_numbers_and_leads_to_the_confirmation() -> None:
    found = find_one(states=[state(is_braked=True, missing=500)], mirrored={"deals": 2000})
    assert "Deals: 500 records of 2,000 vanished" in found.text
    assert (found.link, found.act) == ("/admin/crmsync/portal/7/accept/", "Accept deletions")
    assert "right to see them" in found.advice


def test_records_missed_once_are_a_note() -> None:
    found = find_one(states=[state(missing=1)])
    assert (found.level, found.text) == (Level.NOTE, "1 record was not found on the portal.")


def test_stream_never_read_is_a_note() -> None:
    assert find_one(states=[]).text == "Nothing has been read yet."
    found = find_one(states=[state(watermark_at=None), state("leads")])
    assert (found.level, found.text) == (Level.NOTE, "The first reading is not complete: Deals.")


@pytest.mark.parametrize(
    ("cause", "level", "advice"),
    [
        ("newer", Level.NOTE, "The next sync brings"),
        ("vanished", Level.NOTE, "The next nightly check"),
        ("silent", Level.WARNING, "“Check now”: it reads these records again"),
        ("lost", Level.WARNING, "Check now"),
        ("quarantined", Level.WARNING, "See the quarantine"),
    ],
)
def test_differences_are_told_by_their_gravest_cause(cause: str, level: Level, advice: str) -> None:
    streams = {"deals": {"causes": {cause: 3, "newer": 1}}}
    proof = Proof(pk=5, portal=PORTAL, started_at=NIGHT, outcome="different", differing=4, streams=streams)
    found = find_one(proof=proof)
    assert (found.level, found.link) == (level, "/admin/crmsync/proof/5/change/")
    assert advice in found.advice


def test_failed_proof_gives_its_reason() -> None:
    proof = Proof(pk=5, portal=PORTAL, started_at=NIGHT, outcome="failed", error="No answer.")
    assert find_one(proof=proof).advice == "No answer."


@pytest.mark.parametrize(("hours", "count"), [(47, 0), (49, 1)])
def test_old_proof_is_told(hours: int, count: int) -> None:
    proof = Proof(pk=5, portal=PORTAL, started_at=NOW - timedelta(hours=hours), outcome="equal")
    assert len(find(proof=proof)) == count


def test_new_portal_need_not_have_been_checked() -> None:
    young = alter(created_at=NOW - timedelta(hours=1))
    assert find(portal=young, proof=None, states=[state(swept_at=None)]) == []
    assert "never been checked" in find_one(proof=None, states=[state(swept_at=None)]).text


def test_job_begun_again_and_again_is_told() -> None:
    assert find(slots=[Slot(job="sync", due_at=NOW, attempts=2)]) == []
    found = find_one(slots=[Slot(job="sync", due_at=NOW, attempts=3)])
    assert "“sync” was begun 3 times" in found.text


def test_failed_run_is_told_once() -> None:
    run = SyncRun(pk=1, started_at=NOW, seen_at=NOW, outcome="failed", error="No answer.")
    assert find_one(run=run).advice == "No answer."
    assert [found.name for found in find(run=run, portal=alter(connection="broken"))] == ["connection"]


def test_what_is_left_out_is_told_with_its_number() -> None:
    providers = [UnknownProvider(6, "BOT", 2), UnknownProvider(6, "ROBOT", 3)]
    quarantine, unknown = find(quarantined={"deals": 1}, providers=providers)
    assert quarantine.text.startswith("1 record is left out")
    assert quarantine.link == "/admin/crmsync/quarantine/?portal=7"
    assert unknown.text.startswith("5 activities come")


@pytest.mark.parametrize(("waiting", "words"), [(2, "The figures of 2 days wait"), (None, "All figures wait")])
def test_waiting_figures_are_a_note(waiting: int | None, words: str) -> None:
    found = find_one(waiting=waiting)
    assert (found.level, found.text.startswith(words)) == (Level.NOTE, True)


def test_urgent_findings_come_first() -> None:
    run = SyncRun(pk=1, started_at=NOW, seen_at=NOW, outcome="failed")
    found = find(last_beat=None, run=run, waiting=1, quarantined={"deals": 1})
    assert [finding.name for finding in found] == ["workers", "last run", "quarantine", "figures"]


def test_evidence_is_gathered_from_the_database(portal: Portal) -> None:
    StreamState.objects.create(portal=portal, stream="deals", is_braked=True, missing=3)
    Proof.objects.create(portal=portal, started_at=NIGHT, outcome="failed")
    Proof.objects.create(portal=portal, started_at=NOW, outcome="running")
    seen = gather_evidence(portal, NOW)
    assert (seen.mirrored, seen.proof and seen.proof.outcome) == ({"deals": 0}, "failed")
