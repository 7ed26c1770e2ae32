/*---
code: INJ107
name: drug-waste-above-vial
status: stable
since: 0.2.0
severity: error
subject: claim_line
partition_by: patient_id
payers: medicare_b
direction: over
reads: [core.drug_line, core.drug_day]
references:
  - {title: "Medicare Claims Processing Manual (Pub 100-04), chapter 17", section: "40, discarded drugs"}
  - {title: "CGS cope140894", section: "smallest vials that hold the dose"}
message: "{waste_units} units of {procedure_code} ({product}) are billed as discarded; with {given_units} given, the smallest sum of vials ({vials} units) leaves {rest_units}."
fix: "Correct the JW units to {rest_units}, or the units given, to what the drug log supports; the person who gave the drug attests to it."
---
## What it checks
Lines with JW of botulinum toxins in single-dose vials that Medicare Part B did not deny, service dates from 2017-01-01, where no line of that patient, billing NPI, payer,
date and drug carries JZ. Discarded units above what the smallest sum of whole vials leaves after the units given are one finding on the lines with JW; the units
above it are at risk, taken from the last line first, at the line's own amount per unit (else the Medicare payment limit of the quarter).
Units that are no positive whole number are `units-not-billable`.

## Why it matters
Medicare pays for the discarded rest of the smallest vials that hold the dose, not for more.

## Known limits
Vial sizes come from public pages and are the same for all years; the drug code of the package (NDC) is not used. A size that no source confirms could only leave a
smaller rest, so that it makes no finding and hides none. A size out of stock on that day is not known. Units given on a denied line are
missing from the sum.

## How to answer it
Show the drug log with the vials that were opened, and why smaller ones were not used.
*/
with line as (
  select l.line_id, l.patient_id, l.billing_npi, l.rendering_npi, l.payer_id, l.service_date, l.procedure_code, l.product, l.units, l.amount, l.amount_basis,
    d.given_units, d.waste_units, d.vials, d.is_countable, d.confirmed_fill_given - d.given_units as rest_units,
    coalesce(sum(l.units) over (partition by l.drug_day order by l.line_order rows between 1 following and unbounded following), 0) as units_later
  from core.drug_line l
  join core.drug_day d on d.drug_day = l.drug_day
  where l.is_waste and not d.has_jz and d.payer_class = 'medicare_b' and d.service_date >= date '2017-01-01'
),
judged as (
  select line_id, patient_id, billing_npi, rendering_npi, payer_id, service_date, procedure_code, product, units, amount, amount_basis, given_units, waste_units,
    vials, rest_units, least(units, greatest(waste_units - rest_units - units_later, 0)) as lost,
    case when not is_countable then 'cannot_tell' when waste_units > rest_units then 'finding' else 'pass' end as verdict
  from line
)
select line_id,
  case when verdict = 'finding' then concat_ws('|', patient_id, service_date, payer_id, billing_npi, procedure_code) end as subject_key,
  rendering_npi as provider_npi, payer_id, service_date, verdict,
  case when verdict = 'cannot_tell' then 'units-not-billable' end as reason,
  case when verdict = 'finding' then cents(amount * lost / units) end as amount_at_risk,
  amount_basis,
  case when verdict = 'finding' then {
    procedure_code: procedure_code,
    product: product,
    given_units: cast(given_units as bigint),
    waste_units: cast(waste_units as bigint),
    rest_units: cast(rest_units as bigint),
    excess_units: cast(waste_units - rest_units as bigint),
    vials: vials
  } end as evidence
from judged
