"""A proof's page: what was compared, what differs, and the way from a difference to our row."""

from typing import Any

import pytest
from django.test import Client

from crmsync.models import Deal, Difference, Portal, Proof, Stage
from tests.crmsync.admin.rows import HOSTILE, NOON, make_row

STREAMS = {
    "deals": {"compared": 2000, "kept": 0, "causes": {"silent": 2, "lost": 1}, "error": ""},
    "stages": {"compared": 9, "kept": 0, "causes": {"newer": 1}, "error": ""},
}


@pytest.fixture
def proof(portal: Portal) -> Proof:
    proof: Proof = make_row(Proof, portal, outcome="different", compared=2009, differing=4, error="", streams=STREAMS)
    for stream, key, cause, field in (
        ("deals", "1", "silent", "title"),
        ("deals", "2", "silent", "amount"),
        ("deals", "none", "lost", ""),
        ("stages", "2:0:C1:NEW", "newer", "name"),
    ):
        Difference.objects.create(
            proof=proof, stream=stream, external_id=key, cause=cause, field=field, ours=HOSTILE, theirs="их"
        )
    return proof


def open_page(root: Client, proof: Proof, **query: str) -> Any:
    return root.get(f"/admin/crmsync/proof/{proof.pk}/change/", query)


def test_page_tells_what_was_compared_and_by_cause_what_differs(root: Client, proof: Proof) -> None:
    page = open_page(root, proof).content.decode()
    for text in ("2,000", "changed without a new date of change: 2", "missing in the mirror without a reason: 1"):
        assert text in page
    assert HOSTILE not in page


def test_difference_links_to_our_row(root: Client, proof: Proof) -> None:
    deal = make_row(Deal, proof.portal, 1)
    stage = make_row(Stage, proof.portal, external_id="C1:NEW", entity=2)
    records = [row["record"] for row in open_page(root, proof).context["differences"]]
    assert records == [
        f'<a href="/admin/crmsync/deal/{deal.pk}/change/">1</a>',
        "2",
        "none",
        f'<a href="/admin/crmsync/stage/{stage.pk}/change/">2:0:C1:NEW</a>',
    ]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"cause": "lost"}, ["none"]),
        ({"stream": "deals", "cause": "silent"}, ["1", "2"]),
        ({"stream": "junk"}, []),
    ],
)
def test_differences_are_narrowed_by_stream_and_cause(
    root: Client, proof: Proof, query: dict[str, str], expected: list[str]
) -> None:
    assert [row["row"].external_id for row in open_page(root, proof, **query).context["differences"]] == expected


def test_cause_links_to_its_differences(root: Client, proof: Proof) -> None:
    assert "?stream=deals&amp;cause=silent#differences" in open_page(root, proof).content.decode()
    page = root.get(f"/admin/crmsync/portal/{proof.portal_id}/change/").content.decode()
    assert f"/admin/crmsync/proof/{proof.pk}/change/?stream=deals&amp;cause=silent#differences" in page


def test_many_differences_cost_as_many_queries(root: Client, proof: Proof, django_assert_num_queries: Any) -> None:
    make_row(Deal, proof.portal, 1)
    with django_assert_num_queries(7) as first:
        open_page(root, proof)
    for number in range(3, 60):
        Difference.objects.create(proof=proof, stream="deals", external_id=str(number), cause="silent")
        make_row(Deal, proof.portal, number)
    with django_assert_num_queries(len(first)):
        open_page(root, proof)


def test_equal_proof_puts_the_portal_in_order(root: Client, portal: Portal) -> None:
    make_row(Proof, portal, outcome="equal", error="", started_at=NOON)
    page = root.get(f"/admin/crmsync/portal/{portal.pk}/change/").content.decode()
    assert "<strong>equal</strong>" in page
