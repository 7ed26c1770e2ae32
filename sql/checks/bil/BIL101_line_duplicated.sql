/*---
code: BIL101
name: line-duplicated
status: stable
since: 0.1.0
severity: error
subject: claim_line
partition_by: patient_id
payers: all
direction: over
reads: [core.claim_line, core.repeated_line]
denial_codes:
  - {carc: "18", note: "exact repeat"}
references:
  - {title: "NGS Medicare remittance messages, article 1860421", section: "what counts as an exact repeat (CARC 18)"}
message: "This line of {procedure_code} repeats another line in every billed field (copy {copy} of {copies})."
fix: "Void or refund the copy if the service was given once; if it was given twice, correct units or modifiers so that the record shows it."
---
## What it checks
Lines that were not denied and are equal to another surviving line, on the same or another claim, in patient, payer, billing and
rendering NPI, service date, code, modifiers in order, units, charge and drug code. The first by received date, claim and line
stands; every other one is a finding and at risk in whole. Replaced and voided claims are out before the comparison.

## Why it matters
A service paid twice has to be paid back; a payer that sees the repeat denies it.

## Known limits
A blank field equals a blank field: where a source has no charges the comparison rests on the rest. Two therapists' equal services
under one rendering NPI look the same as a repeat. A correction sent as a new claim, without a link to the one it corrects, is reported
here if it changed none of these fields.

## How to answer it
Show two separate services in the notes of the day, or that one of the claims was voided and is missing from the data.
*/
with repeat as (
  select r.line_id,
    row_number() over same as copy,
    count(*) over (partition by r.group_id, l.modifiers, l.units, l.charge_amount, l.ndc) as copies,
    first(l.claim_id) over same as first_claim_id,
    first(l.line_number) over same as first_line_number
  from core.claim_line l
  join core.repeated_line r on l.line_id = r.line_id
  window same as (partition by r.group_id, l.modifiers, l.units, l.charge_amount, l.ndc order by r.line_order)
)
select l.line_id, l.rendering_npi as provider_npi, l.payer_id, l.service_date,
  case when r.copy > 1 then 'finding' else 'pass' end as verdict,
  null as reason,
  case when r.copy > 1 then l.amount end as amount_at_risk,
  l.amount_basis,
  case when r.copy > 1 then {
    procedure_code: l.procedure_code,
    modifiers: array_to_string(l.modifiers, ' '),
    units: rtrim(rtrim(cast(l.units as varchar), '0'), '.'),
    charge_amount: l.charge_amount,
    copy: r.copy,
    copies: r.copies,
    first_claim_id: r.first_claim_id,
    first_line_number: r.first_line_number
  } end as evidence
from core.claim_line l
left join repeat r on r.line_id = l.line_id
where not l.is_denied
