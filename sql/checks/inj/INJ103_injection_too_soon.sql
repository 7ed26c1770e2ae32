/*---
code: INJ103
name: injection-too-soon
status: stable
since: 0.2.0
severity: review
subject: claim_line
partition_by: patient_id
payers: all
direction: over
reads: [core.injection_line, core.diagnosis_set, ref.icd10_side]
denial_codes:
  - {carc: "151", rarc: "N640", note: "unconfirmed pairing"}
  - {carc: "273", rarc: "N435", note: "unconfirmed pairing"}
references:
  - {title: "WPS L34635", section: "usually not more often than every 12 weeks"}
  - {title: "Botulinum toxin coverage determinations L39831 and L39856", section: "no more often than every 12 weeks"}
message: "Chemodenervation of the {area_name} follows one of {previous_date} after {days} days; it is expected not before {earliest_date} ({minimum_days} days)."
fix: "Have the provider state from the record why the injection was repeated before {earliest_date}; if the area was another one, correct code or diagnosis."
---
## What it checks
Lines of chemodenervation codes with a body area that were not denied: head (64612, 64615), neck (64616), larynx (64617), salivary glands (64611), limbs (64642 to
64645), trunk (64646, 64647), axillae (64650), other sweat glands (64653). The days since the nearest earlier date on which the same area of the patient was injected,
by any provider and for any payer, are counted. From one day to one less than the minimum (84 days) is a finding, shared by the lines of that
area on the later date, which are at risk. The side of a limb is not on the line: a limb counts as the same where a right or left diagnosis to which
both lines point is the same (all diagnoses of the claim where pointers are not recorded). Where an earlier limb line lies inside the
span and one of the two points at no such diagnosis, the answer is `limb-not-known`.

## Why it matters
Policies pay for an injection of an area every twelve weeks; earlier ones need a reason in the record, and too frequent ones can make the drug fail.

## Known limits
Injections before the loaded period and at practices that are not loaded are not seen. One side of the face and then the other count as one area. The drug
of the day is not added to the amount. Payers that count calendar quarters want 90 days. 64613 and 64614, deleted in 2014, covered more than one area and are not judged.

## How to answer it
Show the reason for the interval in the record, or that another area was treated.
*/
with line as (
  select line_id, patient_id, payer_id, billing_npi, rendering_npi, service_date, amount, amount_basis, diagnosis_set, area, minimum_days
  from core.injection_line
  where area is not null and not is_denied
),
sided as (
  select d.diagnosis_set, list(s.code order by s.code) as diagnoses
  from (
    select diagnosis_set, unnest(pointed) as code from core.diagnosis_set where diagnosis_set in (select diagnosis_set from line where area = 'limbs')
  ) d
  join ref.icd10_side s on s.code = d.code and s.side in ('right', 'left')
  group by d.diagnosis_set
),
placed as (
  select l.*, case when l.area = 'limbs' then coalesce(s.diagnoses, []) end as diagnoses
  from line l
  left join sided s on s.diagnosis_set = l.diagnosis_set
),
compared as (
  select l.line_id,
    max(e.service_date) filter (l.area <> 'limbs' or list_has_any(l.diagnoses, e.diagnoses)) as previous_date,
    bool_or(l.diagnoses = [] or e.diagnoses = []) as limb_unknown
  from placed l
  join placed e on e.patient_id = l.patient_id and e.area = l.area and e.service_date < l.service_date
    and e.service_date > l.service_date - l.minimum_days
  group by l.line_id
),
judged as (
  select l.line_id, l.patient_id, l.payer_id, l.billing_npi, l.rendering_npi, l.service_date, l.amount, l.amount_basis, l.area, l.minimum_days,
    c.previous_date,
    case when c.previous_date is not null then 'finding' when c.limb_unknown then 'cannot_tell' else 'pass' end as verdict
  from line l
  left join compared c on c.line_id = l.line_id
)
select line_id,
  case when verdict = 'finding' then concat_ws('|', patient_id, service_date, payer_id, billing_npi, rendering_npi, area) end as subject_key,
  rendering_npi as provider_npi, payer_id, service_date, verdict,
  case when verdict = 'cannot_tell' then 'limb-not-known' end as reason,
  case when verdict = 'finding' then amount end as amount_at_risk,
  amount_basis,
  case when verdict = 'finding' then {
    area: area,
    area_name: case area when 'limbs' then 'same limb' else area end,
    previous_date: previous_date,
    days: service_date - previous_date,
    minimum_days: minimum_days,
    earliest_date: previous_date + minimum_days
  } end as evidence
from judged
