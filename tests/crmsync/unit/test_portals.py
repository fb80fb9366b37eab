"""Which portal is meant."""

import pytest

from crmsync.models import Portal
from crmsync.portals import PortalChoiceError, choose_portal, choose_portals


@pytest.fixture
def two(portal: Portal) -> list[Portal]:
    return [portal, Portal.objects.create(name="Лютик", origin="https://lyutik.example")]


@pytest.mark.django_db
@pytest.mark.parametrize("named", [None, "1", "Ромашка"])
def test_without_a_portal_one_must_be_connected(named: str | None) -> None:
    with pytest.raises(PortalChoiceError, match="connect_portal"):
        choose_portals(named)


def test_all_are_meant_unless_one_is_named(two: list[Portal]) -> None:
    assert choose_portals(None) == two


def test_portal_is_named_by_number_or_name(two: list[Portal]) -> None:
    assert choose_portals(str(two[1].pk)) == choose_portals("Лютик") == [two[1]]
    assert choose_portal("Ромашка") == two[0]


def test_name_that_is_a_number_of_another_means_one_of_them(two: list[Portal]) -> None:
    Portal.objects.filter(pk=two[0].pk).update(name=str(two[1].pk))
    assert len(choose_portals(str(two[1].pk))) == 1


@pytest.mark.parametrize("named", ["Роза", "", "0", "-1", "лютик"])
def test_unknown_name_tells_the_known_ones(two: list[Portal], named: str) -> None:
    with pytest.raises(PortalChoiceError) as refused:
        choose_portals(named)
    assert all(f"{portal.pk} ({portal.name})" in str(refused.value) for portal in two)


def test_only_portal_is_meant_without_a_name(portal: Portal) -> None:
    assert choose_portal(None) == portal


def test_one_of_several_must_be_named(two: list[Portal]) -> None:
    with pytest.raises(PortalChoiceError, match="--portal"):
        choose_portal(None)
