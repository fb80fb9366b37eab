"""People whom records name, whether the portal lists them or not, and where they sit."""

from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from crmsync.models import Department, Employee, Portal
from crmsync.people import People, seat_employees
from crmsync.rows import Surroundings
from tests.conftest import Cast
from tests.crmsync.unit.raws import land_raws, make_raw


def list_stubs() -> list[tuple[int, bool]]:
    return list(Employee.objects.order_by("external_id").values_list("external_id", "is_stub"))


def make_department(portal: Portal, external_id: int) -> Department:
    return Department.objects.create(portal=portal, external_id=external_id, name=f"Отдел {external_id}")


def seat(portal: Portal, rooms: Any) -> list[int]:
    """Seat employee 7 as his record says, and tell where he sits."""
    employee, _ = Employee.objects.update_or_create(
        portal=portal, external_id=7, defaults={"department_external_ids": rooms}
    )
    seat_employees(portal, [7])
    return sorted(employee.departments.values_list("external_id", flat=True))


def test_unknown_ids_get_stubs(around: Surroundings) -> None:
    around.people.ensure([5, None, 3, 5])
    assert list_stubs() == [(3, True), (5, True)]
    assert set(around.people.ids) == {3, 5}


def test_known_ids_need_no_query(around: Surroundings, cast: Cast) -> None:
    around.people.reload()
    with CaptureQueriesContext(connection) as queries:
        around.people.ensure([1, 2, 3, 4, None])
    assert len(queries) == 0


def test_stub_made_meanwhile_by_another_process_is_found(around: Surroundings) -> None:
    theirs = Employee.objects.create(portal=around.portal, external_id=5)
    around.people.ensure([5])
    assert around.people.ids == {5: theirs.pk}


def test_people_of_other_portals_are_strangers(around: Surroundings) -> None:
    other = Portal.objects.create(name="Другой", origin="https://other.example")
    Employee.objects.create(portal=other, external_id=5)
    around.people.ensure([5])
    assert Employee.objects.filter(external_id=5).count() == 2


def test_stub_is_filled_in_place_when_the_portal_lists_the_person(around: Surroundings) -> None:
    land_raws(around, "deals", [make_raw("deals", assignedById=5)])
    stub = Employee.objects.get()
    assert str(stub) == "ID 5"
    land_raws(around, "people", [make_raw("people", ID="5", NAME="Иван", LAST_NAME="Котов", ACTIVE=True)])
    person = Employee.objects.get()
    assert (person.pk, person.is_stub, person.is_active, str(person)) == (stub.pk, False, True, "Котов Иван")


def test_fired_person_stays_with_his_records(around: Surroundings) -> None:
    land_raws(around, "people", [make_raw("people", ID="5", ACTIVE=True)])
    land_raws(around, "people", [make_raw("people", ID="5", ACTIVE=False)])
    assert Employee.objects.values_list("is_active", "is_stub").get() == (False, False)


def test_employee_sits_where_his_record_says(portal: Portal) -> None:
    for number in (1, 2, 3):
        make_department(portal, number)
    assert seat(portal, [1, 2]) == [1, 2]
    assert seat(portal, [2, 3]) == [2, 3]
    assert seat(portal, [2, 2, 2]) == [2]
    assert seat(portal, []) == []


def test_unknown_department_seats_nobody_until_it_is_known(portal: Portal) -> None:
    make_department(portal, 1)
    assert seat(portal, [1, 9]) == [1]
    make_department(portal, 9)
    assert seat(portal, [1, 9]) == [1, 9]


def test_department_of_another_portal_seats_nobody(portal: Portal) -> None:
    make_department(Portal.objects.create(name="Другой", origin="https://other.example"), 1)
    assert seat(portal, [1]) == []


def test_others_keep_their_seats(cast: Cast, portal: Portal) -> None:
    seat_employees(portal, [cast.bob.external_id])
    assert [person.departments.count() for person in cast] == [1, 1, 1, 1]


def test_people_are_looked_up_once(cast: Cast, portal: Portal) -> None:
    assert People(portal).ids == {person.external_id: person.pk for person in cast}
