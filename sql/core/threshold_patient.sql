/*---
table: core.threshold_patient
grain: one row per billing NPI, calendar year and patient with a line that accrues to the annual therapy threshold
reads: [core.threshold_line, core.claim_line]
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
with above as (
  select claim_id, patient_id, payer_id, year, bucket, max(running_after) as total
  from core.threshold_line
  where not denied_119 and running_after + spending_undated > threshold
  group by claim_id, patient_id, payer_id, year, bucket
),
with_kx as (
  select t.line_id,
    case when t.threshold is null then 'no-reference-for-date'
      when a.total > t.threshold then null
      when a.claim_id is not null then 'spending-elsewhere-undated'
      when t.allowed_amount is null then 'allowed-amount-missing'
      else 'early' end as outcome
  from core.threshold_line t
  left join above a on a.claim_id = t.claim_id and a.patient_id = t.patient_id and a.payer_id = t.payer_id and a.year = t.year and a.bucket = t.bucket
  where t.has_kx and t.is_judged and not t.denied_119 and t.uses_therapy_threshold
)
select l.billing_npi as npi, t.year, t.patient_id, max(t.service_date) as last_day, bool_or(coalesce(t.uses_therapy_threshold, false)) as uses_therapy_threshold,
  coalesce(bool_or(k.outcome = 'early'), false) as has_early_kx, min(k.outcome) filter (k.outcome <> 'early') as untold
from core.threshold_line t
join core.claim_line l on l.line_id = t.line_id
left join with_kx k on k.line_id = t.line_id
where not t.denied_119
group by l.billing_npi, t.year, t.patient_id
