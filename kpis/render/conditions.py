"""Which records a measure takes, in words: conditions of the ORM with the names that models give their fields."""

from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db.models import F, Model, Q, Value
from django.db.models.constants import LOOKUP_SEP
from django.db.models.expressions import Expression
from django.db.models.functions import Coalesce

SIGNS = {"exact": "=", "gt": ">", "gte": "≥", "lt": "<", "lte": "≤"}


def write_condition(model: type[Model], condition: Q) -> str:
    """Write a condition in the active language's names. Empty: no text for the condition without any test."""
    parts = [write_part(model, part) for part in condition.children]
    text = f" {condition.connector.lower()} ".join(parts)
    return f"not ({text})" if condition.negated and text else text


def write_part(model: type[Model], part: Any) -> str:
    """Write one test, or conditions within a condition."""
    if isinstance(part, Q):
        text = write_condition(model, part)
        return f"({text})" if len(part.children) > 1 and not part.negated else text
    path, value = part
    return write_test(model, path, value)


def write_test(model: type[Model], path: str, value: Any) -> str:
    """Write a test of one field. *Raises* ValueError for a lookup that has no words yet."""
    field, lookup = find_field(model, path)
    name = str(field.verbose_name)
    if lookup == "isnull":
        return f"“{name}” {'not known' if value else 'known'}"
    if lookup == "exact" and isinstance(value, bool):
        return name if value else f"not {name}"
    if lookup not in SIGNS:
        raise ValueError(f"Say in SIGNS how to write the lookup {lookup} of {path}.")
    return f"{name} {SIGNS[lookup]} {write_value(field, value)}"


def find_field(model: type[Model], path: str) -> tuple[Any, str]:
    """Follow a path over relations to its field, and to the lookup that ends it."""
    field: Any = None
    names = path.split(LOOKUP_SEP)
    for place, name in enumerate(names):
        try:
            field = model._meta.get_field(name)
        except FieldDoesNotExist:
            return field, LOOKUP_SEP.join(names[place:])
        model = field.related_model or model
    return field, "exact"


def write_value(field: Any, value: Any) -> str:
    """Write what a field is compared with: a choice by its name, a portal's option with its default."""
    if isinstance(value, Coalesce):
        return " or else ".join(write_value(field, each) for each in value.get_source_expressions())
    if isinstance(value, F):
        path: Any = value
        return f"`{path.name.replace(LOOKUP_SEP, '.')}`"
    if isinstance(value, Value):
        return str(value.value)
    if isinstance(value, Expression):
        raise ValueError(f"Say in write_value how to write {value}.")
    return str(dict(field.flatchoices).get(value, value))
