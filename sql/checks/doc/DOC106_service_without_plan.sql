/*---
code: DOC106
name: service-without-plan
status: stable
since: 0.2.0
severity: review
subject: claim_line
partition_by: patient_id
payers: requires_certified_plan
direction: none
needs: [plans_of_care]
reads: [core.claim_line, core.payer, core.certification, core.evaluation_line]
references:
  - {title: "42 CFR 410.60 and 410.61", section: "services under a written plan of care"}
  - {title: "Medicare Benefit Policy Manual (Pub 100-02), chapter 15", section: "220.1.2, plan of care established before treatment"}
message: "No {discipline} plan of care that begins on or before {service_date} is recorded for {procedure_code}, although plans of the practice are loaded."
fix: "Load the plan that was in force on the day; if there is none, the treatment is not supported by the record."
---
## What it checks
Therapy lines, denied ones and evaluations left out, for Medicare Part B or another payer that wants a certified plan. A line without a plan of care of the
patient, discipline and billing NPI that begins on or before its date is a finding without an amount, where any plan of that billing NPI is loaded. A plan that ended
before the day is DOC103's. Not told: `payer-rule-unknown`, `discipline-unknown`, `plans-not-loaded`.

## Why it matters
Therapy is covered under a written plan that was established before the treatment.

## Known limits
A plan that names no billing NPI stands for everyone who billed the discipline for that patient. If only some plans of the practice were exported, the missing ones
look as if they had not been written.

## How to answer it
Show the plan and the day on which it was established.
*/
with line as (
  select l.line_id, l.patient_id, l.payer_id, l.billing_npi, l.rendering_npi, l.service_date, l.procedure_code, l.discipline, p.requires_certified_plan
  from core.claim_line l
  join core.payer p on p.payer_id = l.payer_id and coalesce(p.requires_certified_plan, true)
  anti join (select line_id from core.evaluation_line where kind = 'evaluation') e on e.line_id = l.line_id
  where l.is_therapy and not l.is_denied
),
plan as (
  select patient_id, discipline, billing_npi, min(evaluation_date) as evaluation_date from core.certification group by patient_id, discipline, billing_npi
),
told as (
  select l.line_id, l.rendering_npi, l.payer_id, l.service_date, l.procedure_code, l.discipline, p.evaluation_date,
    case when l.requires_certified_plan is null then 'payer-rule-unknown'
      when l.discipline is null then 'discipline-unknown'
      when p.evaluation_date <= l.service_date then 'planned'
      when l.billing_npi in (select billing_npi from core.certification) then 'without'
      else 'plans-not-loaded' end as outcome
  from line l
  left join plan p on p.patient_id = l.patient_id and p.discipline = l.discipline and p.billing_npi = l.billing_npi
)
select line_id, rendering_npi as provider_npi, payer_id, service_date,
  case outcome when 'without' then 'finding' when 'planned' then 'pass' else 'cannot_tell' end as verdict,
  case when outcome not in ('without', 'planned') then outcome end as reason,
  case when outcome = 'without' then 0.00::decimal(12, 2) end as amount_at_risk,
  'none' as amount_basis,
  case when outcome = 'without' then {
    procedure_code: procedure_code,
    service_date: service_date,
    discipline: discipline,
    first_plan_from: evaluation_date
  } end as evidence
from told
