/*---
code: FLR104
name: functional-codes-obsolete
status: stable
since: 0.2.0
severity: info
subject: claim_line
partition_by: patient_id
payers: medicare_b
direction: none
reads: [core.claim_line, ref.functional_code]
references:
  - {title: "CMS Change Request 11120", section: "functional reporting ended with service dates of 2018"}
message: "{procedure_code} on {service_date} is functional reporting, which ended on {ended_on}."
fix: "Leave the code off; nothing else of the claim changes."
---
## What it checks
Lines of the 42 functional reporting codes that were not denied, for Medicare Part B. Those on service dates from 2019-01-01 are listed for information, without an amount.

## Why it matters
The codes are no longer asked for; that they are still sent shows a template that nobody looked at since.

## Known limits
The codes could be reported until 2019-12-31 and were deleted then; a later date is BIL108's as well.

## How to answer it
No answer is needed for the audit; correct the template.
*/
select l.line_id, l.rendering_npi as provider_npi, l.payer_id, l.service_date,
  case when l.service_date >= f.valid_to then 'finding' else 'pass' end as verdict,
  null as reason,
  case when l.service_date >= f.valid_to then 0.00::decimal(12, 2) end as amount_at_risk,
  'none' as amount_basis,
  case when l.service_date >= f.valid_to then {
    procedure_code: l.procedure_code,
    service_date: l.service_date,
    ended_on: f.valid_to
  } end as evidence
from core.claim_line l
join ref.functional_code f on f.procedure_code = l.procedure_code
where l.payer_class = 'medicare_b' and not l.is_denied
