"""The units in which measures and KPIs are expressed; the edges that render numbers read them here."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Unit(TextChoices):
    """What a number counts; money is in the portal's base currency."""

    LEADS = "leads", _("leads")
    DEALS = "deals", _("deals")
    MONEY = "money", _("money")
    SECONDS = "seconds", _("seconds")
    DAYS = "days", _("days")
    PERCENT = "percent", "%"
    LETTERS = "letters", _("letters")
    CALLS = "calls", _("calls")
    MEETINGS = "meetings", _("meetings")
    TASKS = "tasks", _("tasks")
    CHATS = "chats", _("chats")
    CUSTOMERS = "customers", _("customers")
    REQUESTS = "requests", _("requests")
    INVITATIONS = "invitations", _("invitations")
    ANSWERS = "answers", _("answers")
    SCORE = "score", _("points")
    MINUTES = "minutes", _("minutes")


class Direction(TextChoices):
    """Which way a KPI improves."""

    UP = "up", _("higher is better")
    DOWN = "down", _("lower is better")
