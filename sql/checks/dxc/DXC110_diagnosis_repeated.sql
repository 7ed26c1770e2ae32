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
reads: [core.claim_line, core.claim_diagnosis]
references:
  - {title: "ICD-10-CM official guidelines", section: "I.B.12, a code is reported once"}
message: "Diagnosis {diagnosis} stands {times} times on one claim."
fix: "Keep it once, and point the lines at it."
---
## What it checks
Claims with service dates from 2015-10-01 and several diagnoses, denied lines left out. A diagnosis that stands in several positions is listed, once for each claim
and diagnosis, without an amount. That each line of the layout repeats the claim's diagnoses is no repeat.

## Why it matters
The repeat takes a place that another diagnosis may need, and can point to a mistake in the export.

## Known limits
Capitals and the dot do not matter.

## How to answer it
Nothing has to be answered; correct the template that fills the claim.
*/
with judged as (
  select claim_id, patient_id, payer_id, billing_npi, provider_npi, service_date, unnest(repeated) as r
  from core.claim_diagnosis where repeated is not null
),
line as (
  select j.claim_id, j.patient_id, j.payer_id, list({line_id: l.line_id, amount: 0.00::decimal(12, 2)} order by l.line_number, l.line_id) as line_shares
  from core.claim_line l
  join (select distinct claim_id, patient_id, payer_id from judged) j on l.claim_id = j.claim_id and l.patient_id = j.patient_id and l.payer_id = j.payer_id
  where not l.is_denied
  group by j.claim_id, j.patient_id, j.payer_id
)
select concat_ws('|', j.patient_id, j.payer_id, j.billing_npi, j.service_date, j.r.code) as subject_key, j.billing_npi, j.patient_id, j.provider_npi, j.payer_id,
  j.service_date, 'finding' as verdict, null as reason, 0.00::decimal(12, 2) as amount_at_risk, 'none' as amount_basis, l.line_shares,
  {
    diagnosis: dotted(j.r.code),
    times: j.r.times
  } as evidence
from judged j
join line l on l.claim_id = j.claim_id and l.patient_id = j.patient_id and l.payer_id = j.payer_id
union all
select concat_ws('|', patient_id, payer_id, billing_npi, service_date), billing_npi, patient_id, provider_npi, payer_id, service_date, 'pass', null, null, 'none', null, null
from core.claim_diagnosis where repeated is null
