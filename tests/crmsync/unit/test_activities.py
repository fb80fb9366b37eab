"""What kind of communication an activity is, and whose rules say so."""

from typing import Any

import pytest

from crmsync.bitrix24.activities import KINDS, RULES, classify, freeze_rules
from crmsync.models import Activity

TABLE: list[tuple[int | None, str, str]] = [
    *((4, "CRM_EMAIL", "email"), (4, "", "email"), (6, "CRM_EMAIL", "email")),
    *((2, "VOXIMPLANT_CALL", "call"), (2, "", "call"), (2, "MY_TELEPHONY", "call"), (6, "CRM_CALL", "call")),
    *((1, "CRM_MEETING", "meeting"), (1, "", "meeting"), (6, "CRM_MEETING", "meeting")),
    *((3, "TASKS", "task"), (6, "CRM_TASKS_TASK", "task"), (6, "CRM_TODO", "task"), (6, "TASKS", "task")),
    *((6, "IMOPENLINES_SESSION", "chat"), (None, "IMOPENLINES_SESSION", "chat")),
    *((6, "CRM_TASKS_TASK_COMMENT", "ignored"), (6, "CRM_SMS", "ignored"), (6, "CRM_WEBFORM", "ignored")),
    *((6, "CALL_LIST", "ignored"), (6, "CRM_CALL_LIST", "ignored"), (6, "CRM_CALENDAR_SHARING", "ignored")),
    *((6, "REST_APP", "ignored"), (6, "CONFIGURABLE_REST_APP", "ignored"), (5, "", "ignored")),
    *((6, "CRM_BIZPROC_TASK", "ignored"), (6, "CRM_BIZPROC_COMMENT", "ignored")),
    *((6, "XYZ_APP", "unknown"), (6, "", "unknown"), (None, "", "unknown"), (0, "", "unknown"), (77, "X", "unknown")),
]


@pytest.mark.parametrize(("type_id", "provider", "kind"), TABLE)
def test_type_and_provider_tell_the_kind(type_id: int | None, provider: str, kind: str) -> None:
    assert classify(type_id, provider) == kind


def test_case_of_the_provider_does_not_matter() -> None:
    assert classify(6, "crm_email") == "email"


def test_every_rule_is_used_and_every_kind_is_one_of_the_table() -> None:
    assert {kind for _, _, kind in RULES} == set(KINDS)
    assert {*KINDS, "unknown"} == set(Activity.Kind.values)


@pytest.mark.parametrize(
    ("rules", "type_id", "provider", "kind"),
    [
        ([[6, "XYZ_APP", "chat"]], 6, "XYZ_APP", "chat"),
        ([[6, "xyz_app", "chat"]], 6, "XYZ_APP", "chat"),
        ([[None, "VOXIMPLANT_CALL", "ignored"]], 2, "VOXIMPLANT_CALL", "ignored"),
        ([[None, "VOXIMPLANT_CALL", "ignored"]], 2, "OTHER", "call"),
        ([[2, None, "meeting"]], 2, "ANY", "meeting"),
        ([[None, None, "ignored"]], 4, "CRM_EMAIL", "ignored"),
        ([[6, "CRM_BIZPROC_TASK", "task"]], 6, "CRM_BIZPROC_TASK", "task"),
        ([[6, "XYZ_APP", "chat"], [6, None, "task"]], 6, "XYZ_APP", "chat"),
        ([[6, "XYZ_APP", "chat"], [6, None, "task"]], 6, "ELSE", "task"),
        ([[5, "XYZ_APP", "chat"]], 6, "XYZ_APP", "unknown"),
        ([], 4, "", "email"),
    ],
)
def test_own_rules_precede_the_built_in_ones(rules: list[Any], type_id: int, provider: str, kind: str) -> None:
    assert classify(type_id, provider, freeze_rules(rules)) == kind


@pytest.mark.parametrize(
    "rules",
    [
        *([[6, "XYZ_APP"]], [[6, "XYZ_APP", "chat", 1]], [[6, "XYZ_APP", "talk"]], [["6", "XYZ_APP", "chat"]]),
        *([[6, 5, "chat"]], [[6, "X", None]], [[6, "X", "unknown"]], [5], ["abc"], [None], [{"a": 1}]),
        *({"a": 1}, "abc", 5, None),
    ],
)
def test_wrong_rule_is_refused(rules: Any) -> None:
    with pytest.raises(ValueError):
        freeze_rules(rules)
