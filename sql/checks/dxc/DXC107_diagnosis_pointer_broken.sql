/*---
code: DXC107
name: diagnosis-pointer-broken
status: stable
since: 0.2.0
severity: error
subject: claim_line
partition_by: patient_id
payers: all
direction: none
needs: [diagnosis_pointers]
reads: [core.claim_line, core.diagnosis_set]
denial_codes:
  - {carc: "16", rarc: "M76", note: "unconfirmed pairing"}
references:
  - {title: "X12 837 professional claim", section: "diagnosis code pointers of a service line, 1 to 4"}
message: "The line of {procedure_code} points at {why}."
fix: "Point at one to four diagnoses that stand on the claim, the one that the service was for first."
---
## What it checks
Every line, denied ones too. A line without a pointer, with more than four, or with one that is no position from 1 to 12 with a diagnosis is a finding.
Nothing is at risk: it is an error of form that can be corrected. All service dates count, also those before ICD-10-CM. Where no line of a file has a pointer the source does not record them: `pointers-not-recorded`.

## Why it matters
The payer cannot tell what the service was for, and returns the line.

## Known limits
Letters A to L, as on the paper form, are read as positions 1 to 12. The layout holds twelve diagnoses; more cannot be seen.

## How to answer it
Show the claim as it was sent, if the export lost the pointers.
*/
with broken as (
  select diagnosis_set,
    array_to_string(pointers, ':') as pointers,
    case when len(pointers) = 0 then 'no diagnosis'
      when len(pointers) > 4 then 'more than four diagnoses'
      when len(list_filter(positions, lambda p: coalesce(diagnoses[p], '') = '')) > 0 then 'a position without a diagnosis' end as why
  from core.diagnosis_set
  where has_pointers
)
select l.line_id, l.rendering_npi as provider_npi, l.payer_id, l.service_date,
  case when not s.has_pointers then 'cannot_tell' when b.why is not null then 'finding' else 'pass' end as verdict,
  case when not s.has_pointers then 'pointers-not-recorded' end as reason,
  case when b.why is not null then 0.00::decimal(12, 2) end as amount_at_risk,
  'none' as amount_basis,
  case when b.why is not null then {
    procedure_code: l.procedure_code,
    pointers: nullif(b.pointers, ''),
    why: b.why
  } end as evidence
from core.claim_line l
join core.diagnosis_set s on s.diagnosis_set = l.diagnosis_set
left join broken b on b.diagnosis_set = l.diagnosis_set
