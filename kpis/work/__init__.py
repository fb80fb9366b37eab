"""Working time: a portal's and its people's hours, holidays and absences, as intervals that can be counted."""
