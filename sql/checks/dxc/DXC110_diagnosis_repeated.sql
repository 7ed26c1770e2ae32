/*---
code: DXC110
name: diagnosis-repeated
status: stable
since: 0.2.0
severity: info
subject: claim
partition_by: patient_id
payers: all
direction: none
needs: [diagnosis_1]
reads: [core.claim_line, core.diagnosis, core.diagnosis_set]
references:
  - {title: "ICD-10-CM official guidelines", section: "I.B.12, a code is reported once"}
message: "Diagnosis {diagnosis} stands {times} times on one claim."
fix: "Keep it once, and point the lines at it."
---
## What it checks
Claims with service dates from 2015-10-01 and more than one diagnosis, denied lines left out. A diagnosis that stands in several positions is listed, once for each claim
and diagnosis, without an amount.

## Why it matters
The repeat takes a place that another diagnosis may need, and can point to a mistake in the export.

## Known limits
Capitals and the dot do not matter.

## How to answer it
Nothing has to be answered; correct the template that fills the claim.
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
repeated as (
  select diagnosis_set as list_id, code, count(*) as times
  from core.diagnosis where diagnosis_set in (select list_id from listed)
  group by diagnosis_set, code having count(*) > 1
),
hit as (
  select c.claim_id, c.patient_id, c.payer_id, c.billing_npi, c.service_date, c.provider_npi, c.line_ids, r.code, max(r.times) as times
  from (select * exclude (lists), unnest(lists) as list_id from claim) c
  join repeated r on r.list_id = c.list_id
  group by c.claim_id, c.patient_id, c.payer_id, c.billing_npi, c.service_date, c.provider_npi, c.line_ids, r.code
),
judged as (
  select patient_id, payer_id, billing_npi, service_date, provider_npi, line_ids, code, times from hit
  union all
  select c.patient_id, c.payer_id, c.billing_npi, c.service_date, c.provider_npi, c.line_ids, null, null
  from claim c
  anti join hit h on h.claim_id = c.claim_id and h.patient_id = c.patient_id and h.payer_id = c.payer_id and h.billing_npi = c.billing_npi
)
select concat_ws('|', patient_id, payer_id, billing_npi, service_date, code) as subject_key,
  billing_npi, patient_id, provider_npi, payer_id, service_date,
  case when code is not null then 'finding' else 'pass' end as verdict,
  null as reason,
  case when code is not null then 0.00::decimal(12, 2) end as amount_at_risk,
  'none' as amount_basis,
  case when code is not null then list_transform(list_sort(line_ids), lambda i: {line_id: i, amount: 0.00::decimal(12, 2)}) end as line_shares,
  case when code is not null then {
    diagnosis: case when len(code) > 3 then left(code, 3) || '.' || substr(code, 4) else code end,
    times: times
  } end as evidence
from judged
