/*---
code: EVL104
name: evaluation-and-re-evaluation-same-day
status: stable
since: 0.2.0
severity: error
subject: claim_line
partition_by: patient_id
payers: all
direction: over
reads: [core.claim_line, core.evaluation_line]
denial_codes:
  - {carc: "97", note: "unconfirmed pairing"}
references:
  - {title: "Medicare Benefit Policy Manual (Pub 100-02), chapter 15", section: "220.3 C, evaluation and re-evaluation"}
  - {title: "CMS NCCI procedure-to-procedure edits", section: "evaluation with re-evaluation"}
message: "{procedure_code} was billed on the day of the evaluation {evaluation_code}; one of the two contradicts the other."
fix: "Keep the code of what was done, as the record shows it, and remove the other."
---
## What it checks
Re-evaluation lines that were not denied, for every payer. A line is a finding when an evaluation of the same patient, discipline and billing NPI stands on the same day, on any claim; the
line is at risk. NCC101 reports the pair of codes by itself; the line counts once.

## Why it matters
A condition that is evaluated for the first time cannot be re-evaluated the same day; the payer denies one of the two.

## Known limits
Two conditions under two plans may explain it; the pair is denied all the same.

## How to answer it
Show which of the two was done.
*/
with evaluated as (
  select patient_id, billing_npi, discipline, service_date, string_agg(distinct procedure_code, ', ' order by procedure_code) as codes
  from core.evaluation_line where kind = 'evaluation'
  group by patient_id, billing_npi, discipline, service_date
)
select l.line_id, l.rendering_npi as provider_npi, l.payer_id, l.service_date,
  case when v.codes is not null then 'finding' else 'pass' end as verdict,
  null as reason,
  case when v.codes is not null then l.amount end as amount_at_risk,
  l.amount_basis,
  case when v.codes is not null then {
    procedure_code: l.procedure_code,
    evaluation_code: v.codes
  } end as evidence
from core.claim_line l
join core.evaluation_line e on e.line_id = l.line_id and e.kind = 're-evaluation'
left join evaluated v on v.patient_id = e.patient_id and v.billing_npi = e.billing_npi and v.discipline = e.discipline and v.service_date = e.service_date
