"""A superuser's browser in English, and a row in every table of the mirror."""

from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.test import Client

from crmsync.models import Entity, Pipeline, Portal, Role, Semantics, Source, Stage
from tests.access.people import browse, enter


@pytest.fixture
def root(db: None) -> Client:
    browser = Client(headers={"accept-language": "en"})
    browser.force_login(User.objects.create_superuser("root"))
    # Read once a process otherwise, by whichever test counts queries first.
    ContentType.objects.get_for_models(*apps.get_models())
    return browser


@pytest.fixture
def staff(db: None) -> Client:
    """Someone who may look at everything and change nothing."""
    return browse(enter("staff", Role.AUDITOR))


@pytest.fixture
def listed(root: Client) -> Callable[..., list[Any]]:
    """Open a list and return the portal's IDs of its rows, in their order."""

    def open_list(table: str, **query: Any) -> list[Any]:
        response = root.get(f"/admin/crmsync/{table}/", query)
        assert response.status_code == 200
        return [row.external_id for row in response.context["cl"].result_list]

    return open_list


@pytest.fixture
def dictionaries(portal: Portal) -> None:
    """Two pipelines whose stages share no codes, a lead status, a source."""
    for external_id, name in ((0, "Продажи"), (1, "Опт")):
        Pipeline.objects.create(portal=portal, external_id=external_id, name=name, position=external_id)
    for pipeline, code, name, semantics in (
        (0, "NEW", "Новая", Semantics.PROCESS),
        (0, "WON", "Успех", Semantics.SUCCESS),
        (1, "C1:NEW", "Первичный контакт", Semantics.PROCESS),
    ):
        Stage.objects.create(
            portal=portal,
            entity=Entity.DEAL,
            pipeline_external_id=pipeline,
            external_id=code,
            name=name,
            semantics=semantics,
        )
    Stage.objects.create(portal=portal, entity=Entity.LEAD, external_id="NEW", name="Не обработан")
    Source.objects.create(portal=portal, external_id="WEB", name="Сайт")
