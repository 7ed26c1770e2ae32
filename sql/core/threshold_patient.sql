/*---
table: core.threshold_patient
grain: one row per billing NPI, calendar year and patient with a line that accrues to the annual therapy threshold
reads: [core.threshold_line, core.threshold_period, core.claim_line]
columns:
  npi: {type: VARCHAR, is: "billing NPI"}
  year: {type: INTEGER, is: "calendar year of the service dates"}
  patient_id: {type: VARCHAR, is: "patient"}
  last_day: {type: DATE, is: "last accruing date of service"}
  uses_therapy_threshold: {type: BOOLEAN, is: "a payer of an accruing line surely has the threshold"}
  has_early_kx: {type: BOOLEAN, is: "KX before the threshold on some line, as CAP102 finds it"}
  untold: {type: VARCHAR, is: "why it cannot be told of some line with KX; null when none is open"}
---
Who carried KX before the threshold: CAP102's question, by patient. KX is early while the known total with the line is at or below the year's amount and no line of
the same claim and bucket is above it.
*/
with line as not materialized (
  select t.line_id, t.service_date, t.has_kx, t.is_judged, t.allowed_amount, t.running_after, p.total_id, p.patient_id, p.billing_npi, p.year,
    p.uses_therapy_threshold, p.threshold, p.spending_undated
  from core.threshold_line t
  join core.threshold_period p using (period_id)
  where not t.denied_119
),
-- which lines with KX stand on a claim with a line above the amount
above as (
  select line_id, total
  from (
    select l.line_id, t.has_kx, max(t.running_after) filter (t.running_after + t.spending_undated > t.threshold) over (partition by t.total_id, l.claim_id) as total
    from core.claim_line l
    join (select * from line where has_kx or running_after + spending_undated > threshold) t using (line_id)
  )
  where has_kx and total is not null
),
with_kx as (
  select t.line_id,
    case when t.threshold is null then 'no-reference-for-date'
      when a.total > t.threshold then null
      when a.line_id is not null then 'spending-elsewhere-undated'
      when t.allowed_amount is null then 'allowed-amount-missing'
      else 'early' end as outcome
  from line t
  left join above a using (line_id)
  where t.has_kx and t.is_judged and t.uses_therapy_threshold
)
select t.billing_npi as npi, t.year, t.patient_id, max(t.service_date) as last_day, bool_or(coalesce(t.uses_therapy_threshold, false)) as uses_therapy_threshold,
  coalesce(bool_or(k.outcome = 'early'), false) as has_early_kx, min(k.outcome) filter (k.outcome <> 'early') as untold
from line t
left join with_kx k on k.line_id = t.line_id
group by t.billing_npi, t.year, t.patient_id
