"""The people of the made-up company: a tree of departments, and managers who differ for good in how they sell."""

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from crmsync.sandbox.columns import Array
from crmsync.sandbox.company.names import first_name, last_name, latin, phone, second_name
from crmsync.sandbox.company.seasons import Calendar
from crmsync.sandbox.instants import DAY_SECONDS, format_utc
from crmsync.sandbox.schema import Record

DIRECTOR, HEAD_OF_SALES = 1, 2
ROOT, SALES, MARKETING, ACCOUNTING, FIRST_TEAM = 1, 2, 3, 4, 10
TEAM_SIZE = 8
NEVER = 2**40


@dataclass(frozen=True)
class Staff:
    """Managers by position: their user ids and what makes each good or bad; the last one is hidden.

    Units: reply in seconds (median), left in epoch seconds; the others are factors around 1.
    """

    ids: Array
    teams: Array
    conversion: Array
    value: Array
    pace: Array
    reply: Array
    load: Array
    left: Array

    def draw_for(self, chance: Generator, moments: Array) -> Array:
        """Draw a manager's position for each moment; work falls only to those still there."""
        drawn = draw_weighted(chance, self.load, len(moments))
        gone = moments >= self.left[drawn]
        stayers = np.where(self.left == NEVER, self.load, 0)
        drawn[gone] = draw_weighted(chance, stayers, int(gone.sum()))
        return drawn


def draw_weighted(chance: Generator, weights: Array, size: int) -> Array:
    """Draw positions with the given weights."""
    passed = np.cumsum(weights, dtype=np.float64)
    drawn = np.searchsorted(passed, chance.random(size) * passed[-1], side="right")
    return drawn.clip(0, len(weights) - 1).astype(np.uint16)


def hire_staff(chance: Generator, *, employees: int, calendar: Calendar) -> Staff:
    """Draw the managers among so many employees, a few of them fired, and one more whom nobody can see."""
    ids = np.array([HEAD_OF_SALES, *range(5, employees + 1), employees + 1])
    count = len(ids)
    skill = spread(chance, count)
    left = np.full(count, NEVER)
    fired = np.arange(3, count - 1, 11)
    left[fired] = calendar.start + (chance.uniform(0.3, 0.85, len(fired)) * calendar.days).astype(int) * DAY_SECONDS
    load = chance.uniform(0.6, 1.4, count)
    load[0] *= 0.3
    load[-1] = 0.01 * load.sum()
    return Staff(
        ids=ids.astype(np.uint32),
        teams=FIRST_TEAM + np.maximum(0, np.arange(count) - 1) // TEAM_SIZE,
        conversion=1.0 + 0.55 * skill,
        value=np.exp(0.35 * spread(chance, count)),
        pace=np.exp(-0.3 * skill + 0.15 * spread(chance, count)),
        reply=2400.0 * np.exp(-1.1 * skill + 0.4 * spread(chance, count)),
        load=load,
        left=left,
    )


def spread(chance: Generator, count: int) -> Array:
    """Return evenly spaced grades from -1 to 1 in random order, so that any team has its best and its worst."""
    return chance.permutation(np.linspace(-1, 1, count))


def make_users(staff: Staff, *, employees: int, calendar: Calendar) -> list[Record]:
    """Make the rows of user.get; the hidden user is not among them."""
    left = dict(zip(staff.ids.tolist(), staff.left.tolist(), strict=True))
    teams = dict(zip(staff.ids.tolist(), staff.teams.tolist(), strict=True))
    offices = {DIRECTOR: ROOT, HEAD_OF_SALES: SALES, 3: MARKETING, 4: ACCOUNTING}
    posts = {DIRECTOR: "Генеральный директор", HEAD_OF_SALES: "Руководитель отдела продаж", 3: "Маркетолог"}
    posts[4] = "Бухгалтер"
    return [
        {
            "ID": str(user),
            "ACTIVE": left.get(user, NEVER) == NEVER,
            "NAME": first_name(user),
            "LAST_NAME": last_name(user),
            "SECOND_NAME": second_name(user),
            "EMAIL": f"{latin(first_name(user))[0]}.{latin(last_name(user))}{user}@sandbox.example",
            "WORK_POSITION": posts.get(user, "Менеджер по продажам"),
            "WORK_PHONE": phone(user),
            "UF_DEPARTMENT": [offices.get(user) or teams[user]],
            "USER_TYPE": "employee",
            "IS_ONLINE": "N",
            "LAST_LOGIN": format_utc(min(left.get(user, NEVER), calendar.now)),
            "DATE_REGISTER": format_utc(calendar.start),
            "LAST_ACTIVITY_DATE": {},
            "TIMESTAMP_X": {},
            "PERSONAL_BIRTHDAY": "",
            "UF_EMPLOYMENT_DATE": "",
            "TIME_ZONE": "",
        }
        for user in range(1, employees + 1)
    ]


def make_departments(staff: Staff) -> list[Record]:
    """Make the rows of department.get: a tree whose teams are headed by their first member still there."""
    rows: list[Record] = [
        {"ID": str(ROOT), "NAME": "Песочница", "SORT": 100, "UF_HEAD": str(DIRECTOR)},
        {"ID": str(SALES), "NAME": "Отдел продаж", "SORT": 200, "PARENT": "1", "UF_HEAD": str(HEAD_OF_SALES)},
        {"ID": str(MARKETING), "NAME": "Маркетинг", "SORT": 300, "PARENT": "1", "UF_HEAD": "3"},
        {"ID": str(ACCOUNTING), "NAME": "Бухгалтерия", "SORT": 400, "PARENT": "1"},
    ]
    visible = range(1, len(staff.ids) - 1)
    for team in sorted({int(staff.teams[place]) for place in visible}):
        heads = [staff.ids[p] for p in visible if staff.teams[p] == team and staff.left[p] == NEVER]
        name = f"Группа продаж №{team - FIRST_TEAM + 1}"
        row = {"ID": str(team), "NAME": name, "SORT": 500 + team, "PARENT": str(SALES)}
        rows.append({**row, "UF_HEAD": str(heads[0])} if heads else row)
    return rows
