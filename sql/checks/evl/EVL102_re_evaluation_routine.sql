/*---
code: EVL102
name: re-evaluation-routine
status: stable
since: 0.2.0
severity: review
subject: claim_line
partition_by: patient_id
payers: all
direction: none
reads: [core.claim_line, core.evaluation_line, ref.param]
params:
  within_days: {default: 30, why: "days after an evaluation or re-evaluation in which another is looked at (vendor norm, therapy-rules section 9.10)"}
references:
  - {title: "Medicare coverage article A53309", section: "re-evaluation: new findings, unexpected change, or failure to respond"}
message: "{procedure_code} was billed {days_between} days after {earlier_code} on {earlier_date}."
fix: "Show what asked for it: new clinical findings, an unexpected change, or no response to treatment; a routine reassessment is part of the treatment."
---
## What it checks
Re-evaluation lines that were not denied, for every payer. A line is a finding without an amount when the same patient had an evaluation or re-evaluation of the discipline under the same
billing NPI 1 to 30 days before. One of the same day is EVL104's.

## Why it matters
A re-evaluation is payable by itself only for a reason in the patient's condition; reassessment at fixed intervals is not.

## Known limits
The number of days is a norm of vendors, not a published rule. An evaluation before the loaded data is not seen.

## How to answer it
Show in the record what had changed.
*/
with near as (
  select e.line_id, w.procedure_code as earlier_code, w.service_date as earlier_date
  from core.evaluation_line e
  join ref.param q on q.check_code = 'EVL102' and q.param = 'within_days'
    and q.valid_from <= e.service_date and (q.valid_to is null or e.service_date < q.valid_to)
  join core.evaluation_line w on w.patient_id = e.patient_id and w.billing_npi = e.billing_npi and w.discipline = e.discipline
    and w.service_date < e.service_date and w.service_date >= e.service_date - cast(q.value as integer)
  where e.kind = 're-evaluation'
  qualify row_number() over (partition by e.line_id order by w.service_date desc, w.procedure_code) = 1
)
select l.line_id, l.rendering_npi as provider_npi, l.payer_id, l.service_date,
  case when n.line_id is not null then 'finding' else 'pass' end as verdict,
  null as reason,
  case when n.line_id is not null then 0.00::decimal(12, 2) end as amount_at_risk,
  'none' as amount_basis,
  case when n.line_id is not null then {
    procedure_code: l.procedure_code,
    earlier_code: n.earlier_code,
    earlier_date: n.earlier_date,
    days_between: l.service_date - n.earlier_date
  } end as evidence
from core.claim_line l
join (select line_id from core.evaluation_line where kind = 're-evaluation') e on e.line_id = l.line_id
left join near n on n.line_id = l.line_id
