"""Users and departments: Maven's agents under their managers and offices, Olist's people beside them (rule R1)."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from tests.realdata.tables import Row

Record = dict[str, Any]
ADMINISTRATOR = 1
ROOT, OLIST, REPRESENTATIVES, DEVELOPERS = 1, 20, 21, 22
FIRST_OFFICE, FIRST_MANAGER, FIRST_AGENT, FIRST_OLIST = 2, 11, 101, 201


@dataclass(frozen=True)
class Staff:
    """Everybody by name or hash, with the user id that the folder gives him."""

    teams: list[Row]
    managers: dict[str, int]
    agents: dict[str, int]
    olist: dict[str, int]
    representatives: Counter[str]
    developers: frozenset[str]
    selling: frozenset[str]


def gather_staff(teams: list[Row], pipeline: list[Row], closed: list[Row]) -> Staff:
    """Give everybody an id."""
    names = sorted({row["manager"] for row in teams})
    representatives = Counter(row["sr_id"] for row in closed)
    developers = frozenset(row["sdr_id"] for row in closed)
    return Staff(
        teams=teams,
        managers={name: FIRST_MANAGER + i for i, name in enumerate(names)},
        agents={row["sales_agent"]: FIRST_AGENT + i for i, row in enumerate(teams)},
        olist={code: FIRST_OLIST + i for i, code in enumerate(sorted({*representatives, *developers}))},
        representatives=representatives,
        developers=developers,
        selling=frozenset(row["sales_agent"] for row in pipeline),
    )


def list_users(staff: Staff) -> list[Record]:
    """List what user.get returns; a representative with a single deal is one whom the portal hides."""
    users = [_write_user(ADMINISTRATOR, "Portal Administrator", [ROOT])]
    users += [_write_user(key, name, [key]) for name, key in staff.managers.items()]
    for row in staff.teams:
        name = row["sales_agent"]
        user = _write_user(staff.agents[name], name, [staff.managers[row["manager"]]])
        users.append(user | {"ACTIVE": name in staff.selling})
    for code, key in staff.olist.items():
        if staff.representatives[code] != 1:
            users.append(_write_user(key, f"Olist {code[:8]}", _list_olist_departments(staff, code)))
    return users


def _write_user(key: int, name: str, departments: list[int]) -> Record:
    first, _, last = name.partition(" ")
    user: Record = {"ID": str(key), "ACTIVE": True, "NAME": first, "LAST_NAME": last, "USER_TYPE": "employee"}
    return user | {"WORK_POSITION": "", "TIMESTAMP_X": {}, "UF_DEPARTMENT": departments}


def _list_olist_departments(staff: Staff, code: str) -> list[int]:
    sells = [REPRESENTATIVES] if code in staff.representatives else []
    return sells + ([DEVELOPERS] if code in staff.developers else [])


def list_departments(staff: Staff) -> list[Record]:
    """List what department.get returns: offices hold the teams of their managers, Olist holds its two roles."""
    offices = sorted({row["regional_office"] for row in staff.teams})
    keys = {name: FIRST_OFFICE + i for i, name in enumerate(offices)}
    office_of = {row["manager"]: keys[row["regional_office"]] for row in staff.teams}
    rows: list[Record] = [{"ID": str(ROOT), "NAME": "Sales", "SORT": 500, "UF_HEAD": str(ADMINISTRATOR)}]
    rows += [_write_department(key, name, ROOT) for name, key in keys.items()]
    for name, key in staff.managers.items():
        rows.append(_write_department(key, f"Team of {name}", office_of[name]) | {"UF_HEAD": str(key)})
    rows.append(_write_department(OLIST, "Olist: sellers &amp; leads", ROOT))
    rows.append(_write_department(REPRESENTATIVES, "Sales representatives", OLIST))
    rows.append(_write_department(DEVELOPERS, "Sales development", OLIST))
    return rows


def _write_department(key: int, name: str, parent: int) -> Record:
    return {"ID": str(key), "NAME": name, "SORT": 500, "PARENT": str(parent)}
