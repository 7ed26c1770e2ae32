/*---
code: DXC106
name: diagnosis-side-conflicts
status: stable
since: 0.2.0
severity: review
subject: claim_line
partition_by: patient_id
payers: all
direction: none
needs: [diagnosis_1, ref.icd10_side]
reads: [core.claim_line, core.diagnosis_set, core.modifier_set, ref.icd10_side]
denial_codes:
  - {carc: "4", note: "unconfirmed pairing"}
references:
  - {title: "ICD-10-CM official guidelines", section: "I.B.13, laterality"}
message: "{procedure_code} says {side_billed}, and its diagnoses say {sides_diagnosed} ({diagnoses})."
fix: "Correct the side of the modifier or of the diagnosis to what the record says; a person attests to which."
---
## What it checks
Lines with service dates from 2015-10-01 that carry one of RT, LT and 50 and point at a diagnosis of a known side, denied lines too; where the source records no pointers, every diagnosis
of the claim counts. RT with left-sided diagnoses only, LT with right-sided ones only, or 50 with diagnoses of one and the same side only is a finding without
an amount. A bilateral diagnosis agrees with every side.

## Why it matters
A claim that contradicts itself is denied, or paid for the wrong side.

## Known limits
Diagnoses whose code names no side say nothing. A line with both RT and LT is not judged.

## How to answer it
Show the side in the note of the day.
*/
with sided as (
  select d.diagnosis_set, list_sort(list_distinct(list(s.side))) as sides,
    string_agg(distinct left(s.code, 3) || '.' || substr(s.code, 4), ', ' order by left(s.code, 3) || '.' || substr(s.code, 4)) as diagnoses
  from (select diagnosis_set, unnest(pointed) as code from core.diagnosis_set) d
  join ref.icd10_side s on s.code = d.code and s.side <> 'unspecified'
  group by d.diagnosis_set
),
judged as (
  select l.line_id, l.rendering_npi, l.payer_id, l.service_date, l.procedure_code, s.sides, s.diagnoses,
    case when list_contains(l.modifiers, '50') then 'both sides' when list_contains(l.modifiers, 'RT') then 'right' else 'left' end as side_billed
  from core.claim_line l
  join sided s on s.diagnosis_set = l.diagnosis_set
  where l.modifier_set in (select modifier_set from core.modifier_set where len(list_intersect(modifiers, ['RT', 'LT', '50'])) = 1)
    and l.service_date >= date '2015-10-01'
),
decided as (
  select line_id, rendering_npi, payer_id, service_date, procedure_code, sides, diagnoses, side_billed,
    case side_billed when 'both sides' then sides in (['left'], ['right']) when 'right' then sides = ['left'] else sides = ['right'] end as conflicts
  from judged
)
select line_id, rendering_npi as provider_npi, payer_id, service_date,
  case when conflicts then 'finding' else 'pass' end as verdict,
  null as reason,
  case when conflicts then 0.00::decimal(12, 2) end as amount_at_risk,
  'none' as amount_basis,
  case when conflicts then {
    procedure_code: procedure_code,
    side_billed: side_billed,
    sides_diagnosed: array_to_string(sides, ', '),
    diagnoses: diagnoses
  } end as evidence
from decided
