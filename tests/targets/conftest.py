"""Who acts in tests of plans and scorecards."""

import pytest
from django.contrib.auth.models import User


@pytest.fixture
def head(db: None) -> User:
    return User.objects.create_user("alice")


@pytest.fixture
def boss(db: None) -> User:
    return User.objects.create_user("boss")
