/*---
code: INJ105
name: drug-waste-modifiers-both
status: stable
since: 0.2.0
severity: error
subject: claim_line
partition_by: patient_id
payers: medicare_b
direction: over
reads: [core.drug_line, core.drug_day]
denial_codes:
  - {carc: "4", note: "unconfirmed pairing"}
references:
  - {title: "Medicare Claims Processing Manual (Pub 100-04), chapter 17", section: "40, discarded drugs"}
  - {title: "qpro.com 37314", section: "never JW and JZ for one drug and date (secondary)"}
message: "{procedure_code} ({product}) carries JW and JZ on one day: units were discarded and nothing was discarded."
fix: "Keep JW with the discarded units, or JZ, whichever the drug log supports; the person who gave the drug attests to it."
---
## What it checks
Lines of botulinum toxins in single-dose vials that Medicare Part B did not deny, service dates from 2023-01-01, when JZ began. If the lines of one patient, billing NPI,
payer, date and drug carry both JW and JZ, on one line or on several, all of them are one finding and at risk in whole.

## Why it matters
The two statements contradict each other; a payer can accept neither.

## Known limits
Two vials of one drug for one patient, one of them used up, are still one drug and day: JW alone is expected. Whether the units fit the vials is not judged
as long as both modifiers stand.

## How to answer it
Show the drug log of that day and send the corrected claim.
*/
with judged as (
  select l.line_id, l.patient_id, l.billing_npi, l.rendering_npi, l.payer_id, l.service_date, l.procedure_code, l.product, l.amount, l.amount_basis,
    d.given_units, d.waste_units, d.has_jw and d.has_jz as is_hit
  from core.drug_line l
  join core.drug_day d on d.drug_day = l.drug_day
  where d.payer_class = 'medicare_b' and d.service_date >= date '2023-01-01'
)
select line_id,
  case when is_hit then concat_ws('|', patient_id, service_date, payer_id, billing_npi, procedure_code) end as subject_key,
  rendering_npi as provider_npi, payer_id, service_date,
  case when is_hit then 'finding' else 'pass' end as verdict,
  null as reason,
  case when is_hit then amount end as amount_at_risk,
  amount_basis,
  case when is_hit then {
    procedure_code: procedure_code,
    product: product,
    given_units: rtrim(rtrim(cast(given_units as varchar), '0'), '.'),
    waste_units: rtrim(rtrim(cast(waste_units as varchar), '0'), '.')
  } end as evidence
from judged
