"""The same facts by hand-written SQL, the yardstick of `bench_facts.py`; it knows nothing of the list of measures."""

from django.db import connection, transaction

from crmsync.models import Portal

# By table, employee, day and condition: what each column counts or sums.
READS = (
    (
        "crmsync_lead",
        "responsible_id",
        "created_on",
        "created_on IS NOT NULL AND deleted_at IS NULL",
        {
            "leads_received": "COUNT(*)",
            "leads_converted": "COUNT(*) FILTER (WHERE semantics = 'S')",
            "leads_open": "COUNT(*) FILTER (WHERE semantics = 'P')",
        },
    ),
    (
        "kpis_leadprogress",
        "employee_id",
        "created_on",
        "TRUE",
        {
            "leads_won": "COUNT(*) FILTER (WHERE is_won)",
            "leads_answered": "COUNT(response_seconds)",
            "first_response_seconds": "SUM(response_seconds)",
            "first_response_business_seconds": "SUM(business_seconds)",
        },
    ),
    (
        "crmsync_deal",
        "responsible_id",
        "created_on",
        "created_on IS NOT NULL AND deleted_at IS NULL AND NOT is_recurring",
        {
            "deals_created": "COUNT(*)",
        },
    ),
    (
        "crmsync_deal",
        "credited_to_id",
        "closed_on",
        "closed_on IS NOT NULL AND deleted_at IS NULL AND NOT is_recurring AND semantics IN ('S', 'F')",
        {
            "deals_won": "COUNT(*) FILTER (WHERE semantics = 'S')",
            "deals_won_linked": "COUNT(lead_external_id) FILTER (WHERE semantics = 'S')",
            "deals_lost": "COUNT(*) FILTER (WHERE semantics = 'F')",
            "revenue": "SUM(amount_base) FILTER (WHERE semantics = 'S')",
            "cycle_seconds": "SUM(cycle_seconds) FILTER (WHERE semantics = 'S')",
            "cycle_deals": "COUNT(cycle_seconds) FILTER (WHERE semantics = 'S')",
        },
    ),
    (
        "kpis_sale",
        "employee_id",
        "won_on",
        "TRUE",
        {
            "lead_to_won_seconds": "SUM(lead_seconds)",
            "lead_to_won_deals": "COUNT(lead_seconds)",
            "cost": "SUM(cost)",
            "revenue_with_cost": "SUM(revenue) FILTER (WHERE cost IS NOT NULL)",
            "deals_with_cost": "COUNT(cost)",
            "repeat_sales": "COUNT(*) FILTER (WHERE is_repeat)",
            "new_customers": "COUNT(*) FILTER (WHERE is_first)",
        },
    ),
    (
        "crmsync_activity",
        "responsible_id",
        "started_on",
        "started_on IS NOT NULL AND deleted_at IS NULL AND (kind IN ('email', 'call') "
        "AND direction IN (1, 2) OR kind IN ('meeting', 'task') AND is_completed OR kind = 'chat')",
        {
            "emails_sent": "COUNT(*) FILTER (WHERE kind = 'email' AND direction = 2)",
            "emails_received": "COUNT(*) FILTER (WHERE kind = 'email' AND direction = 1)",
            "calls_made": "COUNT(*) FILTER (WHERE kind = 'call' AND direction = 2)",
            "calls_received": "COUNT(*) FILTER (WHERE kind = 'call' AND direction = 1)",
            "meetings_held": "COUNT(*) FILTER (WHERE kind = 'meeting' AND is_completed)",
            "tasks_done": "COUNT(*) FILTER (WHERE kind = 'task' AND is_completed)",
            "chats": "COUNT(*) FILTER (WHERE kind = 'chat')",
        },
    ),
    (
        "kpis_clientrequest",
        "employee_id",
        "asked_on",
        "TRUE",
        {
            "requests": "COUNT(*)",
            "requests_answered": "COUNT(response_seconds)",
            "response_seconds": "SUM(response_seconds)",
            "response_business_seconds": "SUM(business_seconds)",
        },
    ),
)
COLUMNS = [column for *_, columns in READS for column in columns]
NONE = [
    *("invitations_sent", "invitations_answered", "csat_responses", "csat_satisfied", "csat_score_sum"),
    *("reviews_positive", "reviews_negative", "spend"),
]
MONTHS = {"postgresql": "CAST(date_trunc('month', day) AS date)", "sqlite": "strftime('%Y-%m-01', day)"}


def write_daily(portal: Portal) -> str:
    """Write the statement of the daily facts: a grouped read a table, side by side, added up."""
    reads = [
        f"SELECT {who} AS who, {day} AS day, {', '.join(f'{columns.get(name, 0)} AS {name}' for name in COLUMNS)} "
        f"FROM {table} WHERE portal_id = {portal.pk} AND {where} GROUP BY {who}, {day}"
        for table, who, day, where, columns in READS
    ]
    zeros, sums = ", ".join("0" for _ in NONE), ", ".join(f"COALESCE(SUM({name}), 0)" for name in COLUMNS)
    return (
        f"INSERT INTO kpis_dailyfact (portal_id, employee_id, day, {', '.join((*COLUMNS, *NONE))}) "
        f"SELECT {portal.pk}, who, day, {sums}, {zeros} FROM ({' UNION ALL '.join(reads)}) AS cells GROUP BY who, day "
        f"HAVING {' OR '.join(f'SUM({name}) <> 0' for name in COLUMNS)}"
    )


def write_monthly(portal: Portal) -> str:
    """Write the statement of the monthly facts."""
    names, month = (*COLUMNS, *NONE), MONTHS[connection.vendor]
    return (
        f"INSERT INTO kpis_monthlyfact (portal_id, employee_id, month, {', '.join(names)}) "
        f"SELECT {portal.pk}, employee_id, {month}, {', '.join(f'SUM({name})' for name in names)} "
        f"FROM kpis_dailyfact WHERE portal_id = {portal.pk} GROUP BY employee_id, {month}"
    )


@transaction.atomic
def rebuild_by_hand(portal: Portal) -> None:
    """Do what the ranges of days of a rebuild do; derived rows are read as they are."""
    with connection.cursor() as cursor:
        for table in ("crmsync_touchedday", "kpis_dailyfact", "kpis_monthlyfact"):
            cursor.execute(f"DELETE FROM {table} WHERE portal_id = {portal.pk}")
        cursor.execute(write_daily(portal))
        cursor.execute(write_monthly(portal))
