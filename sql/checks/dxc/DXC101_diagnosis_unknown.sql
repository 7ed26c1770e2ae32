/*---
code: DXC101
name: diagnosis-unknown
status: stable
since: 0.2.0
severity: error
subject: claim_line
partition_by: patient_id
payers: all
direction: over
needs: [diagnosis_1, ref.icd10]
reads: [core.claim_line, core.diagnosis, core.faulty_diagnosis]
denial_codes:
  - {carc: "146", rarc: "M76", note: "unconfirmed pairing"}
references:
  - {title: "ICD-10-CM order files and official guidelines", section: "a code that is in no list"}
message: "Diagnosis {diagnosis} is not in any loaded year of ICD-10-CM."
fix: "Take the right code from the record; near it in the list are: {suggestions}. A person who knows the record decides."
---
## What it checks
Lines with service dates from 2015-10-01 that have a diagnosis, denied ones too (at risk with amount 0). Judged are the diagnoses that the line points at, each by itself; where
the source records no pointers, every diagnosis of the claim. A code that is in no loaded year, and is not a valid code with characters missing or too many, is a finding. A diagnosis to which no line of the claim points is
judged on the claim's first line that lists it, and reported there without an amount. Every diagnosis that is not billable on the date is a finding of exactly one of DXC101, DXC102, DXC103 and DXC104.

## Why it matters
A payer denies a line whose diagnosis is not a valid code on the date of service.

## Known limits
Capitals and the dot do not matter. The list of fiscal year 2027 is reconstructed from public copies of its changes. What the code was meant to say is not on the claim:
suggestions are neighbours in the list, never a correction.

## How to answer it
Show the source in which the code stands, or the record from which the right one follows.
*/
select l.line_id,
  case when h.line_id is not null then
    concat_ws('|', l.patient_id, l.payer_id, l.billing_npi, l.rendering_npi, l.service_date, l.procedure_code, h.code) end as subject_key,
  l.rendering_npi as provider_npi, l.payer_id, l.service_date,
  case when h.line_id is not null then 'finding' else 'pass' end as verdict,
  null as reason,
  case when h.is_pointed then l.amount when h.line_id is not null then 0 end as amount_at_risk,
  case when h.is_pointed then l.amount_basis else 'none' end as amount_basis,
  case when h.line_id is not null then {
    procedure_code: l.procedure_code,
    diagnosis: h.diagnosis,
    is_pointed: h.is_pointed,
    service_date: l.service_date,
    suggestions: coalesce(h.suggestions, 'none')
  } end as evidence
from core.claim_line l
join (select distinct diagnosis_set from core.diagnosis) s on s.diagnosis_set = l.diagnosis_set
left join core.faulty_diagnosis h on h.line_id = l.line_id and h.state = 'unknown'
where l.service_date >= date '2015-10-01'
