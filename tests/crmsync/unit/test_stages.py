"""What a stage means, and who knows it."""

import pytest

from crmsync.models import Portal, Stage
from crmsync.stages import Stages

DICTIONARY = [
    (2, 0, "WON", "S"),
    (2, 0, "LOSE", "F"),
    (2, 7, "C7:WON", "S"),
    (2, 8, "WON", "F"),
    (2, 9, "NEW", "P"),
    (1, 0, "JUNK", "F"),
]


@pytest.fixture
def stages(portal: Portal) -> Stages:
    for entity, pipeline, code, meaning in DICTIONARY:
        Stage.objects.create(
            portal=portal, entity=entity, pipeline_external_id=pipeline, external_id=code, semantics=meaning
        )
    return Stages(portal)


@pytest.mark.parametrize(
    ("told", "entity", "pipeline", "code", "expected"),
    [
        ("F", 2, 0, "WON", ("F", "record")),
        ("P", 2, 7, "C7:WON", ("P", "record")),
        ("", 2, 0, "WON", ("S", "dictionary")),
        ("", 2, 7, "C7:WON", ("S", "dictionary")),
        ("", 2, 8, "C8:WON", ("F", "dictionary")),
        ("", 2, 9, "C9:NEW", ("P", "dictionary")),
        ("", 1, 0, "JUNK", ("F", "dictionary")),
        ("", 2, 0, "JUNK", ("P", "unknown")),
        ("", 2, 7, "WON", ("P", "unknown")),
        ("", 2, 5, "C5:WON", ("P", "unknown")),
        ("", 2, 0, "GONE", ("P", "unknown")),
        ("", 2, 0, "", ("P", "unknown")),
    ],
)
def test_record_then_dictionary_then_nobody_knows(
    stages: Stages, told: str, entity: int, pipeline: int, code: str, expected: tuple[str, str]
) -> None:
    assert stages.resolve(told, entity=entity, pipeline=pipeline, code=code) == expected


def test_stages_of_other_portals_tell_nothing(stages: Stages) -> None:
    other = Portal.objects.create(name="Другой", origin="https://other.example")
    assert Stages(other).resolve("", entity=2, pipeline=0, code="WON") == ("P", "unknown")
