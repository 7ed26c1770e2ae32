/*---
table: core.threshold_period
grain: one row per account (patient, billing NPI and payer), calendar year and bucket with an accruing line, and span of one amount within the year
reads: [core.accruing_line, core.account, core.therapy_accumulator, ref.therapy_threshold]
columns:
  period_id: {type: INTEGER, is: "joins core.threshold_line; never shown"}
  total_id: {type: INTEGER, is: "the same for all periods of one patient, payer, calendar year and bucket, whose lines are added up together; never shown"}
  account_no: {type: BIGINT, is: "joins only, never shown"}
  patient_id: {type: VARCHAR, is: "patient"}
  billing_npi: {type: VARCHAR, is: "billing NPI"}
  payer_id: {type: VARCHAR, is: "payer"}
  year: {type: INTEGER, is: "calendar year of the service dates"}
  bucket: {type: "ENUM('OT', 'PTSLP')", is: "PT and SLP together, or OT"}
  first_day: {type: DATE, is: "first date of service of the amount, within the year"}
  last_day: {type: DATE, is: "last date of service of the amount, within the year"}
  uses_therapy_threshold: {type: BOOLEAN, is: "the payer has the threshold; null = unknown"}
  order_basis: {type: "ENUM('processed', 'received', 'service')", is: "the one date that all lines of the total have"}
  spending_undated: {type: "DECIMAL(18,2)", is: "spending elsewhere that has no date and is not counted"}
  threshold: {type: "DECIMAL(12,2)", is: "the amount; null where no row is loaded"}
  review_amount: {type: "DECIMAL(12,2)", is: "the targeted review amount; null when there is none"}
  citation: {type: VARCHAR, is: "source of the amounts"}
---
What lines of core.threshold_line share: whose total they move, the amounts it is held against, and by which date they are ordered (ruling 28). A year is one
span, 2012 two, because its review amount began in October; days of which no amount is loaded are a span without amounts.
*/
with seen as (
  select account_no, year(service_date) as year, bucket, bool_or(uses_therapy_threshold) as uses_therapy_threshold,
    count(*) as lines, count(processed_date) as processed, count(received_date) as received
  from core.accruing_line
  group by all
),
total as (
  select s.account_no, a.patient_id, a.billing_npi, a.payer_id, s.year, s.bucket, s.uses_therapy_threshold,
    dense_rank() over (order by a.patient_id, a.payer_id, s.year, s.bucket) as total_id,
    case when sum(s.processed) over same = sum(s.lines) over same then 'processed' when sum(s.received) over same = sum(s.lines) over same then 'received'
      else 'service' end as order_basis
  from seen s
  join core.account a using (account_no)
  window same as (partition by a.patient_id, a.payer_id, s.year, s.bucket)
),
-- each day of a year stands in one span: where an amount begins, and where it ends, another begins, be it one without amounts
edge as (
  select distinct y.year, unnest([make_date(y.year, 1, 1), t.valid_from, t.valid_to]) as first_day
  from (select distinct year from seen) y
  left join ref.therapy_threshold t on year(t.valid_from) = y.year
),
span as (
  select year, first_day, coalesce(lead(first_day) over (partition by year order by first_day) - 1, make_date(year, 12, 31)) as last_day
  from edge where year(first_day) = year
),
undated as (
  select patient_id, year, bucket, max(amount_used) as amount_used from core.therapy_accumulator where as_of_date is null
  group by patient_id, year, bucket
)
select row_number() over (order by s.total_id, s.account_no, d.first_day) as period_id, s.total_id, s.account_no, s.patient_id, s.billing_npi, s.payer_id, s.year, s.bucket,
  d.first_day, d.last_day, s.uses_therapy_threshold, s.order_basis, coalesce(u.amount_used, 0) as spending_undated, t.amount as threshold, t.review_amount, t.citation
from total s
join span d on d.year = s.year
left join ref.therapy_threshold t on year(t.valid_from) = s.year and t.valid_from <= d.first_day and (t.valid_to is null or d.first_day < t.valid_to)
left join undated u on u.patient_id = s.patient_id and u.year = s.year and u.bucket = s.bucket
