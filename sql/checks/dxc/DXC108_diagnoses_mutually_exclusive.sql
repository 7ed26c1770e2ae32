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
with listed as (
  -- lines of one claim share their diagnoses and differ in what they point at: a list is the same whatever the pointers
  select diagnosis_set, min(diagnosis_set) over (partition by diagnoses) as list_id
  from core.diagnosis_set
  where len(list_filter(diagnoses, lambda d: d <> '')) > 1
),
claim as (
  select l.claim_id, l.patient_id, l.payer_id, l.billing_npi, min(l.service_date) as service_date, list(l.line_id) as line_ids,
    arg_min(l.rendering_npi, (l.line_number, l.line_id)) as provider_npi, list(distinct s.list_id) as lists
  from core.claim_line l
  join listed s on s.diagnosis_set = l.diagnosis_set
  where not l.is_denied and l.service_date >= date '2015-10-01'
  group by l.claim_id, l.patient_id, l.payer_id, l.billing_npi
),
-- each list of diagnoses is looked at once; a stem stands for all codes below it
pair as (
  select a.diagnosis_set as list_id, least(a.code, b.code) as code_a, greatest(a.code, b.code) as code_b, e.valid_from, e.valid_to,
    min(case when e.code_low = e.code_high then e.code_low else e.code_low || '-' || e.code_high end) as noted_at
  from core.diagnosis a
  join core.diagnosis b on b.diagnosis_set = a.diagnosis_set and b.code <> a.code
  join ref.icd10_excludes1 e on a.code >= e.code_low and left(a.code, len(e.code_high)) <= e.code_high
    and b.code >= e.excluded_low and left(b.code, len(e.excluded_high)) <= e.excluded_high
  where a.diagnosis_set in (select list_id from listed)
  group by all
),
loaded as (select distinct valid_from, valid_to from ref.icd10_excludes1),
hit as (
  select c.claim_id, c.patient_id, c.payer_id, c.billing_npi, c.service_date, c.provider_npi, c.line_ids, p.code_a, p.code_b, min(p.noted_at) as noted_at
  from (select * exclude (lists), unnest(lists) as list_id from claim) c
  join pair p on p.list_id = c.list_id and p.valid_from <= c.service_date and (p.valid_to is null or c.service_date < p.valid_to)
  group by c.claim_id, c.patient_id, c.payer_id, c.billing_npi, c.service_date, c.provider_npi, c.line_ids, p.code_a, p.code_b
),
judged as (
  select patient_id, payer_id, billing_npi, service_date, provider_npi, line_ids, code_a, code_b, noted_at, 'finding' as verdict from hit
  union all
  select c.patient_id, c.payer_id, c.billing_npi, c.service_date, c.provider_npi, c.line_ids, null, null, null,
    case when y.valid_from is null then 'cannot_tell' else 'pass' end
  from claim c
  anti join hit h on h.claim_id = c.claim_id and h.patient_id = c.patient_id and h.payer_id = c.payer_id and h.billing_npi = c.billing_npi
  left join loaded y on y.valid_from <= c.service_date and (y.valid_to is null or c.service_date < y.valid_to)
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
