"""The same derived rows by hand-written SQL with window functions, the yardstick of `bench_facts.py`."""

from django.db import connection, transaction

from crmsync.models import Portal

REQUESTS = """
INSERT INTO kpis_clientrequest (activity_id, portal_id, employee_id, owner_type, owner_external_id, asked_at, asked_on,
    count, answer_id, response_seconds)
WITH talks AS (
    SELECT id, external_id, owner_type, owner_external_id, started_at, started_on, responsible_id,
        CASE WHEN direction = 1 AND NOT (kind = 'call' AND is_completed) THEN 1 ELSE 0 END AS opens
    FROM crmsync_activity
    WHERE portal_id = {portal} AND deleted_at IS NULL AND kind IN ('email', 'call', 'chat') AND direction IN (1, 2)
        AND started_at IS NOT NULL AND owner_type IS NOT NULL AND owner_external_id IS NOT NULL
), turns AS (
    SELECT *, SUM(1 - opens) OVER (PARTITION BY owner_type, owner_external_id ORDER BY started_at, external_id
        ROWS UNBOUNDED PRECEDING) - (1 - opens) AS turn
    FROM talks
), told AS (
    SELECT *, ROW_NUMBER() OVER (PARTITION BY owner_type, owner_external_id, turn ORDER BY started_at, external_id)
            AS place,
        SUM(opens) OVER (PARTITION BY owner_type, owner_external_id, turn) AS in_a_row,
        MAX(CASE WHEN opens = 0 THEN id END) OVER (PARTITION BY owner_type, owner_external_id, turn) AS answer,
        MAX(CASE WHEN opens = 0 THEN started_at END) OVER (PARTITION BY owner_type, owner_external_id, turn) AS answered
    FROM turns
)
SELECT id, {portal}, responsible_id, owner_type, owner_external_id, started_at, started_on, in_a_row, answer,
    {answered} - {started_at}
FROM told WHERE place = 1 AND opens = 1
"""
LEADS = """
INSERT INTO kpis_leadprogress (lead_id, portal_id, employee_id, created_on, is_won, answer_id, response_seconds)
WITH won AS (
    SELECT DISTINCT lead_external_id AS lead FROM crmsync_deal
    WHERE portal_id = {portal} AND deleted_at IS NULL AND NOT is_recurring AND semantics = 'S'
        AND lead_external_id IS NOT NULL
), answers AS (
    SELECT lead.id AS lead_id, activity.id, activity.started_at,
        ROW_NUMBER() OVER (PARTITION BY lead.id ORDER BY activity.started_at, activity.external_id) AS place
    FROM crmsync_lead AS lead JOIN crmsync_activity AS activity
        ON activity.portal_id = {portal} AND activity.owner_type = 1 AND activity.owner_external_id = lead.external_id
    WHERE lead.portal_id = {portal} AND activity.deleted_at IS NULL AND activity.direction = 2
        AND activity.kind IN ('email', 'call', 'chat') AND activity.started_at >= lead.created_at
)
SELECT lead.id, {portal}, lead.responsible_id, lead.created_on, won.lead IS NOT NULL, answers.id,
    {started_at} - {created_at}
FROM crmsync_lead AS lead
LEFT JOIN answers ON answers.lead_id = lead.id AND answers.place = 1
LEFT JOIN won ON won.lead = lead.external_id
WHERE lead.portal_id = {portal} AND lead.deleted_at IS NULL AND lead.created_on IS NOT NULL
    AND (answers.id IS NOT NULL OR won.lead IS NOT NULL)
"""
SALES = """
INSERT INTO kpis_sale (deal_id, portal_id, employee_id, won_at, won_on, customer_type, customer_external_id, next_on,
    is_first, is_repeat, revenue, lead_seconds)
WITH won AS (
    SELECT deal.*, {closed_at} - {created_at} AS since,
        CASE WHEN deal.company_external_id IS NOT NULL AND own.id IS NULL THEN 4
            WHEN deal.contact_external_id IS NOT NULL THEN 3 END AS kind
    FROM crmsync_deal AS deal
    LEFT JOIN crmsync_company AS own
        ON own.portal_id = {portal} AND own.external_id = deal.company_external_id AND own.is_own
    LEFT JOIN crmsync_lead AS lead
        ON lead.portal_id = {portal} AND lead.external_id = deal.lead_external_id AND lead.deleted_at IS NULL
    WHERE deal.portal_id = {portal} AND deal.deleted_at IS NULL AND NOT is_recurring AND deal.semantics = 'S'
        AND closed_at IS NOT NULL AND closed_on IS NOT NULL
), whose AS (
    SELECT *, CASE kind WHEN 4 THEN company_external_id WHEN 3 THEN contact_external_id END AS customer FROM won
), placed AS (
    SELECT *, ROW_NUMBER() OVER (PARTITION BY kind, customer ORDER BY closed_at, external_id) AS place,
        LEAD(closed_on) OVER (PARTITION BY kind, customer ORDER BY closed_at, external_id) AS next_on
    FROM whose
)
SELECT id, {portal}, credited_to_id, closed_at, closed_on, kind, customer,
    CASE WHEN kind IS NOT NULL THEN next_on END, kind IS NOT NULL AND place = 1, kind IS NOT NULL AND place > 1,
    amount_base, CASE WHEN since >= 0 THEN since END
FROM placed
"""
EPOCH = {
    "postgresql": "CAST(FLOOR(EXTRACT(EPOCH FROM {})) AS bigint)",
    "sqlite": "CAST(strftime('%s', {}) AS INTEGER)",
}


@transaction.atomic
def derive_by_hand(portal: Portal) -> None:
    """Do what the ranges of records of a rebuild do."""
    epoch = EPOCH[connection.vendor]
    names = {"answered": "answered", "closed_at": "closed_at", "created_at": "lead.created_at"}
    with connection.cursor() as cursor:
        for table, sql, started in (
            ("kpis_clientrequest", REQUESTS, "started_at"),
            ("kpis_leadprogress", LEADS, "answers.started_at"),
            ("kpis_sale", SALES, ""),
        ):
            cursor.execute(f"DELETE FROM {table} WHERE portal_id = {portal.pk}")
            moments = {name: epoch.format(column) for name, column in {**names, "started_at": started}.items()}
            cursor.execute(sql.format(portal=portal.pk, **moments))
