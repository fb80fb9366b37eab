"""The schema of the API is written down, fresh and whole; whatever is asked by it gets an answer that keeps to it."""

from collections.abc import Iterator
from datetime import date, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import schemathesis
import yaml
from django.conf import settings
from django.contrib.auth.models import User
from django.core.management import call_command
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.utils import timezone
from hypothesis import HealthCheck, Phase
from hypothesis import settings as bounds
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from config.wsgi import application
from crmsync.models import Portal
from crmsync.tokens import make_token
from kpis.api.limits import COUNTS, UserLimit
from kpis.facts import rebuild
from tests.conftest import Cast
from tests.kpis.mirror import add_lead, win_deal

FILE = Path(settings.BASE_DIR) / "docs" / "openapi.yaml"
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
ABOUT = ("portal", "employee", "department")
schema, right = (schemathesis.openapi.from_path(FILE) for _ in range(2))
schema.app = right.app = application
right.config.generation.update(modes=[GenerationMode.POSITIVE])
bounded = bounds(
    max_examples=15,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture
def token(portal: Portal, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A portal with some facts, and the token of somebody who sees everything and may ask without end."""
    win_deal(portal, date(2026, 2, 3), cast.bob, "1000.50", cycle_seconds=86_400)
    add_lead(portal, date(2026, 2, 7), None)
    rebuild(portal)
    monkeypatch.setattr(UserLimit, "THROTTLE_RATES", {"user": None})
    # As Django's own client does: the end of a request must not close the test's connection.
    request_started.disconnect(close_old_connections)
    request_finished.disconnect(close_old_connections)
    owner = User.objects.create_superuser("olga")
    yield make_token(owner, name="x", lifetime=timedelta(days=1), now=timezone.now()).text
    request_started.connect(close_old_connections)
    request_finished.connect(close_old_connections)
    COUNTS.clear()


@schema.parametrize()
@bounded
def test_answers_keep_to_the_schema(case: Any, token: str) -> None:
    case.call_and_validate(headers={"Authorization": f"Bearer {token}"}, checks=CHECKS)


@right.parametrize()
@bounded
def test_answers_about_the_whole_team_keep_to_the_schema(case: Any, token: str) -> None:
    # Numbers drawn at random are nobody's: without them more of what is asked is answered.
    case.query = {name: value for name, value in (case.query or {}).items() if name not in ABOUT}
    case.call_and_validate(headers={"Authorization": f"Bearer {token}"}, checks=CHECKS)


def test_file_is_fresh() -> None:
    out = StringIO()
    call_command("spectacular", urlconf="config.api", lang="en", validate=True, fail_on_warn=True, stdout=out)
    assert out.getvalue() == FILE.read_text(encoding="utf-8"), "Run make openapi."


def list_operations() -> list[tuple[str, dict[str, Any]]]:
    paths = yaml.safe_load(FILE.read_text(encoding="utf-8"))["paths"]
    return [(path, operation) for path, operations in paths.items() for operation in operations.values()]


@pytest.mark.parametrize(("path", "operation"), list_operations())
def test_operation_is_described(path: str, operation: dict[str, Any]) -> None:
    assert operation["summary"]
    assert operation["description"]
    assert [each["name"] for each in operation.get("parameters", []) if not each.get("description")] == []
    assert set(operation["responses"]) == {"200", "400", "401", "404", "429"}
    for response in operation["responses"].values():
        assert "$ref" in response["content"]["application/json"]["schema"]
