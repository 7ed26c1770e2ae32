/*---
code: DXC104
name: diagnosis-incomplete
status: stable
since: 0.2.0
severity: error
subject: claim_line
partition_by: patient_id
payers: all
direction: over
needs: [diagnosis_1]
reads: [core.claim_line, core.diagnosis, core.diagnosis_state]
denial_codes:
  - {carc: "146", rarc: "M76", note: "unconfirmed pairing"}
references:
  - {title: "ICD-10-CM order files and official guidelines", section: "seventh characters and placeholders"}
message: "Diagnosis {diagnosis} has characters missing or too many on {service_date}."
fix: "Complete the code as the record says, for an injury the kind of encounter: {suggestions}."
---
## What it checks
Lines with service dates from 2015-10-01 that have a diagnosis, denied ones too (at risk with amount 0). Judged are the diagnoses that the line points at, each by itself; where
the source records no pointers, every diagnosis of the claim. A stem that lacks only its seventh character (with X in the places between), or a valid code with characters too many, is a finding. A diagnosis to which no line of the claim points is
reported on the claim's first line, without an amount. Every diagnosis that is not billable on the date is a finding of exactly one of DXC101, DXC102, DXC103 and DXC104.

## Why it matters
A payer denies a line whose diagnosis is not a valid code on the date of service.

## Known limits
Capitals and the dot do not matter. The list of fiscal year 2027 is reconstructed from public copies of its changes. What the code was meant to say is not on the claim:
suggestions are neighbours in the list, never a correction.

## How to answer it
Show the part of the record from which the missing character follows.
*/
with bad as (
  select d.diagnosis_set, d.diagnosis, d.is_pointed, s.valid_from, s.valid_to, s.suggestions
  from core.diagnosis d
  join core.diagnosis_state s on s.code = d.code and s.state = 'incomplete'
  -- the same code twice in one list is one diagnosis
  qualify row_number() over (partition by d.diagnosis_set, d.code, s.valid_from order by d.is_pointed desc, d.position) = 1
),
-- a diagnosis that this line does not point at counts only if no line of the claim does, and then on the first
candidate as (
  select l.line_id, l.claim_id, l.patient_id, l.payer_id, l.billing_npi, l.line_number, b.diagnosis, b.is_pointed, b.suggestions
  from core.claim_line l
  join bad b on b.diagnosis_set = l.diagnosis_set and b.valid_from <= l.service_date and (b.valid_to is null or l.service_date < b.valid_to)
  where l.service_date >= date '2015-10-01'
),
-- on a claim over the change of a year the code may be valid on the line that points at it
elsewhere as (
  select distinct c.line_id, c.diagnosis
  from candidate c
  join core.claim_line l on l.claim_id = c.claim_id and l.patient_id = c.patient_id and l.payer_id = c.payer_id and l.billing_npi = c.billing_npi
  join core.diagnosis d on d.diagnosis_set = l.diagnosis_set and d.is_pointed and d.code = upper(replace(c.diagnosis, '.', ''))
  where not c.is_pointed and l.service_date >= date '2015-10-01'
),
hit as (
  select line_id, diagnosis, is_pointed, suggestions
  from (
    select c.line_id, c.diagnosis, c.is_pointed, c.suggestions, e.line_id is not null as any_pointed,
      row_number() over (partition by c.claim_id, c.patient_id, c.payer_id, c.billing_npi, upper(replace(c.diagnosis, '.', ''))
        order by c.line_number, c.line_id) as place
    from candidate c
    left join elsewhere e on e.line_id = c.line_id and e.diagnosis = c.diagnosis
  )
  where is_pointed or (not any_pointed and place = 1)
)
select l.line_id,
  case when h.line_id is not null then
    concat_ws('|', l.patient_id, l.payer_id, l.billing_npi, l.rendering_npi, l.service_date, l.procedure_code, upper(replace(h.diagnosis, '.', ''))) end as subject_key,
  l.rendering_npi as provider_npi, l.payer_id, l.service_date,
  case when h.line_id is not null then 'finding' else 'pass' end as verdict,
  null as reason,
  case when h.line_id is not null then case when h.is_pointed then l.amount else 0 end end as amount_at_risk,
  case when h.is_pointed is distinct from false then l.amount_basis else 'none' end as amount_basis,
  case when h.line_id is not null then {
    procedure_code: l.procedure_code,
    diagnosis: h.diagnosis,
    is_pointed: h.is_pointed,
    service_date: l.service_date,
    suggestions: coalesce(h.suggestions, 'none')
  } end as evidence
from core.claim_line l
join (select distinct diagnosis_set from core.diagnosis) s on s.diagnosis_set = l.diagnosis_set
left join hit h on h.line_id = l.line_id
where l.service_date >= date '2015-10-01'
