/*---
code: BIL102
name: line-nearly-duplicated
status: stable
since: 0.1.0
severity: review
subject: claim_line
partition_by: patient_id
payers: all
direction: none
reads: [core.claim_line, core.repeated_line]
denial_codes:
  - {carc: "18", note: "exact repeat, as a payer that ignores the charge sees it"}
references:
  - {title: "NGS Medicare remittance messages, article 1860421", section: "what counts as an exact repeat (CARC 18)"}
message: "This line of {procedure_code} repeats another line but for {difference}."
fix: "Check whether the service was given once; if so, void the line that is wrong."
---
## What it checks
Lines that were not denied and are equal to another surviving line, on the same or another claim, in patient, payer, billing and
rendering NPI, service date, code, units, drug code and set of modifiers, while the charge or the order of the modifiers differs. The
first by received date, claim and line stands; every other one is for review, unless it is an exact repeat (BIL101).

## Why it matters
A claim sent again after a change of price or by hand is often paid twice, because it escapes the payer's test for exact repeats.

## Known limits
The same service may have been given twice that day. Lines whose set of modifiers differs are never reported here, whether or not the
modifier sets them apart; no money is put in question.

## How to answer it
Show two separate services in the notes of the day, or void the wrong line.
*/
with repeat as (
  select r.line_id, r.group_id, r.line_order, list_sort(l.modifiers) as modifier_set, l.units, l.ndc,
    row_number() over (partition by r.group_id, l.modifiers, l.units, l.charge_amount, l.ndc order by r.line_order) as exact_copy,
    first(l.claim_id) over near as first_claim_id,
    first(l.line_number) over near as first_line_number,
    first(l.charge_amount) over near as first_charge_amount,
    first(l.modifiers) over near as first_modifiers
  from core.claim_line l
  join core.repeated_line r on l.line_id = r.line_id
  window near as (partition by r.group_id, list_sort(l.modifiers), l.units, l.ndc order by r.line_order)
),
-- the nth way of writing one service: which of its lines comes first may change with the claim numbers, and how many ways there are does not
way as (
  select *, row_number() over (partition by group_id, modifier_set, units, ndc order by line_order) as nth from repeat where exact_copy = 1
),
judged as (
  select l.line_id, l.rendering_npi as provider_npi, l.payer_id, l.service_date, l.procedure_code, l.modifiers, l.units, l.charge_amount,
    r.first_claim_id, r.first_line_number, r.first_charge_amount, r.first_modifiers,
    coalesce(r.nth > 1, false) as found,
    case when r.nth > 1 then concat_ws('|', l.patient_id, l.payer_id, l.billing_npi, l.rendering_npi, l.service_date, l.procedure_code, r.modifier_set, l.units, l.ndc, r.nth) end as subject_key
  from core.claim_line l
  left join way r on r.line_id = l.line_id
  where not l.is_denied
)
select line_id, subject_key, provider_npi, payer_id, service_date,
  case when found then 'finding' else 'pass' end as verdict,
  null as reason,
  case when found then cast(0 as decimal(12, 2)) end as amount_at_risk,
  'none' as amount_basis,
  case when found then {
    procedure_code: procedure_code,
    difference: case when modifiers = first_modifiers then 'the charge'
      when charge_amount is not distinct from first_charge_amount then 'the order of the modifiers'
      else 'the charge and the order of the modifiers' end,
    modifiers: array_to_string(modifiers, ' '),
    first_modifiers: array_to_string(first_modifiers, ' '),
    units: rtrim(rtrim(cast(units as varchar), '0'), '.'),
    charge_amount: charge_amount,
    first_charge_amount: first_charge_amount,
    first_claim_id: first_claim_id,
    first_line_number: first_line_number
  } end as evidence
from judged
