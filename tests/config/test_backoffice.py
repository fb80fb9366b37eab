"""The index lists the mirror first, in the order in which an operator asks."""

from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.http import HttpRequest

from config.backoffice import READING_ORDER, Site
from kpis.models import DailyFact
from tests.crmsync.admin.rows import MIRRORED


@pytest.fixture
def apps(db: None) -> list[Any]:
    site = Site()
    site._registry = admin.site._registry
    request = HttpRequest()
    request.user = User.objects.create_superuser("root")
    return site.get_app_list(request)


def test_mirror_comes_first_and_begins_with_portals(apps: list[Any]) -> None:
    assert apps[0]["app_label"] == "crmsync"
    assert [entry["model"] for entry in apps[0]["models"]] == list(READING_ORDER)


def test_other_apps_keep_their_alphabetical_order(apps: list[Any]) -> None:
    names = [app["name"].lower() for app in apps[1:]]
    assert len(names) > 1
    assert names == sorted(names)


def test_every_table_has_a_place() -> None:
    assert set(READING_ORDER) > set(MIRRORED)


def test_facts_are_entered_by_their_explanation(apps: list[Any]) -> None:
    names = [entry["name"] for app in apps for entry in app["models"] if entry["model"] is DailyFact]
    assert names == ["Почему столько?"]
