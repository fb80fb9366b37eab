"""Working hours, special days and absences in the admin: what is entered, what is refused, what becomes stale."""

from contextlib import nullcontext
from datetime import date, time, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from crmsync.models import Employee, Portal, Role, TouchedDay
from kpis.models import Absence, CalendarDay, WorkCalendar
from kpis.work import changes as work_changes
from kpis.work.changes import delete_entries, save_entry
from tests.access.people import browse, enter
from tests.conftest import Cast

MONDAY = date(2026, 3, 16)
CALENDARS, DAYS, ABSENCES = (f"/admin/kpis/{name}/" for name in ("workcalendar", "calendarday", "absence"))
WEEK: dict[str, Any] = {
    "country": "RU",
    "weekdays": ["0", "1", "2", "3", "4"],
    "opens_at": "09:00",
    "closes_at": "18:00",
    "break_from": "",
    "break_to": "",
}


@pytest.fixture
def root(db: None) -> Client:
    browser = Client(headers={"accept-language": "en"})
    browser.force_login(User.objects.create_superuser("root"))
    return browser


@pytest.fixture
def calendar(portal: Portal) -> WorkCalendar:
    return WorkCalendar.objects.create(portal=portal)


def add_calendar(root: Client, portal: Portal, **changes: Any) -> Any:
    return root.post(f"{CALENDARS}add/", WEEK | {"portal": portal.pk} | changes)


def add_day(root: Client, portal: Portal, **changes: Any) -> Any:
    blank = {"portal": portal.pk, "employee": "", "day": "2026-03-16", "opens_at": "", "closes_at": "", "note": ""}
    return root.post(f"{DAYS}add/", blank | changes)


def add_absence(root: Client, employee: Employee, **changes: Any) -> Any:
    days = {"first_on": "2026-03-16", "last_on": "2026-03-20"}
    return root.post(f"{ABSENCES}add/", {"employee": employee.pk, **days, "kind": "vacation", "note": ""} | changes)


def read_errors(response: Any) -> dict[str, list[str]]:
    assert response.status_code == 200
    return dict(response.context["adminform"].form.errors)


def test_only_portal_and_usual_week_are_preselected(root: Client, portal: Portal) -> None:
    page = root.get(f"{CALENDARS}add/").content.decode()
    assert f'<option value="{portal.pk}" selected>Ромашка</option>' in page
    assert [f'value="{day}" id="id_weekdays_{day}" checked' in page for day in range(7)] == [True] * 5 + [False] * 2


def test_calendar_is_entered_by_checkboxes(root: Client, portal: Portal) -> None:
    entered = {
        "weekdays": ["5", "1"],
        "country": " by ",
        "break_from": "13:00",
        "break_to": "14:00",
        "closes_at": "00:00",
    }
    assert add_calendar(root, portal, **entered).status_code == 302
    calendar = WorkCalendar.objects.get(portal=portal)
    assert (calendar.weekdays, calendar.country, calendar.closes_at) == ([1, 5], "BY", time(0))
    assert (calendar.break_from, calendar.break_to) == (time(13), time(14))


@pytest.mark.parametrize(
    ("changes", "field", "says"),
    [
        ({"closes_at": "09:00"}, "closes_at", "must end after it begins"),
        ({"break_from": "13:00"}, "break_to", "both ends"),
        ({"break_to": "13:00"}, "break_from", "both ends"),
        ({"break_from": "14:00", "break_to": "13:00"}, "break_to", "must end after it begins"),
        ({"break_from": "08:00", "break_to": "10:00"}, "break_from", "within the working hours"),
        ({"break_from": "17:00", "break_to": "00:00"}, "break_from", "within the working hours"),
        ({"country": "xx"}, "country", "write two letters such as RU, BY or KZ"),
        ({"country": "РФ"}, "country", "write two letters"),
        ({"weekdays": ["7"]}, "weekdays", "Monday to Sunday"),
        ({"weekdays": []}, "weekdays", "at least one"),
    ],
)
def test_calendar_that_makes_no_sense_is_refused(
    root: Client, portal: Portal, changes: dict[str, Any], field: str, says: str
) -> None:
    errors = read_errors(add_calendar(root, portal, **changes))
    assert list(errors) == [field]
    assert says in errors[field][0]
    assert not WorkCalendar.objects.exists()
    assert not TouchedDay.objects.exists()


def test_second_calendar_of_a_portal_cannot_be_added(root: Client, portal: Portal, calendar: WorkCalendar) -> None:
    assert root.get(f"{CALENDARS}add/").status_code == 403
    other = Portal.objects.create(name="Лютик", origin="https://other.example")
    page = root.get(f"{CALENDARS}add/").content.decode()
    assert f'<option value="{other.pk}" selected>Лютик</option>' in page
    assert "Ромашка</option>" not in page


def test_page_tells_the_next_public_days(root: Client, portal: Portal, calendar: WorkCalendar) -> None:
    page = root.get(f"{CALENDARS}{portal.pk}/change/").content.decode()
    assert "New Year Holidays" in page
    assert "Weekend days worked instead:" in page
    WorkCalendar.objects.update(country="")
    assert "New Year Holidays" not in root.get(f"{CALENDARS}{portal.pk}/change/").content.decode()


def test_viewer_reads_the_week_in_words(portal: Portal, calendar: WorkCalendar) -> None:
    browser = browse(enter("olga", Role.AUDITOR))
    assert "Mon, Tue, Wed, Thu, Fri" in browser.get(f"{CALENDARS}{portal.pk}/change/").content.decode()
    assert browser.post(f"{CALENDARS}{portal.pk}/change/", WEEK).status_code == 403
    assert browser.get(f"{ABSENCES}people/").status_code == 403


def test_special_day_is_entered_for_all_and_for_one(root: Client, portal: Portal, cast: Cast) -> None:
    assert add_day(root, portal, opens_at="09:00", closes_at="17:00", note="Канун").status_code == 302
    assert add_day(root, portal, employee=cast.bob.pk).status_code == 302
    rows = CalendarDay.objects.order_by("pk").values_list("employee", "day", "opens_at", "closes_at")
    assert list(rows) == [(None, MONDAY, time(9), time(17)), (cast.bob.pk, MONDAY, None, None)]
    page = root.get(DAYS).content.decode()
    assert "09:00–17:00" in page
    assert "day off" in page


@pytest.mark.parametrize(
    ("changes", "field", "says"),
    [
        ({"opens_at": "09:00"}, "closes_at", "neither for a day off"),
        ({"closes_at": "09:00"}, "opens_at", "neither for a day off"),
        ({"opens_at": "18:00", "closes_at": "09:00"}, "closes_at", "must end after it begins"),
        ({"day": "2026-03-17"}, "day", "entered already"),
        ({"day": "soon"}, "day", "valid date"),
    ],
)
def test_special_day_that_makes_no_sense_is_refused(
    root: Client, portal: Portal, changes: dict[str, Any], field: str, says: str
) -> None:
    CalendarDay.objects.create(portal=portal, day=MONDAY + timedelta(days=1))
    errors = read_errors(add_day(root, portal, **changes))
    assert list(errors) == [field]
    assert says in errors[field][0]
    assert CalendarDay.objects.count() == 1


def test_day_cannot_be_moved_onto_another(root: Client, portal: Portal, cast: Cast) -> None:
    rows = [CalendarDay.objects.create(portal=portal, employee=by, day=MONDAY) for by in (cast.bob, cast.carol)]
    moved = {"employee": cast.bob.pk, "day": "2026-03-16", "opens_at": "", "closes_at": "", "note": ""}
    assert "day" in read_errors(root.post(f"{DAYS}{rows[1].pk}/change/", moved))
    assert root.post(f"{DAYS}{rows[0].pk}/change/", moved | {"note": "x"}).status_code == 302


def test_absence_takes_its_portal_from_the_employee(root: Client, portal: Portal, cast: Cast) -> None:
    assert add_absence(root, cast.bob).status_code == 302
    row = Absence.objects.get()
    assert (row.portal_id, row.employee_id, row.first_on) == (portal.pk, cast.bob.pk, MONDAY)
    assert list(read_errors(add_absence(root, cast.bob, last_on="2026-03-15"))) == ["last_on"]
    assert Absence.objects.count() == 1


def test_people_of_another_portal_are_refused(root: Client, portal: Portal, cast: Cast) -> None:
    other = Portal.objects.create(name="Лютик", origin="https://other.example")
    assert list(read_errors(add_day(root, other, employee=cast.bob.pk))) == ["employee"]
    stranger = Employee.objects.create(portal=other, external_id=1, last_name="Чужой", is_stub=False)
    row = Absence.objects.create(portal=portal, employee=cast.bob, first_on=MONDAY, last_on=MONDAY)
    fields = {"employee": stranger.pk, "first_on": "2026-03-16", "last_on": "2026-03-16", "kind": "other", "note": ""}
    assert list(read_errors(root.post(f"{ABSENCES}{row.pk}/change/", fields))) == ["employee"]


def test_field_searches_among_real_people(root: Client, portal: Portal, cast: Cast) -> None:
    Employee.objects.create(portal=portal, external_id=50, last_name="Петровская")
    Employee.objects.create(portal=portal, external_id=51, last_name="Петренко", is_stub=False, position="менеджер")
    found = root.get(f"{ABSENCES}people/", {"term": "пет"}).json()
    assert [person["text"] for person in found["results"]] == ["Петренко, менеджер", "Петров Борис"]
    assert len(root.get(f"{DAYS}people/").json()["results"]) == 5
    assert root.get(f"{DAYS}people/", {"term": "нет такого"}).json()["results"] == []


def test_stubs_and_the_deleted_are_no_choice_but_stay_one(root: Client, portal: Portal, cast: Cast) -> None:
    Employee.objects.filter(pk=cast.bob.pk).update(is_stub=True)
    Employee.objects.filter(pk=cast.carol.pk).update(deleted_at=timezone.now())
    assert [list(read_errors(add_absence(root, by))) for by in (cast.bob, cast.carol)] == [["employee"]] * 2
    row = Absence.objects.create(portal=portal, employee=cast.bob, first_on=MONDAY, last_on=MONDAY)
    fields = {"employee": cast.bob.pk, "first_on": "2026-03-16", "last_on": "2026-03-18", "kind": "other", "note": ""}
    assert root.post(f"{ABSENCES}{row.pk}/change/", fields).status_code == 302


def list_rows(root: Client, url: str, **query: Any) -> list[Any]:
    return [row.employee_id for row in root.get(url, query).context["cl"].result_list]


def test_lists_are_narrowed_by_employee_and_day(root: Client, portal: Portal, cast: Cast) -> None:
    today = timezone.localdate()
    for by, first, last in ((cast.bob, -500, -400), (cast.carol, -3, 3), (cast.dave, 10, 12)):
        Absence.objects.create(
            portal=portal, employee=by, first_on=today + timedelta(days=first), last_on=today + timedelta(days=last)
        )
    bob, carol, dave = cast.bob.pk, cast.carol.pk, cast.dave.pk
    assert list_rows(root, ABSENCES) == [dave, carol, bob]
    assert list_rows(root, ABSENCES, when="ahead") == [dave, carol]
    assert carol in list_rows(root, ABSENCES, when="month")
    assert bob not in list_rows(root, ABSENCES, when="month")
    assert list_rows(root, ABSENCES, employee=bob) == [bob]
    assert list_rows(root, ABSENCES, q="КАРИНА") == [carol]


def test_days_for_everybody_can_be_listed(root: Client, portal: Portal, cast: Cast) -> None:
    CalendarDay.objects.create(portal=portal, day=MONDAY, note="Канун")
    CalendarDay.objects.create(portal=portal, day=MONDAY, employee=cast.bob)
    assert list_rows(root, DAYS, employee="all") == [None]
    assert list_rows(root, DAYS, q="канун") == [None]
    assert list_rows(root, DAYS, employee="junk") == [None, cast.bob.pk]


def test_list_keeps_to_one_portal(root: Client, portal: Portal, cast: Cast) -> None:
    other = Portal.objects.create(name="Лютик", origin="https://other.example")
    for owner in (portal, other):
        CalendarDay.objects.create(portal=owner, day=MONDAY)
    assert [len(list_rows(root, DAYS, portal=owner.pk)) for owner in (portal, other)] == [1, 1]


def test_long_list_costs_as_many_queries_as_a_short_one(root: Client, portal: Portal, cast: Cast) -> None:
    counts = []
    list_rows(root, ABSENCES)
    for rows in (1, 30):
        for number in range(rows):
            day = MONDAY + timedelta(days=number)
            Absence.objects.create(portal=portal, employee=cast.bob, first_on=day, last_on=day)
        with CaptureQueriesContext(connection) as queries:
            root.get(ABSENCES)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def count_touches(portal: Portal) -> int:
    return TouchedDay.objects.filter(portal=portal, day=None, employee=None).count()


def test_every_change_of_working_time_makes_the_numbers_stale(root: Client, portal: Portal, cast: Cast) -> None:
    add_calendar(root, portal)
    add_day(root, portal)
    add_absence(root, cast.bob)
    assert count_touches(portal) == 3
    row = CalendarDay.objects.get()
    fields = {"employee": "", "day": "2026-03-17", "opens_at": "", "closes_at": "", "note": ""}
    root.post(f"{DAYS}{row.pk}/change/", fields)
    root.post(f"{ABSENCES}{Absence.objects.get().pk}/delete/", {"post": "yes"})
    root.post(DAYS, {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"})
    assert count_touches(portal) == 6
    assert not (CalendarDay.objects.exists() or Absence.objects.exists())


def test_remarks_make_nothing_stale(root: Client, portal: Portal, cast: Cast) -> None:
    add_absence(root, cast.bob)
    fields = {"employee": cast.bob.pk, "first_on": "2026-03-16", "last_on": "2026-03-20"}
    root.post(f"{ABSENCES}{Absence.objects.get().pk}/change/", fields | {"kind": "sickness", "note": "на море"})
    row = Absence.objects.get()
    assert (row.kind, row.note) == ("sickness", "на море")
    assert count_touches(portal) == 1


def test_change_says_what_follows(root: Client, portal: Portal) -> None:
    day = root.post(f"{DAYS}add/", {"portal": portal.pk, "day": "2026-03-16"}, follow=True).content.decode()
    assert "This portal has no work calendar yet" in day
    page = root.post(f"{CALENDARS}add/", WEEK | {"portal": portal.pk}, follow=True).content.decode()
    assert "Figures in business hours are being computed anew." in page


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("act", ["save", "delete"])
def test_change_and_its_touch_are_one(portal: Portal, act: str, monkeypatch: pytest.MonkeyPatch) -> None:
    row = CalendarDay.objects.create(portal=portal, day=MONDAY)

    def fail(_portal: Portal) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(work_changes, "touch_everything", fail)
    with pytest.raises(OSError, match="disk"):
        save_entry(CalendarDay(portal=portal, day=date(2026, 5, 5))) if act == "save" else delete_entries(
            CalendarDay.objects.all()
        )
    assert list(CalendarDay.objects.all()) == [row]


@pytest.mark.django_db(transaction=True)
def test_change_without_its_transaction_would_be_left_untouched(
    portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(work_changes, "transaction", SimpleNamespace(atomic=nullcontext))
    monkeypatch.setattr(work_changes, "touch_portals", lambda portals: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        save_entry(CalendarDay(portal=portal, day=MONDAY))
    assert CalendarDay.objects.exists()
    assert not TouchedDay.objects.exists()


def test_calendar_that_came_meanwhile_is_not_written_over(portal: Portal, calendar: WorkCalendar) -> None:
    with pytest.raises(IntegrityError):
        save_entry(WorkCalendar(portal=portal, country="DE"))
