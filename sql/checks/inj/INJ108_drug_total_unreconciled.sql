/*---
code: INJ108
name: drug-total-unreconciled
status: stable
since: 0.2.0
severity: review
subject: claim_line
partition_by: patient_id
payers: medicare_b
direction: none
reads: [core.drug_line, core.drug_day]
references:
  - {title: "Medicare Claims Processing Manual (Pub 100-04), chapter 17", section: "40, discarded drugs"}
  - {title: "CGS cope140894", section: "given and discarded units up to the label of the container"}
message: "{given_units} units of {procedure_code} ({product}) given and {waste_units} discarded make {total_units}, which is no sum of whole vials ({vials} units)."
fix: "Compare both numbers with the drug log and correct the one that is wrong; the person who gave the drug attests to it."
---
## What it checks
Lines with JW of botulinum toxins in single-dose vials that Medicare Part B did not deny, service dates from 2017-01-01, where no line of that patient, billing NPI, payer,
date and drug carries JZ. Units given and units discarded that together are no sum of whole vials are a finding without an amount, shared by
the lines with JW. Waste above what the smallest vials leave is INJ107's alone and passes here. A sum that needs a vial size which no source
confirms is `vial-size-unconfirmed`; units that are no positive whole number are `units-not-billable`.

## Why it matters
A vial is either given or thrown away: a total that fits no vials means that one of the two numbers is not supported.

## Known limits
Vial sizes come from public pages and are the same for all years; the drug code of the package (NDC) is not used. Where less was billed as discarded than the vials leave, INJ109
reports it as well.

## How to answer it
Show the drug log: vials opened, units given, units discarded.
*/
with judged as (
  select l.line_id, l.patient_id, l.billing_npi, l.rendering_npi, l.payer_id, l.service_date, l.procedure_code, l.product, d.given_units, d.waste_units, d.vials,
    -- as much as the vials leave makes whole vials, more is INJ107's, and less never makes whole confirmed vials: they would have held the units given
    case when not d.is_countable then 'units-not-billable' when d.waste_units >= d.confirmed_fill_given - d.given_units then 'fits'
      when d.any_fill_total = d.given_units + d.waste_units then 'vial-size-unconfirmed' else 'open' end as outcome
  from core.drug_line l
  join core.drug_day d on d.drug_day = l.drug_day
  where l.is_waste and not d.has_jz and d.payer_class = 'medicare_b' and d.service_date >= date '2017-01-01'
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
    given_units: cast(given_units as bigint),
    waste_units: cast(waste_units as bigint),
    total_units: cast(given_units + waste_units as bigint),
    vials: vials
  } end as evidence
from judged
