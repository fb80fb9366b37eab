"""The same facts by hand-written SQL, the yardstick of `bench_facts.py`; it knows nothing of the list of measures."""

from django.db import connection, transaction

from crmsync.models import Portal

DAILY = """
INSERT INTO kpis_dailyfact (portal_id, employee_id, day, leads_received, leads_converted, deals_created, deals_won,
    deals_lost, revenue, cycle_seconds, cycle_deals, emails_sent, emails_received, calls_made, calls_received,
    meetings_held, tasks_done, chats)
SELECT {portal}, who, day, SUM(a), SUM(b), SUM(c), SUM(d), SUM(e), COALESCE(SUM(f), 0), COALESCE(SUM(g), 0), SUM(h),
    SUM(i), SUM(j), SUM(k), SUM(l), SUM(m), SUM(n), SUM(o)
FROM (
    SELECT responsible_id AS who, created_on AS day, COUNT(*) AS a, COUNT(*) FILTER (WHERE semantics = 'S') AS b,
        0 AS c, 0 AS d, 0 AS e, 0 AS f, 0 AS g, 0 AS h, 0 AS i, 0 AS j, 0 AS k, 0 AS l, 0 AS m, 0 AS n, 0 AS o
    FROM crmsync_lead WHERE portal_id = {portal} AND created_on IS NOT NULL AND deleted_at IS NULL
    GROUP BY responsible_id, created_on
    UNION ALL
    SELECT responsible_id, created_on, 0, 0, COUNT(*), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0
    FROM crmsync_deal WHERE portal_id = {portal} AND created_on IS NOT NULL AND deleted_at IS NULL
        AND NOT is_recurring
    GROUP BY responsible_id, created_on
    UNION ALL
    SELECT credited_to_id, closed_on, 0, 0, 0, COUNT(*) FILTER (WHERE semantics = 'S'),
        COUNT(*) FILTER (WHERE semantics = 'F'), SUM(amount_base) FILTER (WHERE semantics = 'S'),
        SUM(cycle_seconds) FILTER (WHERE semantics = 'S'), COUNT(cycle_seconds) FILTER (WHERE semantics = 'S'),
        0, 0, 0, 0, 0, 0, 0
    FROM crmsync_deal
    WHERE portal_id = {portal} AND closed_on IS NOT NULL AND deleted_at IS NULL AND NOT is_recurring
        AND semantics IN ('S', 'F')
    GROUP BY credited_to_id, closed_on
    UNION ALL
    SELECT responsible_id, started_on, 0, 0, 0, 0, 0, 0, 0, 0,
        COUNT(*) FILTER (WHERE kind = 'email' AND direction = 2),
        COUNT(*) FILTER (WHERE kind = 'email' AND direction = 1),
        COUNT(*) FILTER (WHERE kind = 'call' AND direction = 2),
        COUNT(*) FILTER (WHERE kind = 'call' AND direction = 1),
        COUNT(*) FILTER (WHERE kind = 'meeting' AND is_completed),
        COUNT(*) FILTER (WHERE kind = 'task' AND is_completed),
        COUNT(*) FILTER (WHERE kind = 'chat')
    FROM crmsync_activity
    WHERE portal_id = {portal} AND started_on IS NOT NULL AND deleted_at IS NULL
        AND (kind IN ('email', 'call') AND direction IN (1, 2) OR kind IN ('meeting', 'task') AND is_completed
             OR kind = 'chat')
    GROUP BY responsible_id, started_on
) AS cells GROUP BY who, day
"""
MONTHLY = """
INSERT INTO kpis_monthlyfact (portal_id, employee_id, month, leads_received, leads_converted, deals_created, deals_won,
    deals_lost, revenue, cycle_seconds, cycle_deals, emails_sent, emails_received, calls_made, calls_received,
    meetings_held, tasks_done, chats)
SELECT {portal}, employee_id, {month}, SUM(leads_received), SUM(leads_converted), SUM(deals_created), SUM(deals_won),
    SUM(deals_lost), SUM(revenue), SUM(cycle_seconds), SUM(cycle_deals), SUM(emails_sent), SUM(emails_received),
    SUM(calls_made), SUM(calls_received), SUM(meetings_held), SUM(tasks_done), SUM(chats)
FROM kpis_dailyfact WHERE portal_id = {portal} GROUP BY employee_id, {month}
"""
MONTHS = {"postgresql": "CAST(date_trunc('month', day) AS date)", "sqlite": "strftime('%Y-%m-01', day)"}


@transaction.atomic
def rebuild_by_hand(portal: Portal) -> None:
    """Do what `rebuild` does."""
    with connection.cursor() as cursor:
        for table in ("crmsync_touchedday", "kpis_dailyfact", "kpis_monthlyfact"):
            cursor.execute(f"DELETE FROM {table} WHERE portal_id = {portal.pk}")
        cursor.execute(DAILY.format(portal=portal.pk))
        cursor.execute(MONTHLY.format(portal=portal.pk, month=MONTHS[connection.vendor]))
