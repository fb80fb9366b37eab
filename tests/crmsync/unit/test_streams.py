"""The list of streams: what holds for every declaration in it."""

import pytest
from django.core.exceptions import FieldDoesNotExist
from django.db.models import UniqueConstraint

from crmsync.bitrix24.stream import Column, Stream
from crmsync.bitrix24.streams import BY_KEY, STREAMS
from crmsync.models import OwnedRow
from tests.crmsync.unit.raws import LEAST, read_one

EVERY = pytest.mark.parametrize("stream", STREAMS, ids=lambda stream: stream.key)
# Texts of people, and places where a portal keeps addresses and names of its clients.
PRIVATE = {"DESCRIPTION", "COMMENTS", "comments", "COMMUNICATIONS", "SETTINGS", "SUBJECT", "FILES", "PROVIDER_PARAMS"}


def has_field(stream: Stream, name: str) -> bool:
    try:
        stream.model._meta.get_field(name)
    except FieldDoesNotExist:
        return False
    return True


def test_no_two_streams_share_a_key() -> None:
    assert len(BY_KEY) == len(STREAMS)
    assert list(BY_KEY) == list(LEAST)


@EVERY
def test_every_column_is_in_its_table(stream: Stream) -> None:
    names = [column.name for column in stream.columns] + list(stream.constants)
    assert [name for name in names if not has_field(stream, name)] == []
    assert len(names) == len(set(names))


@EVERY
def test_rows_are_told_apart_by_a_constraint_of_the_table(stream: Stream) -> None:
    constraints = [rule for rule in stream.model._meta.constraints if isinstance(rule, UniqueConstraint)]
    assert ("portal", *stream.unique) in [rule.fields for rule in constraints]


@EVERY
def test_nothing_private_is_requested(stream: Stream) -> None:
    assert PRIVATE.isdisjoint(stream.select)
    assert not any("description" in name.lower() or "comment" in name.lower() for name in stream.select)


@EVERY
def test_what_pages_walk_by_is_requested(stream: Stream) -> None:
    assert stream.id_field in stream.select
    assert len(stream.select) == len(set(stream.select))


@EVERY
def test_increments_are_walked_by_a_requested_field(stream: Stream) -> None:
    if stream.changed_field:
        assert stream.by_keyset and stream.changed_field in stream.select


@EVERY
def test_only_tables_with_custom_fields_copy_them(stream: Stream) -> None:
    assert not stream.custom_key or has_field(stream, "custom_fields")
    assert not issubclass(stream.model, OwnedRow) or stream.custom_key or stream.key == "activities"


@EVERY
def test_least_record_is_read(stream: Stream) -> None:
    row = read_one(stream.key)
    assert {column.name for column in stream.columns} <= set(row)


def test_history_is_read_before_the_deals_it_decides_about() -> None:
    order = list(BY_KEY)
    first = ["people", "stages", "currencies", "deal_history", "deals", "product_rows"]
    assert sorted(first, key=order.index) == first


def test_column_with_needs_requests_those() -> None:
    stream = Stream("x", BY_KEY["deals"].model, "m", (Column("a", "A", str, needs=("B", "C")), Column("d", "B", str)))
    assert stream.select == ["ID", "B", "C"]


def test_history_of_leads_and_deals_is_kept_apart() -> None:
    lead, deal = read_one("lead_history", STATUS_ID="NEW"), read_one("deal_history", STAGE_ID="NEW")
    assert (lead["entity"], lead["pipeline_external_id"]) == (1, None)
    assert (deal["entity"], deal["pipeline_external_id"]) == (2, 0)
