"""The admin of working time: a portal's hours and holidays, days that differ, absences."""

from datetime import timedelta
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from crmsync.admin.references import NOTHING
from crmsync.models import Portal
from kpis.admin.calendar_forms import AbsenceForm, CalendarDayForm, WorkCalendarForm
from kpis.admin.calendar_texts import list_runs, write_day, write_hours, write_runs, write_short_day, write_week
from kpis.admin.entries import EntryAdmin, WhenFilter
from kpis.admin.people import PersonAdmin, PersonFilter
from kpis.models import Absence, CalendarDay, WorkCalendar
from kpis.work.public_days import find_public_days

AHEAD = timedelta(days=365)
MOST_RUNS = 12


class AbsentFilter(WhenFilter):
    """Days of an absence: what reaches into a month is in it."""

    first, last = "first_on", "last_on"


@admin.register(WorkCalendar)
class WorkCalendarAdmin(EntryAdmin):
    form = WorkCalendarForm
    list_display = ("portal", "week", "hours", "rest", "country")
    readonly_fields = ("public_days",)

    def get_list_filter(self, request: HttpRequest) -> list[Any]:
        return []

    def add_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        # Asked here and not by the permission, which every page of the admin asks for its menu.
        if not self.list_portals().exists():
            raise PermissionDenied
        return super().add_view(request, *args, **kwargs)

    def list_portals(self) -> "QuerySet[Portal]":
        return super().list_portals().filter(work_calendar=None)

    def get_queryset(self, request: HttpRequest) -> "QuerySet[WorkCalendar]":
        return super().get_queryset(request).select_related("portal").defer("portal__webhook_url")

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        # Whoever may only look would see the week as it is stored.
        can_edit = self.has_change_permission(request, obj) if obj else self.has_add_permission(request)
        week = "weekdays" if can_edit else "week"
        hours = (("opens_at", "closes_at"), ("break_from", "break_to"))
        return [(None, {"fields": ("portal", week, *hours)}), (_("Holidays"), {"fields": ("country", "public_days")})]

    @admin.display(description=gettext_lazy("working days of the week"))
    def week(self, calendar: WorkCalendar) -> str:
        return write_week(calendar)

    @admin.display(description=gettext_lazy("hours"))
    def hours(self, calendar: WorkCalendar) -> str:
        return write_hours(calendar.opens_at, calendar.closes_at)

    @admin.display(description=gettext_lazy("break"))
    def rest(self, calendar: WorkCalendar) -> str:
        return write_hours(calendar.break_from, calendar.break_to)

    @admin.display(description=gettext_lazy("next public days"))
    def public_days(self, calendar: WorkCalendar) -> str:
        """Tell the public days ahead, and what is not among them."""
        today = timezone.localdate()
        found = find_public_days(calendar.country, first=today, last=today + AHEAD, language=get_language() or "en")
        lines = write_runs(list_runs(found.off)[:MOST_RUNS])
        moved = ", ".join(write_day(day) for day in sorted(found.moved)) or NOTHING
        return format_html(
            "<div>{}<p>{}</p><p>{}</p></div>",
            format_html_join("", "{}<br>", ((line,) for line in lines)) or NOTHING,
            _("Weekend days worked instead: %(days)s") % {"days": moved},
            _("Shortened days and a region's own holidays are not known: enter them as special days."),
        )


@admin.register(CalendarDay)
class CalendarDayAdmin(PersonAdmin, EntryAdmin):
    form = CalendarDayForm
    list_display = ("on", "person", "hours", "note")
    list_filter = (WhenFilter, PersonFilter)
    fields = ("portal", "day", "employee", ("opens_at", "closes_at"), "note")
    date_hierarchy = "day"
    ordering = ("-day", "pk")

    @admin.display(description=gettext_lazy("day"), ordering="day")
    def on(self, row: CalendarDay) -> str:
        return write_short_day(row.day)

    @admin.display(description=gettext_lazy("employee"))
    def person(self, row: CalendarDay) -> str:
        return str(row.employee) if row.employee else _("for everybody")

    @admin.display(description=gettext_lazy("hours"))
    def hours(self, row: CalendarDay) -> str:
        return write_hours(row.opens_at, row.closes_at) if row.opens_at else _("day off")


@admin.register(Absence)
class AbsenceAdmin(PersonAdmin, EntryAdmin):
    form = AbsenceForm
    list_display = ("employee", "since", "until", "length", "kind", "note")
    list_filter = (AbsentFilter, "kind", PersonFilter)
    fields = ("employee", ("first_on", "last_on"), "kind", "note")
    date_hierarchy = "first_on"
    ordering = ("-first_on", "pk")

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[Any, ...]:
        return ()

    @admin.display(description=gettext_lazy("first day"), ordering="first_on")
    def since(self, row: Absence) -> str:
        return write_short_day(row.first_on)

    @admin.display(description=gettext_lazy("last day"), ordering="last_on")
    def until(self, row: Absence) -> str:
        return write_short_day(row.last_on)

    @admin.display(description=gettext_lazy("calendar days"))
    def length(self, row: Absence) -> int:
        return (row.last_on - row.first_on).days + 1
