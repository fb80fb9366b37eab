"""Checks of the two settings that are written as JSON; each refusal names the entry and what it should be."""

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from crmsync.bitrix24.activities import KINDS
from crmsync.bitrix24.streams import STREAMS

TABLES = tuple(stream.custom_key for stream in STREAMS if stream.custom_key)
CUSTOM_NAME = re.compile(r"UF_[A-Z0-9_]{1,60}")


def check_custom_fields(tables: Any) -> dict[str, list[str]]:
    """Check the custom fields to copy. *Raises* ValidationError for the first entry that cannot be one."""
    if not isinstance(tables, dict):
        raise ValidationError(_('Write an object of lists, for example {"deal": ["UF_CRM_COST"]}.'))
    for table, names in tables.items():
        if table not in TABLES:
            raise ValidationError(
                _("“%(table)s” has no custom fields: use %(known)s.") % {"table": table, "known": ", ".join(TABLES)}
            )
        if not isinstance(names, list) or not all(is_custom_name(name) for name in names):
            raise ValidationError(
                _("Under “%(table)s” write a list of field names that begin with UF_.") % {"table": table}
            )
    return tables


def is_custom_name(name: Any) -> bool:
    """Tell whether this can be the name of a custom field."""
    return isinstance(name, str) and CUSTOM_NAME.fullmatch(name) is not None


def check_activity_map(rules: Any) -> list[list[Any]]:
    """Check a portal's own rules. *Raises* ValidationError for the first one that is none."""
    if not isinstance(rules, list):
        raise ValidationError(_('Write a list of rules, for example [[null, "ACME_BOT", "chat"]].'))
    for number, rule in enumerate(rules, start=1):
        if not is_rule(rule):
            raise ValidationError(
                _("Rule %(number)s is not [type or null, provider or null, kind], where kind is one of %(known)s.")
                % {"number": number, "known": ", ".join(KINDS)}
            )
    return rules


def is_rule(rule: Any) -> bool:
    """Tell whether this is a rule; a rule without type and provider would swallow every activity."""
    if not isinstance(rule, list) or len(rule) != 3:
        return False
    type_id, provider, kind = rule
    is_type = type_id is None or (isinstance(type_id, int) and not isinstance(type_id, bool))
    is_provider = provider is None or (isinstance(provider, str) and provider.strip() != "")
    return is_type and is_provider and (type_id, provider) != (None, None) and kind in KINDS
