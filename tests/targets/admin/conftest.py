"""A plan of Bob and Carol, and who looks at it."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from crmsync.models import Portal
from targets.models import TargetPlan
from tests.conftest import Cast
from tests.targets.world import make_plan


@pytest.fixture
def plan(portal: Portal, cast: Cast, head: User) -> TargetPlan:
    return make_plan(portal, [cast.bob, cast.carol], head)


@pytest.fixture
def root(db: None) -> Client:
    return enter(User.objects.create_superuser("root"))


def enter(user: User, language: str = "en") -> Client:
    browser = Client(headers={"accept-language": language})
    browser.force_login(user)
    return browser
