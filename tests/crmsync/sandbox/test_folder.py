"""A folder of records: what is read, what is filled in, what is refused and where."""

import json

import pytest

from crmsync.sandbox import SandboxServer
from crmsync.sandbox.folder import FolderError, read_folder

from .wire import ask


def write(folder, name, *lines):
    texts = (line if isinstance(line, str) else json.dumps(line, ensure_ascii=False) for line in lines)
    (folder / name).write_text("\n".join(texts) + "\n", encoding="utf-8")


def test_folder_is_served_as_it_is(tmp_path):
    write(tmp_path, "deals.jsonl", {"id": 1, "title": "Насос", "stageId": "WON", "opportunity": 12.5}, "")
    write(tmp_path, "users.jsonl", {"ID": "7", "NAME": "Alice"})
    with SandboxServer(read_folder(tmp_path)) as server:
        deal = ask(server, "crm.item.list", {"entityTypeId": 2})["result"]["items"][0]
        assert (deal["title"], deal["closed"], deal["opportunity"]) == ("Насос", "Y", 12.5)
        assert ask(server, "user.get")["result"] == [{"ID": "7", "NAME": "Alice"}]
        assert len(ask(server, "crm.status.list")["result"]) > 10


def test_settings_of_the_portal_are_read(tmp_path):
    write(tmp_path, "leads.jsonl", {"id": 1, "createdTime": "2026-01-01T00:00:00Z"})
    write(tmp_path, "portal.json", {"utc_offset": "+05:00", "base_currency": "USD", "scopes": ["crm"]})
    with SandboxServer(read_folder(tmp_path)) as server:
        lead = ask(server, "crm.item.list", {"entityTypeId": 1})["result"]["items"][0]
        assert lead["createdTime"] == lead["updatedTime"] == "2026-01-01T05:00:00+05:00"
        assert ask(server, "scope")["result"] == ["crm"]
        assert ask(server, "crm.currency.base.get")["result"] == "USD"
        assert ask(server, "user.get")["error"] == "insufficient_scope"


def test_own_dictionaries_decide_what_a_stage_means(tmp_path):
    stage = {"ID": "1", "ENTITY_ID": "DEAL_STAGE", "STATUS_ID": "DONE", "NAME": "Done", "SORT": "10", "SEMANTICS": "S"}
    write(tmp_path, "statuses.jsonl", stage)
    write(tmp_path, "deals.jsonl", {"id": 1, "stageId": "DONE"})
    deal = read_folder(tmp_path).record("deals", 1)
    assert (deal["stageSemanticId"], deal["closed"]) == ("S", "Y")


@pytest.mark.parametrize(
    ("name", "lines", "reason", "line"),
    [
        ("deals.jsonl", [{"id": 1}, "{broken"], "broken_line", 2),
        ("deals.jsonl", ["[1]"], "broken_line", 1),
        ("deals.jsonl", [{"title": "x"}], "no_key", 1),
        ("deals.jsonl", [{"id": "x"}], "no_key", 1),
        ("deals.jsonl", [{"id": 1}, {"id": 1}], "repeated_key", 2),
        ("deal.jsonl", [{"id": 1}], "unknown_file", 0),
    ],
)
def test_wrong_line_is_named_by_file_and_number(tmp_path, name, lines, reason, line):
    write(tmp_path, name, *lines)
    with pytest.raises(FolderError) as caught:
        read_folder(tmp_path)
    assert (caught.value.reason, caught.value.line, caught.value.path.name) == (reason, line, name)


@pytest.mark.parametrize(
    ("settings", "reason"),
    [('{"colour": 1}', "wrong_setting"), ('{"utc_offset": "Moscow"}', "wrong_setting"), ("[", "broken_settings")],
)
def test_wrong_settings_are_refused(tmp_path, settings, reason):
    write(tmp_path, "deals.jsonl", {"id": 1})
    write(tmp_path, "portal.json", settings)
    with pytest.raises(FolderError) as caught:
        read_folder(tmp_path)
    assert caught.value.reason == reason


def test_missing_and_empty_folders_are_refused(tmp_path):
    for path, reason in ((tmp_path, "empty_folder"), (tmp_path / "none", "no_folder")):
        with pytest.raises(FolderError) as caught:
            read_folder(path)
        assert caught.value.reason == reason
