/*---
table: core.threshold_line
grain: one row per line of core.accruing_line
reads: [core.accruing_line, core.threshold_period, core.therapy_accumulator]
columns:
  line_id: {type: BIGINT, is: "the line"}
  period_id: {type: INTEGER, is: "its patient, payer, year, bucket and amounts: core.threshold_period"}
  position: {type: INTEGER, is: "place of the line in its total, from 1; this and the next four are null when it is unknown whether the payer has the threshold"}
  order_date: {type: DATE, is: "the line's date on the basis of its total"}
  running_before: {type: "DECIMAL(18,2)", is: "known allowed total before the line, spending elsewhere included"}
  running_after: {type: "DECIMAL(18,2)", is: "known allowed total with the line"}
  spending_elsewhere: {type: "DECIMAL(18,2)", is: "spending elsewhere counted in the totals"}
  provider_npi: {type: VARCHAR, is: "rendering NPI"}
  procedure_code: {type: VARCHAR, is: "code"}
  service_date: {type: DATE, is: "date of service"}
  denied_119: {type: BOOLEAN, is: "denied with CARC 119; adds nothing"}
  has_kx: {type: BOOLEAN, is: "the line carries KX"}
  is_judged: {type: BOOLEAN, is: "false for a line with GA, which accrues when it was paid but needs no KX"}
  allowed_amount: {type: "DECIMAL(12,2)", is: "allowed amount of the line; null = not known, adds nothing"}
---
Running totals of the annual therapy threshold per patient, payer, calendar year and bucket (PT and SLP together; OT), over all providers in the data
(therapy-rules 3, rulings 2, 5 and 28). Order: processed, else received, else service date, then claim and line; one basis for the whole year and bucket.
*/
with line as not materialized (
  select l.*, p.period_id, p.total_id,
    case p.order_basis when 'processed' then l.processed_date when 'received' then l.received_date else l.service_date end as order_date
  from core.accruing_line l
  join core.threshold_period p on p.account_no = l.account_no and p.year = year(l.service_date) and p.bucket = l.bucket
    and l.service_date between p.first_day and p.last_day
),
running as (
  select line_id, period_id, provider_npi, procedure_code, service_date, denied_119, has_kx, is_judged, allowed_amount, order_date,
    row_number() over same as position, coalesce(sum(allowed_amount) over (same rows between unbounded preceding and current row), 0) as total
  from line where uses_therapy_threshold
  window same as (partition by total_id order by order_date, claim_id, line_number)
),
dated as (select * from core.therapy_accumulator where as_of_date is not null),
-- the latest statement of spending elsewhere that is not after the line, for the few patients who have one
elsewhere as (
  select r.line_id, a.amount_used
  from (
    select l.line_id, l.order_date, p.patient_id, p.year, p.bucket
    from line l join (select * from core.threshold_period semi join dated using (patient_id, year, bucket)) p using (period_id)
    where l.uses_therapy_threshold
  ) r
  asof join dated a
    on a.patient_id = r.patient_id and a.year = r.year and a.bucket = r.bucket and r.order_date >= a.as_of_date
)
select r.line_id, r.period_id, r.position, r.order_date, r.total - coalesce(r.allowed_amount, 0) + coalesce(e.amount_used, 0) as running_before,
  r.total + coalesce(e.amount_used, 0) as running_after, coalesce(e.amount_used, 0) as spending_elsewhere,
  r.provider_npi, r.procedure_code, r.service_date, r.denied_119, r.has_kx, r.is_judged, r.allowed_amount
from running r
left join elsewhere e on e.line_id = r.line_id
union all by name
-- where it is not known whether the payer has the threshold, nothing is added up
select line_id, period_id, provider_npi, procedure_code, service_date, denied_119, has_kx, is_judged, allowed_amount
from line where uses_therapy_threshold is null
