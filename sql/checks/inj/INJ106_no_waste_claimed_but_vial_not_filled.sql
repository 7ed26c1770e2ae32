/*---
code: INJ106
name: no-waste-claimed-but-vial-not-filled
status: stable
since: 0.2.0
severity: error
subject: claim_line
partition_by: patient_id
payers: medicare_b
direction: none
reads: [core.drug_line, core.drug_day]
references:
  - {title: "Medicare Claims Processing Manual (Pub 100-04), chapter 17", section: "40, discarded drugs"}
  - {title: "CGS cope140894", section: "smallest vials that hold the dose; rounding to whole billed units"}
message: "JZ says that nothing of {product} was discarded; {given_units} billed units of {procedure_code} are no sum of whole vials ({vials} units)."
fix: "If the rest of the vial was thrown away, bill {unused_units} units with JW and take JZ off; if the units are wrong, correct them. The drug log decides."
---
## What it checks
Lines with JZ of botulinum toxins in single-dose vials that Medicare Part B did not deny, service dates from 2023-01-01, where no line of that patient, billing NPI, payer,
date and drug carries JW. The billed units of the day are compared with the sizes of vials: no sum of whole vials is a finding, without an amount.
A sum that needs a vial size which no source confirms is `vial-size-unconfirmed`; units that are no positive whole number are `units-not-billable`.

## Why it matters
A dose that does not empty its vials leaves a rest: JZ contradicts the record of the drug, and the waste goes unbilled.

## Known limits
Vial sizes come from public pages and are the same for all years. The drug code of the package (NDC) is not used. A dose is rounded up to whole billed units, which
this comparison allows for. A vial shared between patients, which single-dose vials do not allow, looks the same.

## How to answer it
Show the drug log: vials opened, units given, units discarded.
*/
with judged as (
  select l.line_id, l.patient_id, l.billing_npi, l.rendering_npi, l.payer_id, l.service_date, l.procedure_code, l.product, d.given_units, d.vials,
    d.confirmed_fill_given,
    case when not d.is_countable then 'units-not-billable' when d.confirmed_fill_given = d.given_units then 'fits'
      when d.any_fill_given = d.given_units then 'vial-size-unconfirmed' else 'open' end as outcome
  from core.drug_line l
  join core.drug_day d on d.drug_day = l.drug_day
  where l.has_jz and not d.has_jw and d.payer_class = 'medicare_b' and d.service_date >= date '2023-01-01'
)
select line_id,
  case when outcome = 'open' then concat_ws('|', patient_id, service_date, payer_id, billing_npi, procedure_code) end as subject_key,
  rendering_npi as provider_npi, payer_id, service_date,
  case outcome when 'open' then 'finding' when 'fits' then 'pass' else 'cannot_tell' end as verdict,
  case when outcome not in ('open', 'fits') then outcome end as reason,
  case when outcome = 'open' then cast(0 as decimal(12, 2)) end as amount_at_risk,
  'none' as amount_basis,
  case when outcome = 'open' then {
    procedure_code: procedure_code,
    product: product,
    given_units: cast(given_units as integer),
    vials: vials,
    unused_units: confirmed_fill_given - cast(given_units as bigint)
  } end as evidence
from judged
