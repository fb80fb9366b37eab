"""What kind of communication an activity is: a map of type and provider, which a portal's own rules precede. Pure."""

from collections.abc import Sequence
from functools import lru_cache

Rule = tuple[int | None, str | None, str]

# First match wins; None matches anything. Source: crm.activity.list, TYPE_ID and PROVIDER_ID.
RULES: tuple[Rule, ...] = (
    (4, None, "email"),
    (None, "CRM_EMAIL", "email"),
    (2, None, "call"),
    (None, "VOXIMPLANT_CALL", "call"),
    (None, "CRM_CALL", "call"),
    (1, None, "meeting"),
    (None, "CRM_MEETING", "meeting"),
    (3, None, "task"),
    (None, "CRM_TASKS_TASK", "task"),
    (None, "TASKS", "task"),
    (None, "CRM_TODO", "task"),
    (None, "IMOPENLINES_SESSION", "chat"),
    (None, "CRM_TASKS_TASK_COMMENT", "ignored"),
    (None, "CRM_SMS", "ignored"),
    (None, "CRM_WEBFORM", "ignored"),
    (None, "CALL_LIST", "ignored"),
    (None, "CRM_CALL_LIST", "ignored"),
    (None, "CRM_CALENDAR_SHARING", "ignored"),
    (None, "REST_APP", "ignored"),
    (None, "CONFIGURABLE_REST_APP", "ignored"),
    (5, None, "ignored"),
)
# Robots and workflows leave activities under a family of provider names.
IGNORED_PREFIX = "CRM_BIZPROC"
KINDS = ("email", "call", "meeting", "task", "chat", "ignored")


@lru_cache(maxsize=4096)
def classify(type_id: int | None, provider: str, own_rules: tuple[Rule, ...] = ()) -> str:
    """Give the kind of an activity; "unknown" where no rule knows the provider."""
    provider = provider.upper()
    for rule_type, rule_provider, kind in (*own_rules, *RULES):
        if rule_type in (None, type_id) and rule_provider in (None, provider):
            return kind
    return "ignored" if provider.startswith(IGNORED_PREFIX) else "unknown"


def freeze_rules(raw: Sequence[Sequence]) -> tuple[Rule, ...]:
    """Turn a portal's stored rules, lists of three, into the form that `classify` takes.

    *Raises* ValueError for a rule that is no [type or null, provider or null, kind].
    """
    if not isinstance(raw, list | tuple):
        raise ValueError(f"{raw!r}")
    rules = []
    for entry in raw:
        if not isinstance(entry, list | tuple) or len(entry) != 3:
            raise ValueError(f"{entry!r}")
        type_id, provider, kind = entry
        if kind not in KINDS or not isinstance(type_id, int | None) or not isinstance(provider, str | None):
            raise ValueError(f"{entry!r}")
        rules.append((type_id, provider.upper() if provider else None, kind))
    return tuple(rules)
