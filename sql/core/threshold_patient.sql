/*---
table: core.threshold_patient
grain: one row per billing NPI, calendar year and patient with a line that accrues to the annual therapy threshold
reads: [core.threshold_line, core.threshold_period, core.kx_above]
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
with told as (
  select t.service_date, p.patient_id, p.billing_npi, p.year, p.uses_therapy_threshold,
    case when not t.has_kx or not t.is_judged or p.uses_therapy_threshold is null then null
      when p.threshold is null then 'no-reference-for-date'
      when a.total > p.threshold then null
      when a.line_id is not null then 'spending-elsewhere-undated'
      when t.allowed_amount is null then 'allowed-amount-missing'
      else 'early' end as outcome
  from core.threshold_line t
  join core.threshold_period p using (period_id)
  left join core.kx_above a using (line_id)
  where not t.denied_119
)
select billing_npi as npi, year, patient_id, max(service_date) as last_day, bool_or(coalesce(uses_therapy_threshold, false)) as uses_therapy_threshold,
  coalesce(bool_or(outcome = 'early'), false) as has_early_kx, min(outcome) filter (outcome <> 'early') as untold
from told
group by billing_npi, year, patient_id
