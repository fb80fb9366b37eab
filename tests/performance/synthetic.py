"""A synthetic mirror of any size, made by the database itself, so that loading measures nothing of ours."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection, models

from crmsync.models import Activity, Company, Deal, Employee, Lead, Portal

FIRST_DAY, DAYS, EMPLOYEES = date(2024, 1, 1), 1096, 500
LEADS_PER_DEAL, ACTIVITIES_PER_DEAL, DEALS_PER_CUSTOMER = 2, 5, 4


@dataclass(frozen=True)
class Mirror:
    """What was loaded."""

    portal: Portal
    employees: list[int]
    deals: int

    @property
    def rows(self) -> int:
        return self.deals * (1 + LEADS_PER_DEAL + ACTIVITIES_PER_DEAL)


def load_mirror(deals: int) -> Mirror:
    """Load deals, leads and activities of 500 employees over three years, in the order of time; some are deleted."""
    portal = Portal.objects.create(name="Bench", origin="https://bench.example", webhook_url="")
    Employee.objects.bulk_create(Employee(portal=portal, external_id=number) for number in range(EMPLOYEES))
    people = list(Employee.objects.filter(portal=portal).order_by("pk").values_list("pk", flat=True))
    who = f"CASE WHEN {pick(1, 97)} = 0 THEN NULL ELSE {people[0]} + {pick(2, EMPLOYEES)} END"
    meaning = f"CASE WHEN {pick(3, 10)} < 3 THEN 'S' WHEN {pick(3, 10)} < 5 THEN 'F' ELSE 'P' END"
    leads = {"responsible_id": who, "created_on": on_day(), "semantics": meaning, "deleted_at": gone()}
    load(Lead, deals * LEADS_PER_DEAL, portal, {**leads, "created_at": at_moment(on_day(), 17)})
    load(Company, deals // DEALS_PER_CUSTOMER, portal, {"is_own": "n = 1"})
    load(Deal, deals, portal, deal_columns(who, meaning))
    load(Activity, deals * ACTIVITIES_PER_DEAL, portal, activity_columns(who))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return Mirror(portal, people, deals)


def deal_columns(who: str, meaning: str) -> dict[str, str]:
    """Give the columns of deals that vary; half of them are closed, up to two months after they began."""
    closed, won = f"{pick(3, 10)} < 5", f"{pick(3, 10)} < 3"
    return {
        "responsible_id": who,
        "created_on": on_day(),
        "created_at": at_moment(on_day(), 18),
        "lead_external_id": f"CASE WHEN {pick(13, 10)} < 7 THEN {near('n * 2', 'total * 2', 14)} END",
        "company_external_id": f"CASE WHEN {pick(15, 10)} < 4 THEN {near('n / 4', 'total / 4', 16)} END",
        "contact_external_id": f"CASE WHEN {pick(19, 10)} < 7 THEN {near('n / 4', 'total / 4', 20)} END",
        "semantics": meaning,
        "is_recurring": f"{pick(4, 50)} = 0",
        "deleted_at": gone(),
        "closed_on": f"CASE WHEN {closed} THEN {on_day(pick(5, 60))} END",
        "closed_at": f"CASE WHEN {closed} THEN {at_moment(on_day(pick(5, 60)), 21)} END",
        "moved_at": f"CASE WHEN {closed} THEN {at_moment(on_day(pick(5, 60)), 21)} ELSE {at_moment(on_day(), 18)} END",
        "planned_close_on": on_day(pick(5, 60)),
        "credited_to_id": f"CASE WHEN {closed} THEN {who} END",
        "amount_base": f"CASE WHEN {won} AND {pick(6, 40)} > 0 THEN {pick(7, 900_000)} * 1000000 END",
        "cycle_seconds": f"CASE WHEN {won} AND {pick(8, 40)} > 0 THEN {pick(5, 60)} * 86400 END",
    }


def activity_columns(who: str) -> dict[str, str]:
    """Give the columns of activities that vary; nine of ten stand on a record of about their own age."""
    owner = pick(22, 20)
    types = (
        f"CASE WHEN {owner} < 8 THEN 1 WHEN {owner} < 15 THEN 2 WHEN {owner} < 17 THEN 3 WHEN {owner} < 18 THEN 4 END"
    )
    ids = (
        f"CASE WHEN {owner} < 8 THEN {near('n * 2 / 5', 'total * 2 / 5', 23)} "
        f"WHEN {owner} < 15 THEN {near('n / 5', 'total / 5', 24)} "
        f"WHEN {owner} < 18 THEN {near('n / 20', 'total / 20', 25)} END"
    )
    kinds = "".join(f" WHEN {place} THEN '{kind}'" for place, kind in enumerate(Activity.Kind.values))
    return {
        "responsible_id": who,
        "started_on": on_day(pick(26, 5)),
        "started_at": at_moment(on_day(pick(26, 5)), 27),
        "owner_type": types,
        "owner_external_id": ids,
        "kind": f"CASE {pick(9, len(Activity.Kind.values) + 3)}{kinds} ELSE 'email' END",
        "direction": f"1 + {pick(10, 2)}",
        "is_completed": f"{pick(11, 3)} > 0",
        "deleted_at": gone(),
    }


def pick(salt: int, among: int) -> str:
    """Write an expression that picks a number below `among` for row n; the same for one salt."""
    return f"((n * 2654435761 + {salt * 7_368_787}) % 4294967291 / 65537 % {among})"


def on_day(later: str = "0") -> str:
    """Write an expression for the day of row n of `total`, days later but within the three years."""
    days = f"(n * {DAYS - 60} / total + {later})"
    if connection.vendor == "postgresql":
        return f"(DATE '{FIRST_DAY}' + CAST({days} AS integer))"
    return f"date('{FIRST_DAY}', {days} || ' days')"


def at_moment(day: str, salt: int) -> str:
    """Write an expression for an instant of row n on a day, in daylight wherever the portal is."""
    seconds = f"(21600 + {pick(salt, 36_000)})"
    if connection.vendor == "postgresql":
        return f"(CAST({day} AS timestamp) AT TIME ZONE 'UTC' + {seconds} * INTERVAL '1 second')"
    return f"datetime({day}, {seconds} || ' seconds')"


def near(place: str, total: str, salt: int) -> str:
    """Write an expression for the id of a record of about the same age among so many."""
    return f"(1 + ({place} + {pick(salt, 40)}) % ({total}))"


def gone() -> str:
    """Write an expression for when row n vanished from the portal: one in a hundred did."""
    at = "'2027-01-01 00:00:00'"
    if connection.vendor == "postgresql":
        at = f"TIMESTAMP WITH TIME ZONE {at}"
    return f"CASE WHEN {pick(12, 100)} = 0 THEN {at} END"


def load(model: type[models.Model], total: int, portal: Portal, varying: dict[str, str]) -> None:
    """Insert `total` rows, with the model's defaults where nothing varies."""
    varying = {"portal_id": str(portal.pk), "external_id": "n", **varying}
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    fixed = [field for field in fields if field.attname not in varying]
    chosen = [varying.get(field.attname or "", "%s") for field in fields]
    sql = (
        f"INSERT INTO {model._meta.db_table} ({', '.join(str(field.column) for field in fields)}) "
        f"SELECT {', '.join(chosen).replace(' % ', ' %% ')} FROM {count_rows(total)}"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [prepare_default(field) for field in fixed])


def count_rows(total: int) -> str:
    """Write a table of the numbers n from 1 to total."""
    if connection.vendor == "postgresql":
        return f"(SELECT n, {total} AS total FROM generate_series(1::bigint, {total}) AS numbers(n)) AS rows_"
    numbers = f"WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {total})"
    return f"({numbers} SELECT n, {total} AS total FROM numbers) AS rows_"


def prepare_default(field: Any) -> Any:
    """Give a field's default as the driver takes it."""
    return field.get_db_prep_save(field.get_default(), connection)
