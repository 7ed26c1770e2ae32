/*---
code: INJ104
name: drug-waste-modifier-missing
status: stable
since: 0.2.0
severity: error
subject: claim_line
partition_by: patient_id
payers: medicare_b
direction: over
reads: [core.drug_line, core.drug_day, ref.place_rule]
denial_codes:
  - {carc: "16", rarc: "N822", note: "unconfirmed pairing"}
  - {carc: "16", rarc: "MA130", note: "unconfirmed pairing"}
references:
  - {title: "Medicare Claims Processing Manual (Pub 100-04), chapter 17", section: "40, discarded drugs"}
  - {title: "CGS cope134488", section: "JZ required for dates of service from 2023-07-01"}
message: "{procedure_code} ({product}) comes in single-dose vials, and no line of it on that day that was not denied carries JW or JZ."
fix: "Add JZ if nothing was thrown away, or bill the discarded units on a line of their own with JW; the person who gave the drug attests to which."
---
## What it checks
Lines of botulinum toxins in single-dose vials that Medicare Part B did not deny, service dates from 2023-07-01. If no line of that patient, billing NPI, payer,
date and drug carries JW (discarded) or JZ (nothing discarded), each of them is a finding and at risk in whole. Not examined: hospital inpatients, federally qualified
health centers and rural health clinics (places of service 21, 50 and 72).

## Why it matters
Since October 2023 Medicare may return such a claim; a paid one does not say what was done with the rest of the vial.

## Known limits
A JW or JZ line that was denied does not count. Before 2023-07-01 no line had to say that nothing was thrown away. Other payers' own rules are not known.

## How to answer it
Show the drug log of that day and send the corrected claim.
*/
with judged as (
  select l.line_id, l.rendering_npi, l.payer_id, l.service_date, l.procedure_code, l.product, l.amount, l.amount_basis, d.given_units,
    not d.has_jw and not d.has_jz as is_hit
  from core.drug_line l
  join core.drug_day d on d.drug_day = l.drug_day
  left join ref.place_rule p on p.rule = 'no_waste_modifier' and p.place_of_service = l.place_of_service
  where d.payer_class = 'medicare_b' and d.service_date >= date '2023-07-01' and p.place_of_service is null
)
select line_id, rendering_npi as provider_npi, payer_id, service_date,
  case when is_hit then 'finding' else 'pass' end as verdict,
  null as reason,
  case when is_hit then amount end as amount_at_risk,
  amount_basis,
  case when is_hit then {
    procedure_code: procedure_code,
    product: product,
    units_day: rtrim(rtrim(cast(given_units as varchar), '0'), '.')
  } end as evidence
from judged
