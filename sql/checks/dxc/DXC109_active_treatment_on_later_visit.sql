/*---
code: DXC109
name: active-treatment-on-later-visit
status: stable
since: 0.2.0
severity: review
subject: claim_line
partition_by: patient_id
payers: all
direction: none
needs: [diagnosis_1]
reads: [core.claim_line, core.diagnosis, core.episode, ref.code_range]
references:
  - {title: "ICD-10-CM official guidelines", section: "I.C.19.a, 7th characters A, D and S"}
message: "Diagnosis {diagnosis} says active treatment on {service_date}, a later visit of the episode that began on {first_day}."
fix: "If the patient was in the phase of healing, the 7th character is D, or S for a sequela; a person who knows the record decides."
---
## What it checks
Therapy lines with GP, GO or GN that were not denied, with service dates from 2015-10-01, that have a diagnosis of S00 to T34 or T66 to T79 with 7th character A; judged are
the diagnoses that the line points at, and every diagnosis of the claim where the source records no pointers. Later than the first treatment day of the episode (patient, discipline
and billing NPI, gaps of at most 60 days) such a diagnosis is a finding without an amount, one for each line and diagnosis. One to which no line of
the claim points is reported on the claim's first line. Not told: `episode-start-unknown`.

## Why it matters
Therapy after the active phase of treatment is coded as subsequent; payers look for the mismatch.

## Known limits
That therapy after the first visit is usually subsequent care is from memory of the guidelines; active treatment can go on, and the record decides.

## How to answer it
Show in the record that the injury was still under active treatment.
*/
with acute as (
  select d.diagnosis_set, d.diagnosis, d.is_pointed, r.valid_from, r.valid_to
  from core.diagnosis d
  join ref.code_range r on r.kind = 'injury' and left(d.code, 3) between r.code_low and r.code_high
  where len(d.code) = 7 and right(d.code, 1) = 'A'
  -- the same code twice in one list is one diagnosis
  qualify row_number() over (partition by d.diagnosis_set, d.code, r.valid_from order by d.is_pointed desc, d.position) = 1
),
candidate as (
  select l.line_id, l.claim_id, l.line_number, l.patient_id, l.payer_id, l.billing_npi, l.rendering_npi, l.service_date, l.procedure_code,
    coalesce(l.discipline, '') as discipline, a.diagnosis, a.is_pointed
  from core.claim_line l
  join acute a on a.diagnosis_set = l.diagnosis_set and a.valid_from <= l.service_date and (a.valid_to is null or l.service_date < a.valid_to)
  where l.is_therapy and not l.is_denied and l.discipline_modifiers > 0
),
-- a diagnosis that this line does not point at counts only if no line of the claim does, and then on the first
elsewhere as (
  select distinct c.line_id, c.diagnosis
  from core.claim_line l
  join candidate c on l.claim_id = c.claim_id and l.patient_id = c.patient_id and l.payer_id = c.payer_id and l.billing_npi = c.billing_npi
  join core.diagnosis d on d.diagnosis_set = l.diagnosis_set and d.is_pointed and d.code = upper(replace(c.diagnosis, '.', ''))
  where not c.is_pointed and l.service_date >= date '2015-10-01'
),
placed as (
  select c.line_id, c.patient_id, c.payer_id, c.billing_npi, c.rendering_npi, c.service_date, c.procedure_code, c.discipline, c.diagnosis, c.is_pointed,
    c.is_pointed or (e.line_id is null and row_number() over (
      partition by c.claim_id, c.patient_id, c.payer_id, c.billing_npi, upper(replace(c.diagnosis, '.', '')) order by c.line_number, c.line_id) = 1) as counts
  from candidate c
  left join elsewhere e on e.line_id = c.line_id and e.diagnosis = c.diagnosis
),
told as (
  select p.line_id, p.patient_id, p.payer_id, p.billing_npi, p.rendering_npi, p.service_date, p.procedure_code, p.diagnosis, e.first_day,
    case when not p.counts then 'first' when not e.start_known then 'unclear' when p.service_date > e.first_day then 'later' else 'first' end as outcome
  from placed p
  join core.episode e on e.patient_id = p.patient_id and e.discipline = p.discipline and e.billing_npi = p.billing_npi
    and p.service_date between e.first_day and e.last_day
  -- what passes is one row for the line
  qualify outcome = 'later' or row_number() over (partition by p.line_id order by outcome = 'later' desc, outcome desc, p.diagnosis) = 1
)
select line_id,
  concat_ws('|', patient_id, payer_id, billing_npi, rendering_npi, service_date, procedure_code, upper(replace(diagnosis, '.', ''))) as subject_key,
  rendering_npi as provider_npi, payer_id, service_date,
  case outcome when 'later' then 'finding' when 'first' then 'pass' else 'cannot_tell' end as verdict,
  case when outcome = 'unclear' then 'episode-start-unknown' end as reason,
  case when outcome = 'later' then 0.00::decimal(12, 2) end as amount_at_risk,
  'none' as amount_basis,
  case when outcome = 'later' then {
    procedure_code: procedure_code,
    diagnosis: diagnosis,
    service_date: service_date,
    first_day: first_day
  } end as evidence
from told
