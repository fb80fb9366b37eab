"""What stands on the page “Why so many?”: one explanation, and a page of the records that the address chooses."""

from datetime import datetime
from typing import Any

from django.http import QueryDict

from crmsync.models import Portal
from kpis.explanations.explain import Explanation, explain
from kpis.explanations.page_records import Chosen, choose_list, describe_list
from kpis.explanations.question import Question
from kpis.explanations.texts import (
    name_measure,
    write_beside,
    write_definition,
    write_names,
    write_norm,
    write_numbers,
    write_remarks,
    write_sum,
    write_value,
)
from kpis.render.formats import format_completeness, format_number, format_period


def describe_page(portal: Portal, question: Question, query: QueryDict, *, now: datetime) -> dict[str, Any]:
    """Describe all that stands on the page: the number, what it is made from, what does not count, the records.

    Raises: ScopeError for a KPI that does not exist.
    """
    found = explain(portal, question.kpi, question.period, now=now, **question.whose)
    wanted = {name: query.get(name, "") for name in ("records", "excluded", "page")}
    chosen = choose_list(found, **wanted)
    return describe_explanation(found, question) | {
        "asked": question.asked,
        "measures": describe_measures(found, question, chosen),
        "excluded": describe_excluded(found, question, chosen),
        "list": describe_list(found, question, chosen) if chosen else None,
    }


def describe_explanation(found: Explanation, question: Question) -> dict[str, Any]:
    """Write what is told about the number itself."""
    return {
        "kpi_name": found.kpi.name,
        "whose": question.title,
        "period_text": format_period(found.scope.period),
        "value": write_value(found),
        "names": write_names(found),
        "numbers": write_numbers(found),
        "definition": write_definition(found),
        "remarks": write_remarks(found),
        "beside": write_beside(found),
        "norm": write_norm(found),
        "completeness": format_completeness(found.through, found.scope.portal.zone),
    }


def describe_measures(found: Explanation, question: Question, chosen: Chosen | None) -> list[dict[str, Any]]:
    """Write the measures of the formula, each with its sum and the way to its records."""
    current = chosen.key if chosen and not chosen.is_excluded else ""
    return [
        {
            "name": name_measure(key),
            "sum": write_sum(found, key),
            "count": format_number(found.tallies[key].count),
            "link": question.address(records=key),
            "is_current": key == current,
        }
        for key in found.formula
    ]


def describe_excluded(found: Explanation, question: Question, chosen: Chosen | None) -> list[dict[str, Any]]:
    """Write the reasons, each with its number and the way to its records."""
    current = chosen.key if chosen and chosen.is_excluded else ""
    return [
        {
            "reason": each.exclusion.reason,
            "count": format_number(each.count),
            "counts": each.exclusion.counts,
            "link": question.address(excluded=each.exclusion.key) if each.exclusion.listed else "",
            "is_current": each.exclusion.key == current,
        }
        for each in found.excluded
    ]
