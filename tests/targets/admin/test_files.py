"""Exports and imports of a plan: a round trip changes nothing, a changed file is looked at before it is written."""

import io
import re
from importlib import import_module
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from targets.models import Target, TargetPlan
from targets.plans import publish
from tests.conftest import Cast
from tests.targets.admin.test_grid import read
from tests.targets.world import NOW, set_target

load_workbook = import_module("openpyxl").load_workbook
LIST = "/admin/targets/targetplan/"


@pytest.fixture
def stored(plan: TargetPlan, cast: Cast, head: User) -> TargetPlan:
    for who, value in ((cast.bob, "1500000.5"), (cast.carol, "1.125")):
        set_target(plan, who, "revenue", value, weight="100", by=head)
    return plan


def export(root: Client, plan: TargetPlan, kind: str = "csv") -> bytes:
    answer = root.get(f"{LIST}{plan.pk}/export/{kind}/")
    assert answer.status_code == 200
    return answer.content


def send(root: Client, plan: TargetPlan, content: bytes | str) -> Any:
    raw = content if isinstance(content, bytes) else content.encode()
    return root.post(f"{LIST}{plan.pk}/import/", {"file": SimpleUploadedFile("plan.csv", raw)}, follow=True)


def confirm(root: Client, page: Any, **values: str) -> Any:
    [shown] = re.findall(r'name="fingerprint"\s+value="(\w+)"', page.content.decode())
    return root.post(page.redirect_chain[-1][0], {"fingerprint": shown, **values}, follow=True)


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_round_trip_changes_nothing(root: Client, stored: TargetPlan, kind: str) -> None:
    page = read(send(root, stored, export(root, stored, kind)))
    assert "The file changes nothing" in page
    assert "Write these differences" not in page


def test_changed_file_is_shown_then_written(root: Client, stored: TargetPlan, cast: Cast) -> None:
    changed = export(root, stored).decode("utf-8-sig").replace("1500000.5", "1600000")
    page = send(root, stored, changed)
    assert "target: 1,500,000.5 → 1,600,000" in read(page)
    assert set(Target.objects.values_list("version", flat=True)) == {1}
    confirm(root, page)
    target = Target.objects.get(member__employee=cast.bob)
    assert (target.value, target.weight, target.version) == (1_600_000, 100, 2)


def test_workbook_holds_numbers_and_is_read_back(root: Client, stored: TargetPlan, cast: Cast) -> None:
    book = load_workbook(io.BytesIO(export(root, stored, "xlsx")))
    sheet = book.active
    assert [cell.value for cell in sheet[2]][6:8] == [1.125, 100]
    sheet["G2"] = 2.125
    file = io.BytesIO()
    book.save(file)
    confirm(root, send(root, stored, file.getvalue()))
    assert str(Target.objects.get(member__employee=cast.carol).value) == "2.125"


def test_target_that_is_stale_is_shown_and_nothing_is_written(
    root: Client, stored: TargetPlan, cast: Cast, head: User
) -> None:
    file = export(root, stored).decode("utf-8-sig").replace("1500000.5", "1600000").replace("1.125", "7")
    set_target(stored, cast.bob, "revenue", "1700000", weight="100", by=head, version=1)
    page = read(send(root, stored, file))
    assert "alice has changed this target meanwhile" in page
    assert "Write these differences" not in page


def test_targets_that_change_after_the_preview_are_not_overwritten(
    root: Client, stored: TargetPlan, cast: Cast, head: User
) -> None:
    page = send(root, stored, export(root, stored).decode("utf-8-sig").replace("1500000.5", "1600000"))
    set_target(stored, cast.bob, "revenue", "1700000", weight="100", by=head, version=1)
    assert "look at the differences again" in read(confirm(root, page))
    assert Target.objects.get(member__employee=cast.bob).value == 1_700_000


def test_published_plan_is_imported_with_a_reason(root: Client, stored: TargetPlan, cast: Cast, head: User) -> None:
    publish(stored, by=head, now=NOW)
    page = send(root, stored, export(root, stored).decode("utf-8-sig").replace("1500000.5", "1600000"))
    assert "say why" in read(confirm(root, page))
    confirm(root, page, reason="agreed")
    assert Target.objects.get(member__employee=cast.bob).value == 1_600_000


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("9999999;revenue;0;5", "not in the plan"),
        ("{member};nonsense;0;5", "nonsense"),
        ("{member};cac;0;5", "cac"),
        ("{member};calls_made;x;5", "no ID or version"),
        ("{member};calls_made;0;-5", "greater than zero"),
        ("{member};calls_made;0;many", "no number"),
        ("{member};calls_made;0;5\n{member};calls_made;0;6", "twice"),
    ],
)
def test_row_that_cannot_be_is_refused(root: Client, stored: TargetPlan, row: str, told: str) -> None:
    member = stored.members.order_by("pk")[0].pk
    file = "Member ID;KPI code;Version;Target\n" + row.format(member=member)
    assert told in read(send(root, stored, file))
    assert Target.objects.count() == 2


@pytest.mark.parametrize(("content", "told"), [(b"a;b\n1;2", "Member ID"), (b"\0\0", "no text"), (b" ", "empty")])
def test_file_that_is_no_export_is_refused(root: Client, stored: TargetPlan, content: bytes, told: str) -> None:
    assert told in read(send(root, stored, content))


def test_name_that_would_be_a_formula_is_disarmed(root: Client, stored: TargetPlan, cast: Cast) -> None:
    type(cast.bob).objects.filter(pk=cast.bob.pk).update(last_name='=HYPERLINK("http://x")')
    assert "'=HYPERLINK" in export(root, stored).decode("utf-8-sig")
    sheet = load_workbook(io.BytesIO(export(root, stored, "xlsx"))).active
    names = {sheet.cell(row, 3).data_type for row in range(2, sheet.max_row + 1)}
    assert names == {"s"}


def test_kept_file_is_its_owners_alone(root: Client, stored: TargetPlan) -> None:
    page = send(root, stored, export(root, stored))
    other = Client(headers={"accept-language": "en"})
    other.force_login(User.objects.create_superuser("eve"))
    answer = other.get(page.redirect_chain[-1][0], follow=True)
    assert "not kept any more" in read(answer)
