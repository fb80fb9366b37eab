-- A third road to the totals, over the raw tables; run in the folder of the unpacked tables:
--   for t in sales_pipeline olist_closed_deals olist_marketing_qualified_leads; do gzip -dc SOURCE_DIR/$t.csv.gz > $t.csv; done
--   sqlite3 :memory: < totals.sql
.mode csv
.import sales_pipeline.csv maven
.import olist_closed_deals.csv olist
.import olist_marketing_qualified_leads.csv leads
.mode markdown
WITH won (month, micros) AS (
    SELECT substr(close_date, 1, 7), CAST(close_value AS INTEGER) * 1000000 FROM maven WHERE deal_stage = 'Won'
    UNION ALL
    SELECT substr(won_date, 1, 7), CAST(declared_monthly_revenue AS INTEGER) * 300000 FROM olist
),
received (month, leads) AS (SELECT substr(first_contact_date, 1, 7), count(*) FROM leads GROUP BY 1)
SELECT
    month,
    count(*) AS deals_won,
    sum(micros) / 1e6 AS revenue,
    leads AS leads_received,
    round(100.0 * count(*) / leads, 6) AS lead_conversion
FROM won LEFT JOIN received USING (month)
GROUP BY month
ORDER BY month;
