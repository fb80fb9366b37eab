"""What tests of scoring share: sentences are compared in English."""

from collections.abc import Iterator

import pytest
from django.utils import translation


@pytest.fixture
def english(russian: None) -> Iterator[None]:
    with translation.override("en"):
        yield
