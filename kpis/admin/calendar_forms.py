"""What may be entered about working hours, special days and absences, and what is refused with which sentence."""

from datetime import time
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.dates import WEEKDAYS
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crmsync.models import Employee
from kpis.admin.people import list_staff
from kpis.models import CalendarDay
from kpis.models.calendar import make_weekdays
from kpis.work.public_days import list_countries
from kpis.work.worktime import is_in_order


class ClockInput(forms.TimeInput):
    """The browser's own field for hours and minutes."""

    input_type = "time"

    def __init__(self) -> None:
        super().__init__(format="%H:%M")


class HoursForm(forms.ModelForm):
    """What has an opening and a closing."""

    def check_order(self, start: str, end: str, text: str) -> None:
        """Refuse an end that is not after its start."""
        opens, closes = self.cleaned_data.get(start), self.cleaned_data.get(end)
        if opens is not None and closes is not None and not is_in_order(opens, closes):
            self.add_error(end, text)

    def check_both(self, start: str, end: str, text: str) -> None:
        """Refuse one end without the other."""
        if {start, end} & self.errors.keys():
            return
        missing = [name for name in (start, end) if self.cleaned_data.get(name) is None]
        if len(missing) == 1:
            self.add_error(missing[0], text)


class WorkCalendarForm(HoursForm):
    """The usual week of a portal."""

    weekdays = forms.TypedMultipleChoiceField(
        coerce=int,
        choices=list(WEEKDAYS.items()),
        initial=make_weekdays,
        widget=forms.CheckboxSelectMultiple,
        label=capfirst(gettext_lazy("working days of the week")),
        error_messages={
            "required": gettext_lazy("Tick at least one working day."),
            "invalid_choice": gettext_lazy("Tick days from Monday to Sunday only."),
        },
    )

    def clean_weekdays(self) -> list[int]:
        return sorted(set(self.cleaned_data["weekdays"]))

    def clean_country(self) -> str:
        country = str(self.cleaned_data["country"]).strip().upper()
        if country and country not in list_countries():
            text = _("No holidays are known for “%(country)s”: write two letters such as RU, BY or KZ, or nothing.")
            raise forms.ValidationError(text % {"country": country})
        return country

    def clean(self) -> None:
        super().clean()
        self.check_order("opens_at", "closes_at", _("Work must end after it begins; 0:00 means midnight."))
        self.check_both("break_from", "break_to", _("Give both ends of the break, or neither."))
        self.check_order("break_from", "break_to", _("The break must end after it begins."))
        self.check_break()

    def check_break(self) -> None:
        """Refuse a break that is not within the hours."""
        names = ("opens_at", "break_from", "break_to", "closes_at")
        opens, leave, back, closes = (self.cleaned_data.get(name) for name in names)
        if opens is None or leave is None or back is None or closes is None:
            return
        if leave < opens or (closes != time() and (back > closes or back == time())):
            self.add_error("break_from", _("The break must lie within the working hours."))


class PersonForm(forms.ModelForm):
    """What may be about an employee, who must be of the entry's portal."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        person: Any = self.fields.get("employee")
        if person is not None and self.instance.employee_id:
            # Whoever was chosen once stays a choice, although the portal may not list him any more.
            own = Q(pk=self.instance.employee_id)
            person.queryset = Employee.objects.filter(own | Q(pk__in=list_staff().order_by().values("pk")))

    def find_portal(self) -> int | None:
        """Find the portal of the entry: the stored one, which stays, or the chosen one."""
        chosen = self.cleaned_data.get("portal")
        return chosen.pk if chosen else self.instance.portal_id

    def check_person(self) -> None:
        """Refuse an employee of another portal."""
        employee, portal = self.cleaned_data.get("employee"), self.find_portal()
        if employee and portal and employee.portal_id != portal:
            self.add_error("employee", _("Choose an employee of this entry's portal."))


class CalendarDayForm(PersonForm, HoursForm):
    """A day that differs."""

    def clean(self) -> None:
        super().clean()
        self.check_both("opens_at", "closes_at", _("Give both times, or neither for a day off."))
        self.check_order("opens_at", "closes_at", _("Work must end after it begins; 0:00 means midnight."))
        self.check_person()
        self.check_once()

    def check_once(self) -> None:
        """Refuse a second entry of a day for the same employee, or for all."""
        if {"portal", "employee", "day"} & self.errors.keys():
            return
        same = {"employee": self.cleaned_data.get("employee"), "day": self.cleaned_data.get("day")}
        others = CalendarDay.objects.filter(portal=self.find_portal(), **same).exclude(pk=self.instance.pk)
        if others.exists():
            self.add_error("day", _("This day is entered already: change that entry."))


class AbsenceForm(PersonForm):
    """An absence; its portal is the employee's."""

    def clean(self) -> None:
        super().clean()
        self.check_person()
        first, last = self.cleaned_data.get("first_on"), self.cleaned_data.get("last_on")
        if first and last and last < first:
            self.add_error("last_on", _("The last day must not be before the first."))
        employee = self.cleaned_data.get("employee")
        if employee and not self.instance.portal_id:
            self.instance.portal_id = employee.portal_id
