"""What may be set on a portal, by whom, and what is refused with which sentence."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client

from crmsync.models import Activity, Portal
from tests.crmsync.admin.rows import make_row

SETTINGS = {
    "name": "Ромашка",
    "time_zone": "Europe/Moscow",
    "is_enabled": "on",
    "sync_seconds": "600",
    "night_hour": "2",
    "bucket_capacity": "50",
    "bucket_leak": "2",
    "overlap_hours": "14",
    "custom_fields": "{}",
    "activity_map": "[]",
}


def save(browser: Client, portal: Portal, **changes: str) -> Any:
    return browser.post(f"/admin/crmsync/portal/{portal.pk}/change/", SETTINGS | changes)


def refusals(response: Any) -> dict[str, list[str]]:
    assert response.status_code == 200
    return dict(response.context["adminform"].form.errors)


def test_superuser_changes_settings(root: Client, portal: Portal) -> None:
    fields = '{"deal": ["UF_CRM_COST"]}'
    assert save(root, portal, name="Василёк", night_hour="4", custom_fields=fields).status_code == 302
    portal.refresh_from_db()
    assert (portal.name, portal.night_hour) == ("Василёк", 4)
    assert portal.custom_fields == {"deal": ["UF_CRM_COST"]}


def test_viewer_changes_nothing(staff: Client, portal: Portal) -> None:
    assert save(staff, portal, name="Василёк").status_code == 403
    assert staff.post(f"/admin/crmsync/portal/{portal.pk}/sync/").status_code == 403
    assert staff.get(f"/admin/crmsync/portal/{portal.pk}/webhook/").status_code == 403
    assert staff.get("/admin/crmsync/portal/add/").status_code == 403
    assert Portal.objects.get().name == "Ромашка"


def test_viewer_sees_the_state_and_no_button(staff: Client, root: Client, portal: Portal) -> None:
    url = f"/admin/crmsync/portal/{portal.pk}/"
    pages = [browser.get(f"{url}change/").content.decode() for browser in (staff, root)]
    assert ["Jobs and last runs" in page for page in pages] == [True, True]
    assert [f'action="{url}sync/"' in page for page in pages] == [False, True]
    assert [f'href="{url}webhook/"' in page for page in pages] == [False, True]


def test_nobody_deletes_a_portal(root: Client, portal: Portal) -> None:
    assert root.post(f"/admin/crmsync/portal/{portal.pk}/delete/", {"post": "yes"}).status_code == 403
    root.post("/admin/crmsync/portal/", {"action": "delete_selected", "_selected_action": [portal.pk], "post": "yes"})
    assert Portal.objects.exists()


def test_saving_leaves_a_running_syncs_lease_alone(
    root: Client, portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    until = datetime(2026, 3, 2, tzinfo=UTC)
    save_row = Portal.save

    def claim_first(self: Portal, **kwargs: Any) -> None:
        Portal.objects.update(lease_owner="worker", lease_until=until, lease_fence=7, connection="broken")
        save_row(self, **kwargs)

    monkeypatch.setattr(Portal, "save", claim_first)
    save(root, portal, name="Василёк")
    row = Portal.objects.values_list("name", "lease_owner", "lease_until", "lease_fence", "connection")
    assert row.get() == ("Василёк", "worker", until, 7, "broken")


def test_saving_whole_rows_would_break_the_lease(portal: Portal) -> None:
    Portal.objects.update(lease_owner="worker", lease_fence=7)
    portal.save()
    assert Portal.objects.get().lease_owner == ""


def test_saving_leaves_the_webhook_alone(root: Client, portal: Portal, canary: str) -> None:
    save(root, portal, name="Василёк", webhook_url="https://evil.example/rest/1/x/", origin="https://evil.example")
    portal.refresh_from_db()
    assert canary in portal.webhook_url
    assert portal.origin == "https://romashka.example"


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("time_zone", "Moscow", "Use the name of a time zone"),
        ("sync_seconds", "5", "greater than or equal to 10"),
        ("sync_seconds", "90000", "less than or equal to 86400"),
        ("sync_seconds", "soon", "Enter a whole number"),
        ("night_hour", "24", "less than or equal to 23"),
        ("night_hour", "-1", "greater than or equal to 0"),
        ("bucket_capacity", "0", "greater than or equal to 1"),
        ("bucket_leak", "-1", "greater than or equal to 0"),
        ("bucket_leak", "nan", "Enter a number"),
        ("overlap_hours", "99999", "less than or equal to 8784"),
        ("custom_fields", "{", "This is no JSON"),
        ("custom_fields", "[]x", "This is no JSON"),
        ("custom_fields", '["UF_CRM_COST"]', "Write an object of lists"),
        (
            "custom_fields",
            '{"activity": ["UF_X"]}',
            "“activity” has no custom fields: use company, contact, lead, deal.",
        ),
        ("custom_fields", '{"deal": "UF_CRM_COST"}', "Under “deal” write a list"),
        ("custom_fields", '{"deal": ["TITLE"]}', "Under “deal” write a list"),
        ("custom_fields", '{"deal": [["UF_X"]]}', "Under “deal” write a list"),
        ("activity_map", "{", "This is no JSON"),
        ("activity_map", '{"a": 1}', "Write a list of rules"),
        ("activity_map", '[[null, "BOT", "chat"], [1, "X"]]', "Rule 2 is not"),
        ("activity_map", '["abc"]', "Rule 1 is not"),
        ("activity_map", '[[null, null, "chat"]]', "Rule 1 is not"),
        ("activity_map", '[[null, "BOT", "unknown"]]', "kind is one of email, call, meeting, task, chat, ignored."),
        ("activity_map", '[[true, "BOT", "chat"]]', "Rule 1 is not"),
        ("activity_map", '[["6", "BOT", "chat"]]', "Rule 1 is not"),
        ("activity_map", '[[6, 7, "chat"]]', "Rule 1 is not"),
        ("activity_map", '[[6, "BOT", ["chat"]]]', "Rule 1 is not"),
    ],
)
def test_bad_setting_is_refused_with_one_sentence(
    root: Client, portal: Portal, field: str, value: str, sentence: str
) -> None:
    errors = refusals(save(root, portal, **{field: value}))
    assert list(errors) == [field]
    assert len(errors[field]) == 1
    assert sentence in errors[field][0]


def test_emptied_lists_stay_lists(root: Client, portal: Portal) -> None:
    Portal.objects.update(custom_fields={"deal": ["UF_X"]}, activity_map=[[None, "BOT", "chat"]])
    assert save(root, portal, custom_fields="", activity_map="").status_code == 302
    portal.refresh_from_db()
    assert (portal.custom_fields, portal.activity_map) == ({}, [])


def test_changed_map_reads_activities_again(root: Client, portal: Portal) -> None:
    make_row(Activity, portal, 1, kind="unknown", provider="ACME_BOT", type_id=6)
    make_row(Activity, portal, 2, kind="email", provider="CRM_EMAIL", type_id=4)
    save(root, portal, activity_map=json.dumps([[6, "ACME_BOT", "chat"]]))
    assert list(Activity.objects.order_by("pk").values_list("kind", flat=True)) == ["chat", "email"]


def test_unchanged_map_reads_nothing_again(root: Client, portal: Portal) -> None:
    make_row(Activity, portal, 1, kind="unknown", provider="CRM_EMAIL", type_id=4)
    save(root, portal, name="Василёк")
    assert Activity.objects.get().kind == "unknown"


def test_change_of_fields_says_how_to_read_old_records(root: Client, portal: Portal) -> None:
    pages = []
    for _ in ("changed", "unchanged"):
        save(root, portal, custom_fields='{"deal": ["UF_X"]}')
        pages.append(root.get("/admin/crmsync/portal/").content.decode())
    assert [f"manage.py sync --portal {portal.pk} --full" in page for page in pages] == [True, False]


def test_changes_are_logged_with_who_made_them(root: Client, portal: Portal) -> None:
    save(root, portal, name="Василёк")
    entry = LogEntry.objects.get()
    assert (entry.user.username, entry.object_id) == ("root", str(portal.pk))
