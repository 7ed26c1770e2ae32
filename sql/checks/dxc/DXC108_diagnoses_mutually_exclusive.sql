/*---
code: DXC108
name: diagnoses-mutually-exclusive
status: stable
since: 0.2.0
severity: review
subject: claim
partition_by: patient_id
payers: all
direction: none
needs: [diagnosis_1]
reads: [core.claim_line, core.diagnosis, core.diagnosis_set, ref.icd10_excludes1]
denial_codes:
  - {carc: "16", rarc: "M76", note: "unconfirmed pairing"}
references:
  - {title: "ICD-10-CM tabular list", section: "Excludes1 notes"}
  - {title: "ICD-10-CM official guidelines", section: "I.A.12.a"}
message: "Diagnoses {diagnosis_a} and {diagnosis_b} stand on one claim, and the list keeps them apart (Excludes1 at {noted_at})."
fix: "Keep the one that the record supports, or show that the two conditions are unrelated."
---
## What it checks
Claims with service dates from 2015-10-01 and more than one diagnosis, denied lines left out. Two diagnoses of which one is named by an Excludes1 note of the other, or of a category,
section or chapter above it, are a finding without an amount, once for each pair and claim. The notes are those of a fiscal year; on other dates the answer is `no-reference-for-date`.

## Why it matters
Excludes1 says that the two are not reported together.

## Known limits
The guidelines allow both codes when the conditions are unrelated, which only the record can show. The shipped notes are those of fiscal year 2026.

## How to answer it
Show in the record that the two conditions are unrelated.
*/
with claim as (
  select claim_id, patient_id, payer_id, billing_npi, diagnosis_set, min(service_date) as service_date, list(line_id) as line_ids,
    arg_min(rendering_npi, (line_number, line_id)) as provider_npi
  from core.claim_line
  where not is_denied and service_date >= date '2015-10-01'
    and diagnosis_set in (select diagnosis_set from core.diagnosis_set where len(list_filter(diagnoses, lambda d: d <> '')) > 1)
  group by claim_id, patient_id, payer_id, billing_npi, diagnosis_set
),
-- each list of diagnoses is looked at once; a stem stands for all codes below it
pair as (
  select a.diagnosis_set, least(a.code, b.code) as code_a, greatest(a.code, b.code) as code_b, e.valid_from, e.valid_to,
    min(case when e.code_low = e.code_high then e.code_low else e.code_low || '-' || e.code_high end) as noted_at
  from core.diagnosis a
  join core.diagnosis b on b.diagnosis_set = a.diagnosis_set and b.code <> a.code
  join ref.icd10_excludes1 e on a.code >= e.code_low and left(a.code, len(e.code_high)) <= e.code_high
    and b.code >= e.excluded_low and left(b.code, len(e.excluded_high)) <= e.excluded_high
  group by all
),
loaded as (select distinct valid_from, valid_to from ref.icd10_excludes1),
judged as (
  select c.claim_id, c.patient_id, c.payer_id, c.billing_npi, c.service_date, c.provider_npi, c.line_ids, p.code_a, p.code_b, p.noted_at,
    case when p.code_a is not null then 'finding' when y.valid_from is null then 'cannot_tell' else 'pass' end as verdict
  from claim c
  left join loaded y on y.valid_from <= c.service_date and (y.valid_to is null or c.service_date < y.valid_to)
  left join pair p on p.diagnosis_set = c.diagnosis_set and p.valid_from <= c.service_date and (p.valid_to is null or c.service_date < p.valid_to)
)
select concat_ws('|', patient_id, payer_id, billing_npi, service_date, code_a, code_b) as subject_key,
  billing_npi, patient_id, provider_npi, payer_id, service_date, verdict,
  case when verdict = 'cannot_tell' then 'no-reference-for-date' end as reason,
  case when verdict = 'finding' then 0.00::decimal(12, 2) end as amount_at_risk,
  'none' as amount_basis,
  case when verdict = 'finding' then list_transform(list_sort(line_ids), lambda i: {line_id: i, amount: 0.00::decimal(12, 2)}) end as line_shares,
  case when verdict = 'finding' then {
    diagnosis_a: left(code_a, 3) || '.' || substr(code_a, 4),
    diagnosis_b: left(code_b, 3) || '.' || substr(code_b, 4),
    noted_at: noted_at
  } end as evidence
from judged
