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
needs: [diagnosis_1, ref.icd10_excludes1]
reads: [core.claim_line, core.claim_diagnosis, ref.icd10_excludes1]
denial_codes:
  - {carc: "16", rarc: "M76", note: "unconfirmed pairing"}
references:
  - {title: "ICD-10-CM tabular list", section: "Excludes1 notes"}
  - {title: "ICD-10-CM official guidelines", section: "I.A.12.a"}
message: "Diagnoses {diagnosis_a} and {diagnosis_b} stand on one claim, and the list keeps them apart (Excludes1 at {noted_at})."
fix: "Keep the one that the record supports, or show that the two conditions are unrelated."
---
## What it checks
Claims with service dates from 2015-10-01 and more than one code on their lines, denied lines left out. Two diagnoses of which one is named by an Excludes1 note of the other, or of a category,
section or chapter above it, are a finding without an amount, once for each pair and claim. The notes are those of a fiscal year; where the claim's first date of service lies in no loaded one, the answer is `no-reference-for-date`.

## Why it matters
Excludes1 says that the two are not reported together.

## Known limits
The guidelines allow both codes when the conditions are unrelated, which only the record can show. The shipped notes are those of fiscal year 2026.

## How to answer it
Show in the record that the two conditions are unrelated.
*/
with used as (
  select distinct unnest(codes) as code from core.claim_diagnosis
),
note as (
  select row_number() over (order by code_low, code_high, excluded_low, excluded_high, valid_from) as note_no, code_low, code_high, excluded_low, excluded_high,
    valid_from, valid_to
  from ref.icd10_excludes1
),
-- a stem stands for all codes below it; each code is compared with the notes once
carries as (
  select u.code, n.note_no, n.valid_from, n.valid_to, case when n.code_low = n.code_high then n.code_low else n.code_low || '-' || n.code_high end as noted_at
  from used u join note n on u.code >= n.code_low and left(u.code, len(n.code_high)) <= n.code_high
),
is_named as (
  select u.code, n.note_no from used u join note n on u.code >= n.excluded_low and left(u.code, len(n.excluded_high)) <= n.excluded_high
),
-- claims share few lists
listed as (
  select codes, unnest(codes) as code from (select distinct codes from core.claim_diagnosis)
),
together as (
  select a.codes, a.code as code_a, b.code as code_b from listed a join listed b on b.codes = a.codes and a.code < b.code
),
met as (
  select distinct code_a, code_b from together
),
pair as (
  select code_a, code_b, valid_from, valid_to, min(noted_at) as noted_at
  from (
    select m.code_a, m.code_b, c.valid_from, c.valid_to, c.noted_at
    from met m join carries c on c.code = m.code_a join is_named n on n.code = m.code_b and n.note_no = c.note_no
    union all
    select m.code_a, m.code_b, c.valid_from, c.valid_to, c.noted_at
    from met m join carries c on c.code = m.code_b join is_named n on n.code = m.code_a and n.note_no = c.note_no
  )
  group by code_a, code_b, valid_from, valid_to
),
bad as (
  select t.codes, t.code_a, t.code_b, p.valid_from, p.valid_to, p.noted_at
  from together t join pair p on p.code_a = t.code_a and p.code_b = t.code_b
),
loaded as (select distinct valid_from, valid_to from ref.icd10_excludes1),
judged as (
  select c.claim_id, c.patient_id, c.payer_id, c.billing_npi, c.provider_npi, c.service_date, p.code_a, p.code_b, p.noted_at,
    case when p.code_a is not null then 'finding' when y.valid_from is null then 'cannot_tell' else 'pass' end as verdict
  from core.claim_diagnosis c
  left join loaded y on y.valid_from <= c.service_date and (y.valid_to is null or c.service_date < y.valid_to)
  left join bad p on p.codes = c.codes and p.valid_from <= c.service_date and (p.valid_to is null or c.service_date < p.valid_to)
  where len(c.codes) > 1
),
line as (
  select j.claim_id, j.patient_id, j.payer_id, list({line_id: l.line_id, amount: 0.00::decimal(12, 2)} order by l.line_number, l.line_id) as line_shares
  from core.claim_line l
  join (select distinct claim_id, patient_id, payer_id from judged where verdict = 'finding') j on l.claim_id = j.claim_id and l.patient_id = j.patient_id and l.payer_id = j.payer_id
  where not l.is_denied
  group by j.claim_id, j.patient_id, j.payer_id
)
select concat_ws('|', j.patient_id, j.payer_id, j.billing_npi, j.service_date, j.code_a, j.code_b) as subject_key,
  j.billing_npi, j.patient_id, j.provider_npi, j.payer_id, j.service_date, j.verdict,
  case when j.verdict = 'cannot_tell' then 'no-reference-for-date' end as reason,
  case when j.verdict = 'finding' then 0.00::decimal(12, 2) end as amount_at_risk,
  'none' as amount_basis,
  l.line_shares,
  case when j.verdict = 'finding' then {
    diagnosis_a: dotted(j.code_a),
    diagnosis_b: dotted(j.code_b),
    noted_at: j.noted_at
  } end as evidence
from judged j
left join line l on l.claim_id = j.claim_id and l.patient_id = j.patient_id and l.payer_id = j.payer_id
