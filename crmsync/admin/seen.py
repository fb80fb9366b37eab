"""Whose rows the admin shows: those that crmsync.access lets the user see. The others do not exist for him."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from crmsync.access import visible_to
from crmsync.viewing import read_sight


def keep_seen(request: HttpRequest, rows: "QuerySet[Any]") -> "QuerySet[Any]":
    """Keep the rows that the user sees. Empty: who does not see everything sees nothing of a table of nobody's."""
    sight = read_sight(request)
    if sight.everything:
        return rows
    return visible_to(sight, rows) if hasattr(rows.model, "seen_by") else rows.none()


class SeenAdmin(admin.ModelAdmin):
    """A table of which lists, pages, searches and choices show only what the user sees."""

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Any]":
        return keep_seen(request, super().get_queryset(request))
