/*---
code: DXC105
name: diagnosis-side-unspecified
status: stable
since: 0.2.0
severity: review
subject: claim_line
partition_by: patient_id
payers: all
direction: none
needs: [diagnosis_1, ref.icd10_side]
reads: [core.claim_line, core.diagnosis, ref.icd10_side]
denial_codes:
  - {carc: "16", rarc: "M81", note: "unconfirmed pairing"}
references:
  - {title: "ICD-10-CM official guidelines", section: "I.B.13, laterality"}
message: "Diagnosis {diagnosis} leaves the side open, although codes for the sides exist: {sided_codes}."
fix: "Take the side from the record: {sided_codes}; the therapist attests to it."
---
## What it checks
Lines with service dates from 2015-10-01 that have a diagnosis, denied ones too. Judged are the diagnoses that the line points at, each by itself; where the source records no
pointers, every diagnosis of the claim. A code whose title leaves the side open, and has siblings that are equal but for right or left, is a finding without
an amount. A diagnosis to which no line of the claim points is reported on the claim's first line.

## Why it matters
Who treats a side knows it; payers deny or question codes that leave it open.

## Known limits
Only codes whose titles differ in nothing but the side are judged; a code can be unspecific in other ways.

## How to answer it
Show why the side could not be known on that date.
*/
with bad as (
  select d.diagnosis_set, d.diagnosis, d.is_pointed,
    array_to_string(list_transform(string_split(s.sided_codes, ' '), lambda c: left(c, 3) || '.' || substr(c, 4)), ', ') as sided_codes
  from core.diagnosis d
  join ref.icd10_side s on s.code = d.code and s.side = 'unspecified'
  -- the same code twice in one list is one diagnosis
  qualify row_number() over (partition by d.diagnosis_set, d.code order by d.is_pointed desc, d.position) = 1
),
-- a diagnosis that this line does not point at counts only if no line of the claim does, and then on the first
candidate as (
  select l.line_id, l.claim_id, l.patient_id, l.payer_id, l.billing_npi, l.line_number, b.diagnosis, b.is_pointed, b.sided_codes
  from core.claim_line l
  join bad b on b.diagnosis_set = l.diagnosis_set
  where l.service_date >= date '2015-10-01'
),
hit as (
  select line_id, diagnosis, is_pointed, sided_codes
  from (
    select line_id, diagnosis, is_pointed, sided_codes,
      bool_or(is_pointed) over claim as any_pointed, row_number() over (claim order by line_number, line_id) as place
    from candidate
    window claim as (partition by claim_id, patient_id, payer_id, billing_npi, upper(replace(diagnosis, '.', '')))
  )
  where is_pointed or (not any_pointed and place = 1)
)
select l.line_id,
  case when h.line_id is not null then
    concat_ws('|', l.patient_id, l.payer_id, l.billing_npi, l.rendering_npi, l.service_date, l.procedure_code, upper(replace(h.diagnosis, '.', ''))) end as subject_key,
  l.rendering_npi as provider_npi, l.payer_id, l.service_date,
  case when h.line_id is not null then 'finding' else 'pass' end as verdict,
  null as reason,
  case when h.line_id is not null then 0.00::decimal(12, 2) end as amount_at_risk,
  'none' as amount_basis,
  case when h.line_id is not null then {
    procedure_code: l.procedure_code,
    diagnosis: h.diagnosis,
    is_pointed: h.is_pointed,
    service_date: l.service_date,
    sided_codes: h.sided_codes
  } end as evidence
from core.claim_line l
join (select distinct diagnosis_set from core.diagnosis) s on s.diagnosis_set = l.diagnosis_set
left join hit h on h.line_id = l.line_id
where l.service_date >= date '2015-10-01'
